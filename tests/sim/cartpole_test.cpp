// SPDX-License-Identifier: GPL-3.0-or-later
// CartPole against states that Gymnasium's CartPole-v1 made (gymnasium 1.4.0, in double precision).
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/sim/collector.h"
#include "core/sim/evaluator.h"
#include "core/sim/restep.h"
#include "tests/sim/array_file.h"

namespace vaco {
namespace {

using testing::HasSubstr;

class CartPole : public testing::Test {
 protected:
  /// A state as Gymnasium keeps it: x, dx/dt, angle, d angle/dt.
  void set(const double* state) {
    env_->set_state(std::vector<double>{state[0], state[2]}, std::vector<double>{state[1], state[3]});
  }
  double distance(const double* state) const {
    std::vector<double> now(4);
    std::as_const(*env_).observe(std::span<double>(now));
    double worst = 0.0;
    for (size_t i = 0; i < 4; ++i) worst = std::max(worst, std::abs(now[i] - state[i]));
    return worst;
  }
  StepResult push(double action) { return env_->step(std::vector<float>{static_cast<float>(action)}); }

  std::unique_ptr<Environment> env_ = make_environment("cartpole", Physics::v1).value();
  ArrayFile golden_{std::string(VACO_TEST_GOLDEN) + "/cartpole_v1.h5"};
};

TEST_F(CartPole, StepsAsGymnasiumDoesFromAnyState) {
  const auto state = golden_.read("state"), action = golden_.read("action"), next = golden_.read("next_state"),
             terminated = golden_.read("terminated"), reward = golden_.read("reward");
  size_t ends = 0;
  ASSERT_EQ(state.shape[0], 200u);
  for (size_t i = 0; i < state.shape[0]; ++i) {
    set(state.at(i));
    const auto result = push(action.values[i]);
    EXPECT_LT(distance(next.at(i)), 1e-13) << i;
    EXPECT_EQ(result.terminated, terminated.values[i] != 0.0) << i;
    EXPECT_EQ(result.reward, reward.values[i]) << i;
    ends += result.terminated;
  }
  EXPECT_GT(ends, 20u);
}

TEST_F(CartPole, GoesAsGymnasiumGoesForWholeEpisodes) {
  const auto start = golden_.read("start"), actions = golden_.read("actions"), states = golden_.read("states"),
             ends = golden_.read("ends"), length = golden_.read("length");
  for (size_t s = 0; s < start.shape[0]; ++s) {
    set(start.at(s));
    for (size_t t = 0; t < static_cast<size_t>(length.values[s]); ++t) {
      const auto result = push(actions.at(s)[t]);
      ASSERT_LT(distance(states.at(s, t)), 1e-10) << s << " " << t;
      ASSERT_EQ(result.terminated, ends.at(s)[t] != 0.0) << s << " " << t;
    }
  }
}

TEST_F(CartPole, SaysThatItsActionsAreChoicesAndStartsNearUpright) {
  EXPECT_EQ(env_->info().action_count, 2);
  EXPECT_EQ(env_->info().action_low, std::vector<float>{0.0f});
  EXPECT_EQ(env_->info().action_high, std::vector<float>{1.0f});
  EXPECT_EQ(env_->info().max_episode_steps, 500);
  EXPECT_DOUBLE_EQ(env_->info().dt, 0.02);
  Rng rng(3);
  double widest = 0.0;
  for (int i = 0; i < 200; ++i) {
    env_->reset(rng);
    std::vector<double> now(4);
    std::as_const(*env_).observe(std::span<double>(now));
    for (const double v : now) widest = std::max(widest, std::abs(v));
  }
  EXPECT_LT(widest, 0.05);
  EXPECT_GT(widest, 0.049);
}

TEST_F(CartPole, AnObservationTellsItsState) {
  const auto state = golden_.read("state"), action = golden_.read("action"), next = golden_.read("next_state");
  const std::vector<float> seen(state.at(4), state.at(4) + 4), then(next.at(4), next.at(4) + 4),
      made{static_cast<float>(action.values[4])}, other{1.0f - static_cast<float>(action.values[4])};
  EXPECT_LT(restep_error(*env_, seen, made, then).value(), 1e-6);
  EXPECT_GT(restep_error(*env_, seen, other, then).value(), 1e-2);
}

std::shared_ptr<const PolicySnapshot> rule(std::vector<float> weights) {
  PolicySnapshot policy;
  std::vector<float> both(8);
  for (size_t i = 0; i < 4; ++i) both[4 + i] = weights[i];
  policy.layers = {{.inputs = 4, .outputs = 2, .weight = both, .bias = {0.0f, 0.0f}}};
  policy.observation_mean.assign(4, 0.0f);
  policy.observation_scale.assign(4, 1.0f);
  policy.action_count = 2;
  policy.action_low = {0.0f};
  policy.action_high = {1.0f};
  return std::make_shared<const PolicySnapshot>(policy);
}

TEST_F(CartPole, ALinearRuleBalancesThePoleToTheTimeLimit) {
  const auto result = evaluate_policy(*rule({0.05f, 0.1f, 1.0f, 0.4f}),
                                      {.environment = "cartpole", .physics = Physics::v1, .episodes = 5});
  ASSERT_TRUE(result) << result.error().message;
  EXPECT_EQ(result->returns, std::vector<double>(5, 500.0));
  EXPECT_FALSE(result->has_reference);
}

TEST_F(CartPole, NoiseIsTheShareOfChoicesMadeAtRandom) {
  const CollectOptions options{.environment = "cartpole", .physics = Physics::v1, .steps = 4000, .seed = 2};
  const auto always_left = rule({0.0f, 0.0f, 0.0f, 0.0f});  // of equal choices the first
  for (const auto& [noise, rights] : {std::pair{0.0, 0.0}, {0.4, 0.2}, {1.0, 0.5}}) {
    const auto rows = collect({.name = "left", .snapshot = always_left, .action_noise = noise}, options);
    ASSERT_TRUE(rows) << rows.error().message;
    double right = 0.0;
    for (const float action : rows->actions) {
      EXPECT_TRUE(action == 0.0f || action == 1.0f);
      right += action;
    }
    EXPECT_NEAR(right / 4000.0, rights, 0.03);
  }
  const auto wrong = collect({.name = "left", .snapshot = always_left, .action_noise = 1.5}, options);
  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().message, HasSubstr("share"));
}

TEST_F(CartPole, TakesNoPolicyOfContinuousActions) {
  PolicySnapshot other = *rule({0.0f, 0.0f, 1.0f, 0.0f});
  other.action_count = 0;
  other.action_low = {-1.0f};
  other.layers[0].outputs = 1;
  other.layers[0].weight.resize(4);
  other.layers[0].bias.resize(1);
  ASSERT_EQ(other.problem(), "");
  const auto refused = evaluate_policy(other, {.environment = "cartpole", .physics = Physics::v1});
  ASSERT_FALSE(refused);
  EXPECT_THAT(refused.error().message, HasSubstr("CartPole takes 2 choices"));
  // InvertedPendulum has the same dimensions.
  const auto swapped = evaluate_policy(*rule({0.0f, 0.0f, 1.0f, 0.0f}),
                                       {.environment = "invertedpendulum", .physics = Physics::v4});
  ASSERT_FALSE(swapped);
  EXPECT_THAT(swapped.error().message, HasSubstr("takes continuous ones"));
}

}  // namespace
}  // namespace vaco
