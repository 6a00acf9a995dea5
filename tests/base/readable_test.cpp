// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/readable.h"

#include <gtest/gtest.h>

#include <clocale>
#include <limits>
#include <utility>

namespace vaco {
namespace {

constexpr double kNone = std::numeric_limits<double>::infinity();

TEST(Readable, ThousandsAreParted) {
  EXPECT_EQ(grouped(0), "0");
  EXPECT_EQ(grouped(999), "999");
  EXPECT_EQ(grouped(1000), "1,000");
  EXPECT_EQ(grouped(-999), "-999");
  EXPECT_EQ(grouped(-123456), "-123,456");
  EXPECT_EQ(grouped(std::numeric_limits<int64_t>::min()), "-9,223,372,036,854,775,808");
}

TEST(Readable, WholeNumbersHaveNoExponent) {
  EXPECT_EQ(readable(3e6), "3,000,000");
  EXPECT_EQ(readable(-0.0), "0");
  EXPECT_EQ(readable(3e-4), "0.0003");
  EXPECT_EQ(readable(2.5), "2.5");
  EXPECT_EQ(readable(1e300), "1e+300");
  EXPECT_EQ(readable(kNone), "inf");
}

TEST(Readable, RangesNameTheBoundsThatThereAre) {
  EXPECT_EQ(readable_range(1, 3e6), "1 to 3,000,000");
  EXPECT_EQ(readable_range(1000, kNone), "from 1,000");
  EXPECT_EQ(readable_range(-kNone, 0.9), "up to 0.9");
  EXPECT_EQ(readable_range(-kNone, kNone), "");
}

TEST(Readable, DurationsTakeTwoUnitsAtMost) {
  EXPECT_EQ(duration_text(-1), "0 s");
  EXPECT_EQ(duration_text(8.26), "8.3 s");
  EXPECT_EQ(duration_text(59.96), "1 min 00 s");
  EXPECT_EQ(duration_text(65), "1 min 05 s");
  EXPECT_EQ(duration_text(3599.6), "1 h 00 min");
  EXPECT_EQ(duration_text(3900), "1 h 05 min");
}

/// A locale whose decimal separator is a comma, if the machine has one.
class CommaLocale {
 public:
  CommaLocale() {
    for (const char* name : {"de_DE.UTF-8", "fr_FR.UTF-8", "tr_TR.UTF-8", "fa_IR.UTF-8", "de_DE.utf8"})
      if (std::setlocale(LC_ALL, name)) return;
  }
  ~CommaLocale() { std::setlocale(LC_ALL, "C"); }
};

TEST(Readable, NumbersAreWrittenTheSameInEveryLocale) {
  const CommaLocale locale;
  EXPECT_EQ(fixed(0.3047, 3), "0.305");
  EXPECT_EQ(fixed(-2.5, 0), "-2");
  EXPECT_EQ(fixed(kNone, 3), "–");
  EXPECT_EQ(fixed(1e300, 1).size(), 303u);
  EXPECT_EQ(significant(0.30471, 3), "0.305");
  EXPECT_EQ(significant(1e30, 4), "1e+30");
  EXPECT_EQ(significant(1000.0, 6), "1000");
  EXPECT_EQ(readable(2.5), "2.5");
}

TEST(Readable, HugeNumbersDoNotFillAColumn) {
  EXPECT_EQ(fixed_or_short(999999999.04, 1), "999999999.0");
  EXPECT_EQ(fixed_or_short(1e30, 1), "1e+30");
  EXPECT_EQ(fixed_or_short(-1.23456e12, 1), "-1.235e+12");
  EXPECT_EQ(fixed_or_short(kNone, 1), "–");
}

TEST(Readable, TypedNumbersAreUnderstoodInBothSpellings) {
  for (const auto& [typed, plain] : {std::pair{"0,5", "0.5"},
                                     {"0.5", "0.5"},
                                     {"-1,25e-3", "-1.25e-3"},
                                     {"1.234,5", "1234.5"},
                                     {"1,234.5", "1234.5"},
                                     {"1,000,000", "1000000"},
                                     {"1.000.000", "1000000"},
                                     {"3e-4", "3e-4"},
                                     {"1,2,3", "1,2,3"},
                                     {"1,23.4,5", "1,23.4,5"},
                                     {"nonsense", "nonsense"},
                                     {"", ""}})
    EXPECT_EQ(plain_number(typed, false), plain) << typed;
  for (const auto& [typed, plain] : {std::pair{"1,000", "1000"},
                                     {"1.000", "1000"},
                                     {"-20,000,000", "-20000000"},
                                     {"1e6", "1e6"},
                                     {"1,5", "1.5"},
                                     {"2.0", "2.0"},
                                     {"12", "12"}})
    EXPECT_EQ(plain_number(typed, true), plain) << typed;
}

}  // namespace
}  // namespace vaco
