// SPDX-License-Identifier: GPL-3.0-or-later
// TD3 and TD3+BC against the same updates written the usual way: libtorch autograd and torch's Adam.
#include <gtest/gtest.h>

#include "core/bench/td3_autograd.h"
#include "core/learn/algorithms/td3.h"
#include "core/learn/online_learner.h"
#include "tests/learn/toy_data.h"

namespace vaco {
namespace {

using testing::make_params;
using testing::relative_difference;

struct Case {
  const char* name;
  const char* algorithm;
  const char* device;
  int64_t obs_dim, action_dim;
};

class Td3Updates : public ::testing::TestWithParam<Case> {};

TEST_P(Td3Updates, AgreeWithAutogradOverTenSteps) {
  const auto& c = GetParam();
  auto data = testing::random_data(c.obs_dim, c.action_dim);
  data.action_low.back() = -0.5f;  // neither symmetric nor equal, so that a forgotten scale shows
  data.action_high.back() = 1.5f;
  const auto params = make_params(c.algorithm, {{"policy_noise", "0.4"}});
  constexpr uint64_t kSeed = 3;
  const auto engine = std::move(*make_algorithm(c.algorithm, params, data, kSeed,
                                                {.device = c.device, .precision = "auto", .threads = 2}));
  const auto own =
      std::string(c.algorithm) == "td3" ? read_params<Td3Params>(params) : read_params<Td3BcParams>(params);
  Td3AutogradReference reference(own.update, data, engine->save(), kSeed);
  for (int step = 1; step <= 10; ++step) {
    engine->update();
    reference.step();
    const auto ours = engine->save(), theirs = reference.save();
    for (const auto& [name, array] : theirs)
      EXPECT_LT(relative_difference(ours.at(name), array), 1e-5) << name << " after step " << step;
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Td3Updates,
                         ::testing::Values(Case{"td3_cpu", "td3", "cpu", 11, 3},
                                           Case{"td3_bc_cpu", "td3_bc", "cpu", 17, 6},
                                           Case{"td3_bc_reference", "td3_bc", "reference", 11, 3}),
                         [](const auto& case_info) { return case_info.param.name; });

TEST(Td3Bc, SmallAlphaClones) {
  // With values that hardly count, the policy must learn the one action that the data holds.
  auto data = testing::random_data(3, 1);
  for (auto& action : data.actions) action = 0.4f;
  const auto params = make_params(
      "td3_bc", {{"bc_alpha", "0.001"}, {"hidden_width", "16"}, {"batch_size", "32"}, {"policy_lr", "0.003"}});
  const auto run = std::move(*make_algorithm("td3_bc", params, data, 0, {}));
  for (int i = 0; i < 1000; ++i) run->update();
  float action = 0.0f;
  const auto policy = run->policy();
  PolicyActor(policy).act(std::vector<float>{0.1f, -0.2f, 0.3f}, {&action, 1});
  EXPECT_NEAR(action, 0.4f, 0.03f);
}

/// A one-step problem with the known answer a* = 0.5: reward −(a − 0.5)², and the episode is over.
double learned_action(OnlineLearner& learner, int steps) {
  Rng rng(5);
  std::vector<float> observation{0.0f}, action{0.0f};
  for (int i = 0; i < steps; ++i) {
    observation[0] = static_cast<float>(rng.uniform(-1.0, 1.0));
    learner.act(observation, action);
    action[0] = static_cast<float>(std::clamp(action[0] + 0.5 * rng.normal(), -1.0, 1.0));
    const float error = action[0] - 0.5f;
    learner.append({.observation = observation,
                    .action = action,
                    .next_observation = observation,
                    .reward = -error * error,
                    .mask = 0.0f});
    learner.update();
  }
  observation[0] = 0.3f;
  learner.act(observation, action);
  return action[0];
}

ParamSet small_online() {
  ParamSet params(online_td3_schema());
  params.set("hidden_width", int64_t{32});
  params.set("batch_size", int64_t{32});
  params.set("policy_lr", 1e-3);
  params.set("value_lr", 1e-3);
  return params;
}

TEST(OnlineTd3, FindsTheBestActionOfAOneStepProblem) {
  const auto learner = std::move(*make_online_td3(
      {.obs_dim = 1, .action_low = {-1.0f}, .action_high = {1.0f}, .steps = 2000}, small_online(), 0, {}));
  EXPECT_NEAR(learned_action(*learner, 2000), 0.5, 0.05);
}

TEST(OnlineTd3, ForgetsTheOldestAndGoesOnBitForBit) {
  auto params = small_online();
  params.set("replay_capacity", int64_t{50});
  const auto make = [&] {
    return std::move(*make_online_td3(
        {.obs_dim = 2, .action_low = {-1.0f}, .action_high = {1.0f}, .steps = 1000}, params, 7, {}));
  };
  Rng rng(1);
  std::vector<std::vector<float>> rows;
  for (int i = 0; i < 300; ++i) {
    rows.emplace_back();
    for (int k = 0; k < 6; ++k) rows.back().push_back(static_cast<float>(rng.uniform(-1.0, 1.0)));
  }
  const auto append = [](OnlineLearner& learner, const std::vector<float>& row) {
    const std::span<const float> all(row);
    learner.append({.observation = all.first(2),
                    .action = all.subspan(2, 1),
                    .next_observation = all.subspan(3, 2),
                    .reward = row[5]});
  };
  const auto whole = make();
  StateDict middle;
  for (int i = 0; i < 300; ++i) {
    append(*whole, rows[static_cast<size_t>(i)]);
    whole->update();
    if (i == 119) middle = whole->save();
  }
  // Only the newest 50 matter, so those are enough; 70 transitions before them keep the places in the ring.
  const auto resumed = make();
  for (int i = 0; i < 120; ++i)
    append(*resumed, i < 70 ? std::vector<float>(6, 9.0f) : rows[static_cast<size_t>(i)]);
  ASSERT_TRUE(resumed->load(middle));
  for (int i = 120; i < 300; ++i) {
    append(*resumed, rows[static_cast<size_t>(i)]);
    resumed->update();
  }
  EXPECT_TRUE(resumed->save() == whole->save());
}

}  // namespace
}  // namespace vaco
