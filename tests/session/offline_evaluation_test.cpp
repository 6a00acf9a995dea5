// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/offline_evaluation.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/rng.h"
#include "core/data/writer.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {

using vaco::testing::TemporaryFolder;

TEST(BootstrapCritics, CoversStatesAndCritics) {
  Rng rng(1);
  std::vector<double> states(400);
  for (auto& value : states) value = 5.0 + rng.normal();
  // One critic: the interval of a mean, ±1.96/√400 around it.
  const auto one = bootstrap_critics({states}, 2000, 3);
  EXPECT_NEAR(one.value, mean(states), 1e-12);
  EXPECT_NEAR(one.high - one.low, 2.0 * 1.96 * standard_deviation(states) / 20.0, 0.02);
  // Critics that agree add nothing, critics that differ widen it.
  const auto same = bootstrap_critics({states, states, states}, 2000, 3);
  EXPECT_NEAR(same.high - same.low, one.high - one.low, 0.02);
  auto shifted = states;
  for (auto& value : shifted) value += 2.0;
  const auto apart = bootstrap_critics({states, shifted}, 2000, 3);
  EXPECT_NEAR(apart.value, mean(states) + 1.0, 1e-12);
  EXPECT_GT(apart.high - apart.low, 1.8);
  EXPECT_EQ(bootstrap_critics({states, shifted}, 100, 3).low, bootstrap_critics({states, shifted}, 100, 3).low);
}

/// Episodes of 20 steps whose reward is 3 whatever happens: every policy is worth the same.
class OfflineEvaluationTest : public ::testing::Test {
 protected:
  OfflineEvaluationTest() {
    auto& columns = columns_;
    columns.rows = 400;
    columns.obs_dim = 2;
    columns.action_dim = 1;
    Rng rng(2);
    for (int64_t row = 0; row < columns.rows; ++row) {
      for (int k = 0; k < 2; ++k) {
        columns.observations.push_back(static_cast<float>(rng.normal()));
        columns.next_observations.push_back(static_cast<float>(rng.normal()));
      }
      columns.actions.push_back(static_cast<float>(rng.uniform(-1.0, 1.0)));
      columns.rewards.push_back(3.0f);
      columns.terminals.push_back(0);
      columns.timeouts.push_back(row % 20 == 19 ? 1 : 0);
    }
    EXPECT_TRUE(write_dataset(file(), columns).ok());
    policy_.layers.push_back({.inputs = 2, .outputs = 1, .weight = {0.3f, -0.2f}, .bias = {0.1f}});
    policy_.observation_mean = {0.0f, 0.0f};
    policy_.observation_scale = {1.0f, 1.0f};
    policy_.action_low = {-1.0f};
    policy_.action_high = {1.0f};
    options_.discount = 0.5;
    options_.steps = 1500;
    options_.critics = 2;
    options_.hidden_width = 32;
    options_.learning_rate = 2e-3;
    options_.target_update_rate = 0.05;
  }
  [[nodiscard]] std::filesystem::path file() const { return folder_.path() / "data.hdf5"; }

  TemporaryFolder folder_;
  DatasetColumns columns_;
  PolicySnapshot policy_;
  FqeOptions options_;
};

TEST_F(OfflineEvaluationTest, FindsAKnownValueAndTheDatasOwn) {
  double last = 0.0;
  const auto result = evaluate_offline(policy_, file(), {}, options_,
                                       [&](double fraction, std::string_view) { last = fraction; });
  ASSERT_TRUE(result.ok()) << result.error().message;
  EXPECT_EQ(result->initial_states, 20);
  EXPECT_EQ(result->critic_values.size(), 2u);
  EXPECT_NEAR(result->value.value, 3.0 / (1.0 - 0.5), 0.2);
  EXPECT_LE(result->value.low, result->value.value);
  EXPECT_GE(result->value.high, result->value.value);
  EXPECT_NEAR(result->behavior.value, 3.0 * (1.0 - std::pow(0.5, 20)) / 0.5, 1e-5);
  EXPECT_GT(last, 0.9);
  EXPECT_LT(std::abs(result->drift), 0.2);
}

TEST_F(OfflineEvaluationTest, AValueThatStillMovesIsNoEstimate) {
  EXPECT_TRUE(is_settled({200.0, 199.0, 201.0}, -2.0));
  EXPECT_TRUE(is_settled({20.0, 15.0, 25.0}, 9.0));
  EXPECT_FALSE(is_settled({200.0, 199.0, 201.0}, 2.1));
  EXPECT_TRUE(is_settled({6.0, NAN, NAN}, 0.05));
  EXPECT_FALSE(is_settled({6.0, NAN, NAN}, 0.07));
  EXPECT_FALSE(is_settled({6.0, 5.0, 7.0}, NAN));
  options_.steps = 400;
  options_.discount = 0.99;
  const auto early = evaluate_offline(policy_, file(), {}, options_);
  ASSERT_TRUE(early.ok());
  EXPECT_GT(early->drift, 1.0);
  ASSERT_FALSE(early->warnings.empty());
  EXPECT_NE(early->warnings.back().find("last tenth of 400 steps"), std::string::npos)
      << early->warnings.back();
}

TEST_F(OfflineEvaluationTest, RefusesDataWithNanByColumnAndRow) {
  auto columns = columns_;
  columns.rewards[123] = NAN;
  ASSERT_TRUE(write_dataset(file(), columns).ok());
  const auto refused = evaluate_offline(policy_, file(), {}, options_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::bad_data);
  for (const char* part : {"rewards", "row 123"})
    EXPECT_NE(refused.error().message.find(part), std::string::npos) << refused.error().message;
}

TEST_F(OfflineEvaluationTest, StopsAndRefuses) {
  std::stop_source stop;
  const auto stopped = evaluate_offline(
      policy_, file(), {}, options_,
      [&](double fraction, std::string_view) {
        if (fraction > 0.3) stop.request_stop();
      },
      stop.get_token());
  EXPECT_EQ(stopped.error().code, ErrorCode::stopped);
  policy_.observation_mean.push_back(0.0f);
  policy_.observation_scale.push_back(1.0f);
  EXPECT_EQ(evaluate_offline(policy_, file(), {}, options_).error().code, ErrorCode::usage);
  EXPECT_FALSE(evaluate_offline(policy_, folder_.path() / "none.hdf5", {}, options_).ok());
}

}  // namespace
}  // namespace vaco
