// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace vaco {

/// "12.35": so many digits behind the point; "–" for what is no finite number.
std::string fixed(double value, int digits);

}  // namespace vaco
