// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace vaco {

/// Numbers in sentences for people, the same in every locale; what a command or a file is given is written by
/// to_text() (param_spec.h).
/// "3,000,000": thousands parted by commas in every locale.
std::string grouped(int64_t value);
/// Whole numbers below 10^15 as grouped() does, others as short as tells them exactly: "0.0003", "1e+300".
std::string readable(double value);
/// "1 to 3,000,000", "from 1", "up to 0.9"; empty where neither bound is finite.
std::string readable_range(double low, double high);
/// "12.35": so many digits behind the point; "–" for what is no finite number.
std::string fixed(double value, int digits);
/// As fixed() does below a billion; beyond, where digits would fill a column, as significant() with 4 digits.
std::string fixed_or_short(double value, int digits);
/// "0.3047", "1e+30", "nan": so many significant digits at most.
std::string significant(double value, int digits);
/// What a person has typed for a number, in the one spelling that programs read: "0,5" and "1.234,5" become
/// "0.5" and "1234.5", and of a whole number "1,000,000" and "1.000.000" become "1000000". Other text stays.
std::string plain_number(std::string_view typed, bool whole);
/// "8.3 s", "3 min 20 s", "1 h 05 min"; seconds below 0 count as 0.
std::string duration_text(double seconds);

}  // namespace vaco
