// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/collector.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/sim/policies.h"

namespace vaco {
namespace {

TEST(Collector, RowsChainAndReplay) {
  const CollectOptions options{.environment = "hopper", .physics = Physics::v2, .steps = 500, .seed = 2};
  const auto rows = collect({.name = "random", .snapshot = nullptr}, options).value();
  ASSERT_EQ(rows.rows, 500);
  ASSERT_EQ(rows.observations.size(), 500u * 11);
  ASSERT_EQ(rows.qvel.size(), 500u * 6);
  EXPECT_EQ(rows.timeouts.back() + rows.terminals.back(), 1);
  auto env = make_environment("hopper", Physics::v2).value();
  std::vector<float> after(11);
  int ends = 0;
  for (size_t i = 0; i < 500; ++i) {
    env->set_state({rows.qpos.data() + 6 * i, 6}, {rows.qvel.data() + 6 * i, 6});
    const auto step = env->step(std::span<const float>(rows.actions.data() + 3 * i, 3));
    env->observe(std::span<float>(after));
    EXPECT_FLOAT_EQ(static_cast<float>(step.reward), rows.rewards[i]);
    EXPECT_EQ(step.terminated, rows.terminals[i] != 0);
    // Warm starts of the solver differ, hence not equal to the last bit.
    for (size_t k = 0; k < 11; ++k) ASSERT_NEAR(after[k], rows.next_observations[11 * i + k], 1e-5) << i;
    const bool over = rows.terminals[i] || rows.timeouts[i];
    ends += over;
    if (over || i + 1 == 500) continue;
    const auto next = rows.next_observations.begin() + 11 * static_cast<long>(i);
    EXPECT_TRUE(std::equal(next, next + 11, rows.observations.begin() + 11 * static_cast<long>(i + 1))) << i;
  }
  EXPECT_GT(ends, 5);
}

TEST(Collector, RandomActionsAreUniformWithinTheBounds) {
  const auto rows =
      collect({.name = "random", .snapshot = nullptr}, {.environment = "halfcheetah", .steps = 2000}).value();
  double sum = 0, squares = 0;
  for (const float a : rows.actions) {
    ASSERT_LE(std::abs(a), 1.0f);
    sum += a;
    squares += a * a;
  }
  const auto count = static_cast<double>(rows.actions.size());
  EXPECT_NEAR(sum / count, 0.0, 0.02);
  EXPECT_NEAR(squares / count, 1.0 / 3.0, 0.01);
}

TEST(Collector, TimeLimitsAndTheCutAreTimeouts) {
  const auto rows =
      collect({.name = "random", .snapshot = nullptr}, {.environment = "halfcheetah", .steps = 1500}).value();
  EXPECT_EQ(std::count(rows.terminals.begin(), rows.terminals.end(), 1), 0);
  EXPECT_EQ(rows.timeouts[999], 1);
  EXPECT_EQ(rows.timeouts[1499], 1);
  EXPECT_EQ(std::count(rows.timeouts.begin(), rows.timeouts.end(), 1), 2);
}

TEST(Collector, NoiseIsAddedThenClipped) {
  const auto& info = environments()[0];
  const auto policy = std::make_shared<const PolicySnapshot>(random_policy(info));
  const CollectOptions options{.environment = "hopper", .steps = 300, .seed = 1};
  const auto clean = collect({.name = "p", .snapshot = policy, .action_noise = 0.0}, options).value();
  const auto noisy = collect({.name = "p", .snapshot = policy, .action_noise = 0.3}, options).value();
  PolicyActor actor(*policy);
  std::vector<float> action(3);
  double squares = 0;
  int inside = 0;
  for (size_t i = 0; i < 300; ++i) {
    actor.act({clean.observations.data() + 11 * i, 11}, action);
    for (size_t k = 0; k < 3; ++k) EXPECT_EQ(clean.actions[3 * i + k], action[k]);
    actor.act({noisy.observations.data() + 11 * i, 11}, action);
    for (size_t k = 0; k < 3; ++k) {
      const float taken = noisy.actions[3 * i + k];
      EXPECT_LE(std::abs(taken), 1.0f);
      if (std::abs(action[k]) > 0.1f) continue;  // away from the bounds, clipping hardly matters
      squares += (taken - action[k]) * (taken - action[k]);
      ++inside;
    }
  }
  ASSERT_GT(inside, 30);
  EXPECT_NEAR(std::sqrt(squares / inside), 0.3, 0.1);
}

TEST(Collector, RefusesAndStops) {
  const BehaviorPolicy random{.name = "random", .snapshot = nullptr};
  EXPECT_EQ(collect(random, {.environment = "hopper", .steps = 0}).error().code, ErrorCode::usage);
  const auto policy = std::make_shared<const PolicySnapshot>(random_policy(environments()[0]));
  const auto wrong = collect({.name = "mine", .snapshot = policy}, {.environment = "walker2d", .steps = 10});
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, testing::HasSubstr("mine"));
  std::stop_source source;
  source.request_stop();
  EXPECT_EQ(collect(random, {.environment = "hopper", .steps = 10}, {}, source.get_token()).error().code,
            ErrorCode::stopped);
}

TEST(Collector, ShippedPoliciesAreListedPerEnvironment) {
  for (const auto& policy : shipped_policies("hopper")) {
    EXPECT_EQ(policy.environment, "hopper");
    EXPECT_EQ(policy.resource, "policies/hopper_" + policy.name + ".h5");
  }
  EXPECT_TRUE(shipped_policies("unicorn").empty());
}

}  // namespace
}  // namespace vaco
