// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/reference_scores.h"

#include <gtest/gtest.h>

namespace vaco {
namespace {

TEST(ReferenceScores, NormalizeAsD4rlDoes) {
  const auto hopper = reference_scores("hopper");
  ASSERT_TRUE(hopper);
  EXPECT_DOUBLE_EQ(hopper->normalized(3234.3), 100.0);
  EXPECT_DOUBLE_EQ(hopper->normalized(-20.272305), 0.0);
  EXPECT_NEAR(hopper->normalized_spread(325.4572305), 10.0, 1e-9) << "a deviation knows no offset";
  EXPECT_FALSE(reference_scores("juggler"));
}

}  // namespace
}  // namespace vaco
