// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/readable.h"

#include <gtest/gtest.h>

#include <limits>

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

}  // namespace
}  // namespace vaco
