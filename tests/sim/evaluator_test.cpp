// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/evaluator.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/sim/policies.h"

namespace vaco {
namespace {

TEST(Evaluator, DoesNotDependOnTheNumberOfThreads) {
  for (const auto& info : environments()) {
    const auto policy = random_policy(info);
    EvaluationOptions options{.environment = info.name, .episodes = 6, .seed = 3, .threads = 1};
    if (info.name == "cartpole") options.physics = Physics::v1;
    const auto one = evaluate_policy(policy, options).value();
    options.threads = 4;
    const auto four = evaluate_policy(policy, options).value();
    EXPECT_EQ(one.returns, four.returns) << info.name;
    EXPECT_EQ(one.lengths, four.lengths) << info.name;
    options.episodes = 3;
    const auto fewer = evaluate_policy(policy, options).value();
    EXPECT_TRUE(std::equal(fewer.returns.begin(), fewer.returns.end(), one.returns.begin())) << info.name;
    options.seed = 4;
    EXPECT_NE(fewer.returns, evaluate_policy(policy, options).value().returns) << info.name;
  }
}

TEST(Evaluator, ReportsWhatARolloutByHandGives) {
  const auto& info = environments()[0];
  const auto policy = random_policy(info);
  const auto result = evaluate_policy(policy, {.environment = "hopper", .episodes = 2, .seed = 9}).value();
  ASSERT_EQ(result.returns.size(), 2u);
  EXPECT_EQ(result.step, 123);

  auto env = make_environment("hopper", Physics::v2).value();
  PolicyActor actor(policy);
  std::vector<float> observation(11), action(3);
  for (uint64_t episode = 0; episode < 2; ++episode) {
    Rng rng(9, episode);
    env->reset(rng);
    double total = 0.0;
    int length = 0;
    for (bool over = false; !over; ++length) {
      env->observe(std::span<float>(observation));
      actor.act(observation, action);
      const auto step = env->step(action);
      total += step.reward;
      over = step.terminated || step.truncated;
    }
    EXPECT_EQ(result.returns[episode], total);
    EXPECT_EQ(result.lengths[episode], length);
  }
  const double mean = (result.returns[0] + result.returns[1]) / 2;
  EXPECT_NEAR(result.mean_return, mean, 1e-9);
  EXPECT_NEAR(result.std_return, std::abs(result.returns[0] - result.returns[1]) / std::sqrt(2.0), 1e-9);
  // D4RL's references of the hopper.
  EXPECT_TRUE(result.has_reference);
  EXPECT_NEAR(result.normalized_mean, 100 * (mean + 20.272305) / (3234.3 + 20.272305), 1e-4);
  EXPECT_NEAR(result.normalized_std, 100 * result.std_return / (3234.3 + 20.272305), 1e-4);
}

TEST(Evaluator, ThePhysicsMatters) {
  const auto policy = random_policy(environments()[0]);
  EvaluationOptions options{.environment = "hopper", .physics = Physics::v2, .episodes = 2};
  const auto v2 = evaluate_policy(policy, options).value();
  options.physics = Physics::v4;
  EXPECT_NE(v2.returns, evaluate_policy(policy, options).value().returns);
}

TEST(Evaluator, RefusesWhatDoesNotFit) {
  const auto policy = random_policy(environments()[0]);
  const auto other = evaluate_policy(policy, {.environment = "walker2d"});
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, ErrorCode::usage);
  EXPECT_THAT(other.error().message, testing::HasSubstr("17"));
  EXPECT_EQ(evaluate_policy(policy, {.environment = "moon"}).error().code, ErrorCode::usage);
  EXPECT_EQ(evaluate_policy(policy, {.environment = "hopper", .episodes = 0}).error().code, ErrorCode::usage);
  EXPECT_EQ(evaluate_policy({}, {.environment = "hopper"}).error().code, ErrorCode::usage);
}

TEST(Evaluator, StopsWhenAsked) {
  std::stop_source source;
  source.request_stop();
  const auto stopped =
      evaluate_policy(random_policy(environments()[2]),
                      {.environment = "halfcheetah", .episodes = 1000, .threads = 2}, source.get_token());
  ASSERT_FALSE(stopped);
  EXPECT_EQ(stopped.error().code, ErrorCode::stopped);
}

}  // namespace
}  // namespace vaco
