// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/rng.h"

#include <gtest/gtest.h>

#include <cmath>

namespace vaco {
namespace {

TEST(Rng, GoesOnFromItsState) {
  Rng first(7);
  for (int i = 0; i < 11; ++i) first.normal();
  Rng second;
  second.set_state(first.state());
  for (int i = 0; i < 100; ++i) {
    EXPECT_EQ(first.normal(), second.normal());
    EXPECT_EQ(first.next(), second.next());
  }
}

TEST(Rng, StreamsAndSeedsDiffer) {
  EXPECT_NE(Rng(0, 0).next(), Rng(0, 1).next());
  EXPECT_NE(Rng(0, 1).next(), Rng(1, 0).next());
}

TEST(Rng, IndexIsUniform) {
  Rng rng(3);
  std::vector<int> counts(7);
  for (int i = 0; i < 70000; ++i) ++counts.at(rng.index(7));
  for (const int count : counts) EXPECT_NEAR(count, 10000, 5 * std::sqrt(10000.0));
}

TEST(Rng, NormalHasUnitMoments) {
  Rng rng(5);
  double sum = 0, squares = 0;
  constexpr int kCount = 100000;
  for (int i = 0; i < kCount; ++i) {
    const double x = rng.normal();
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kCount, 0.0, 0.02);
  EXPECT_NEAR(squares / kCount, 1.0, 0.03);
}

}  // namespace
}  // namespace vaco
