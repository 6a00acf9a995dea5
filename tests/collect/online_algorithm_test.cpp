// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/collect/online_algorithm.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/online_config.h"

namespace vaco {
namespace {
using namespace vaco::testing;
using ::testing::HasSubstr;

std::unique_ptr<OnlineAlgorithm> made(bool may_cut_episode = false) {
  auto algorithm = OnlineAlgorithm::make(tiny_config(), {.device = "cpu", .precision = "float32", .threads = 1},
                                         may_cut_episode);
  EXPECT_TRUE(algorithm.ok()) << algorithm.error().message;
  return std::move(*algorithm);
}

void go_on(Algorithm& algorithm, int64_t steps) {
  for (int64_t i = 0; i < steps; ++i) algorithm.update();
}

bool lies_in_an_episode(const OnlineAlgorithm& algorithm) {
  const auto& rows = algorithm.rows();
  return rows.rows > 0 && !rows.terminals.back() && !rows.timeouts.back();
}

TEST(OnlineAlgorithm, GoesOnBitForBitFromAnyStep) {
  const auto whole = made();
  int within = 0;
  // While it acts at random, where that ends, and while it learns; 13 steps are less than an episode has.
  for (const int64_t step : {0, 1, 13, 26, 149, 150, 151, 180, 193, 260}) {
    go_on(*whole, step - whole->step());
    const auto state = whole->save();
    within += lies_in_an_episode(*whole);
    const auto again = made(), other = made();
    ASSERT_TRUE(again->load(state).ok()) << step;
    EXPECT_EQ(again->step(), step);
    EXPECT_EQ(again->save(), state) << step;
    ASSERT_TRUE(other->load(state).ok());
    go_on(*again, 40);
    go_on(*other, 15);
    const auto middle = other->save();
    const auto last = made();
    ASSERT_TRUE(last->load(middle).ok());
    go_on(*last, 25);
    EXPECT_EQ(last->save(), again->save()) << step;
    EXPECT_EQ(last->take_metrics().back().value, again->take_metrics().back().value) << step;
  }
  EXPECT_GE(within, 5) << "states within an episode were meant";
  const auto straight = made();
  go_on(*straight, 260);
  EXPECT_EQ(straight->save(), whole->save());
}

TEST(OnlineAlgorithm, AnEpisodeThatIsNotRepeatedIsToldOrEnds) {
  const auto algorithm = made();
  go_on(*algorithm, 180);
  while (!lies_in_an_episode(*algorithm)) go_on(*algorithm, 1);
  auto state = algorithm->save();
  // As another version of the simulator would have it.
  std::get<std::vector<float>>(state.at("rows/next_observations").values).back() += 1e-3F;
  const auto strict = made();
  const auto refused = strict->load(state);
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().message, HasSubstr("--accept-changes"));
  const auto lenient = made(true);
  ASSERT_TRUE(lenient->load(state).ok());
  EXPECT_EQ(lenient->rows().timeouts.back(), 1);
  EXPECT_EQ(lenient->step(), algorithm->step());
  go_on(*lenient, 50);
  EXPECT_TRUE(lenient->has_policy());
}

TEST(OnlineAlgorithm, HasOnePhaseAndAPolicyOnceItLearns) {
  const auto algorithm = made();
  ASSERT_EQ(algorithm->phases().size(), 1u);
  EXPECT_EQ(algorithm->phases()[0].steps, 900);
  go_on(*algorithm, 150);
  EXPECT_FALSE(algorithm->has_policy()) << "all of it was at random";
  go_on(*algorithm, 1);
  EXPECT_TRUE(algorithm->has_policy());
  EXPECT_EQ(algorithm->row_weights(), std::nullopt);
  EXPECT_EQ(algorithm->rows().rows, 151);
}

}  // namespace
}  // namespace vaco
