// SPDX-License-Identifier: GPL-3.0-or-later
// What every algorithm promises: same seed, same numbers; threads change nothing; a saved state goes on bit for
// bit.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "core/base/policy_snapshot.h"
#include "core/device/compute_info.h"
#include "tests/learn/algorithm_cases.h"

namespace vaco {
namespace {

using testing::make_params;
using testing::Settings;
using testing::total_steps;

const TrainingData& data() {
  static const TrainingData made = testing::random_data(5, 2);
  return made;
}

Settings small(Settings settings) {
  settings.insert(settings.begin(), {{"hidden_width", "16"}, {"batch_size", "32"}});
  return settings;
}

Settings small_vaco(Settings settings) {
  settings.insert(settings.begin(), {{"value_steps", "7"},
                                     {"warmup_steps", "5"},
                                     {"bilevel_steps", "9"},
                                     {"cloning_steps", "6"},
                                     {"weight_refresh_interval", "4"}});
  return small(settings);
}

std::unique_ptr<Algorithm> make(const std::string& key, const ParamSet& params, uint64_t seed = 0,
                                int threads = 1, const TrainingData& of = data()) {
  auto made =
      make_algorithm(key, params, of, seed, {.device = "cpu", .precision = "float32", .threads = threads});
  EXPECT_TRUE(made) << made.error().message;
  return std::move(*made);
}

class Algorithms : public ::testing::TestWithParam<testing::AlgorithmCase> {
 protected:
  std::unique_ptr<Algorithm> make_case(uint64_t seed = 0, int threads = 1) const {
    return make(GetParam().algorithm, GetParam().params(), seed, threads, GetParam().data());
  }
};

TEST_P(Algorithms, DeclareWhatTheyReport) {
  const auto run = make_case();
  while (run->step() < total_steps(*run)) run->update();
  std::set<std::string> declared;
  for (const Metric& metric : (*find_algorithm(GetParam().algorithm))->metrics) {
    EXPECT_NE(std::string(metric.label), "") << metric.key;
    declared.insert(metric.key);
  }
  for (const auto& metric : run->take_metrics()) EXPECT_TRUE(declared.contains(metric.key)) << metric.key;
}

TEST(Metrics, HaveOneMeaningEach) {
  std::map<std::string, std::string> names;
  for (const auto& info : algorithms())
    for (const Metric& metric : info.metrics) {
      const auto [known, is_new] = names.emplace(metric.key, display_name(metric));
      EXPECT_EQ(known->second, display_name(metric)) << metric.key;
    }
  EXPECT_EQ(names.at("critic_loss"), "Critic loss J_Q");
  EXPECT_EQ(names.at("policy_q"), "Q of the policy, Q(s, π(s))");
  EXPECT_EQ(names.at("entropy"), "Entropy of the policy (nats)");
}

TEST_P(Algorithms, GoesOnFromEverySavedStateBitForBit) {
  const auto whole = make_case(4);
  std::vector<StateDict> states{whole->save()};
  while (whole->step() < total_steps(*whole)) {
    whole->update();
    states.push_back(whole->save());
  }
  for (size_t at = 0; at + 1 < states.size(); at += 3) {
    const auto resumed = make_case(4);
    ASSERT_TRUE(resumed->load(states[at]));
    while (resumed->step() < total_steps(*resumed)) resumed->update();
    EXPECT_TRUE(resumed->save() == states.back()) << "resumed at step " << at;
  }
}

TEST_P(Algorithms, ThreadsChangeNothingAndSeedsDo) {
  std::vector<StateDict> ends;
  for (const auto& [seed, threads] : {std::pair{1u, 1}, {1u, 3}, {2u, 1}}) {
    const auto run = make_case(seed, threads);
    while (run->step() < total_steps(*run)) run->update();
    ends.push_back(run->save());
  }
  EXPECT_TRUE(ends[0] == ends[1]);
  EXPECT_FALSE(ends[0] == ends[2]);
}

TEST_P(Algorithms, StaysFiniteAndGivesAValidPolicy) {
  const auto run = make_case();
  while (run->step() < total_steps(*run)) run->update();
  EXPECT_EQ(run->policy().problem(), "");
  EXPECT_EQ(run->policy().step, run->step());
  const auto metrics = run->take_metrics();
  EXPECT_FALSE(metrics.empty());
  for (const auto& metric : metrics) EXPECT_TRUE(std::isfinite(metric.value)) << metric.key;
  EXPECT_TRUE(run->take_metrics().empty());
  if (const auto weights = run->row_weights()) {
    EXPECT_EQ(weights->size(), static_cast<size_t>(data().rows));
    for (const float w : *weights) EXPECT_TRUE(std::isfinite(w) && w >= 0.0f);
  }
}

INSTANTIATE_TEST_SUITE_P(Variants, Algorithms, ::testing::ValuesIn(testing::algorithm_cases()),
                         [](const auto& case_info) { return case_info.param.name; });

TEST(Vaco, TrajectoryWeightsAreEqualWithinATrajectory) {
  const auto run = make("vaco", make_params("vaco", small_vaco({})));
  EXPECT_FALSE(run->row_weights().has_value());
  while (run->step() < total_steps(*run)) run->update();
  const auto weights = *run->row_weights();
  for (size_t t = 0; t < data().trajectory_first.size(); ++t)
    for (int64_t i = 0; i < data().trajectory_length[t]; ++i)
      EXPECT_EQ(weights[static_cast<size_t>(data().trajectory_first[t] + i)],
                weights[static_cast<size_t>(data().trajectory_first[t])]);
}

TEST(Vaco, WeightsActOnTrajectoriesAndWhereActionsAreChoicesOnSamples) {
  for (const bool choices : {false, true}) {
    const testing::AlgorithmCase c{"vaco", "vaco", {}, choices};
    const auto end_of = [&](const Settings& more) {
      const auto run =
          std::move(*make_algorithm("vaco", c.params(more), c.data(), 1, {.device = "cpu", .threads = 1}));
      while (run->step() < total_steps(*run)) run->update();
      return run->save();
    };
    const auto by_default = end_of({});
    EXPECT_TRUE(by_default == end_of({{"weight_level", choices ? "sample" : "trajectory"}}));
    EXPECT_FALSE(by_default == end_of({{"weight_level", choices ? "trajectory" : "sample"}}));
    EXPECT_EQ(by_default == end_of({{"cloning_draws", "uniform"}}), choices)
        << "samples' weights stay on the loss";
  }
}

TEST(Vaco, ReportedWeightsRespectTheEssFloorAtEveryLevel) {
  for (const char* level : {"sample", "trajectory"}) {
    const auto run = make("vaco", make_params("vaco", small_vaco({{"weight_level", level},
                                                                  {"meta_lr", "0.1"},
                                                                  {"weight_budget", "0"},
                                                                  {"ess_floor", "0.99"}})));
    while (run->step() < total_steps(*run)) run->update();
    double sum = 0.0, squares = 0.0;
    const auto weights = *run->row_weights();
    for (const double w : weights) {
      sum += w;
      squares += w * w;
    }
    EXPECT_GT(sum * sum / (squares * static_cast<double>(weights.size())), 0.989) << level;
  }
}

TEST(Vaco, ChangedShapesAreRefusedWithTheEntrysName) {
  const auto run = make("vaco", make_params("vaco", small_vaco({})));
  auto state = run->save();
  state.erase("critic/target");
  const auto loaded = run->load(state);
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().message.find("critic/target"), std::string::npos);
}

TEST(Bc10, CopiesOnlyTheBestTrajectories) {
  // Actions tell the trajectory's return; copying the best tenth must end near their action.
  TrainingData split = testing::random_data(3, 1, 10, 20);
  for (int64_t t = 0; t < 10; ++t) {
    split.trajectory_return[static_cast<size_t>(t)] = static_cast<float>(t);
    for (int64_t i = 0; i < 20; ++i) split.actions[static_cast<size_t>(t * 20 + i)] = t == 9 ? 0.7f : -0.5f;
  }
  auto run = std::move(*make_algorithm(
      "bc10",
      make_params("bc10", small({{"bc_steps", "600"}, {"policy_lr", "0.003"}, {"policy_average", "0"}})), split,
      0, {}));
  for (int i = 0; i < 600; ++i) run->update();
  const auto policy = run->policy();
  float action = 0.0f;
  PolicyActor(policy).act(std::vector<float>{0.1f, -0.2f, 0.3f}, {&action, 1});
  EXPECT_NEAR(action, 0.7f, 0.1f);
}

TEST(Registry, NamesWhatItKnowsAndRefusesWhatItCannotDo) {
  EXPECT_NE(find_algorithm("sac").error().message.find("vaco"), std::string::npos);
  const auto params = make_params("bc", {});
  EXPECT_EQ(make_algorithm("bc", params, data(), 0, {.device = "tpu"}).error().code, ErrorCode::usage);
  EXPECT_EQ(make_algorithm("bc", params, TrainingData{}, 0, {}).error().code, ErrorCode::bad_data);
  if (!compute_info().cuda) {
    EXPECT_EQ(make_algorithm("bc", params, data(), 0, {.device = "cuda"}).error().code, ErrorCode::unavailable);
  }
}

TEST(Registry, SaysWhichAlgorithmsLearnChoices) {
  const auto data = testing::random_choices(4, 2);
  for (const auto& info : algorithms()) {
    const auto made = make_algorithm(info.key, make_params(info.key, {{"hidden_width", "8"}}), data, 0, {});
    EXPECT_EQ(made.ok(), info.discrete_actions) << info.key;
    if (made) continue;
    EXPECT_EQ(made.error().code, ErrorCode::bad_data);
    EXPECT_NE(made.error().message.find("vaco, bc, bc10, iql, weighted_bc"), std::string::npos)
        << made.error().message;
  }
  const auto noisy = make_params("vaco", {{"noise_on", "action"}});
  EXPECT_EQ(make_algorithm("vaco", noisy, data, 0, {}).error().code, ErrorCode::usage);
  auto single = testing::random_choices(4, 1);
  EXPECT_NE(make_algorithm("bc", make_params("bc", {}), single, 0, {}).error().message.find("only one action"),
            std::string::npos);
}

TEST(Policies, OfChoicesTakeTheOneTheNetworkPrefers) {
  // What is observed says which choice is made: the policy must end by making it.
  auto data = testing::random_choices(3, 3);
  for (int64_t row = 0; row < data.rows; ++row)
    for (int64_t k = 0; k < 3; ++k)
      data.observations[static_cast<size_t>(row * 3 + k)] = data.actions[static_cast<size_t>(row * 3 + k)];
  const auto run = std::move(*make_algorithm(
      "bc", make_params("bc", small({{"bc_steps", "300"}, {"policy_lr", "0.01"}, {"policy_average", "0"}})),
      data, 0, {}));
  for (int i = 0; i < 300; ++i) run->update();
  const auto policy = run->policy();
  EXPECT_EQ(policy.problem(), "");
  EXPECT_EQ(policy.action_count, 3);
  EXPECT_EQ(policy.action_dim(), 1);
  PolicyActor actor(policy);
  for (int choice = 0; choice < 3; ++choice) {
    std::vector<float> observation(3, 0.0f);
    observation[static_cast<size_t>(choice)] = 1.0f;
    float action = -1.0f;
    actor.act(observation, {&action, 1});
    EXPECT_EQ(action, static_cast<float>(choice));
    const auto scores = actor.output(observation);
    EXPECT_GT(scores[static_cast<size_t>(choice)], scores[static_cast<size_t>((choice + 1) % 3)] + 1.0f);
  }
}

TEST(Schemas, EveryParameterIsExplained) {
  for (const auto& info : algorithms()) {
    for (const auto& spec : info.schema) {
      EXPECT_TRUE(check_value(spec, spec.default_value)) << spec.key;
      EXPECT_FALSE(spec.label.empty() || spec.help.empty() || spec.group.empty() || spec.affects.empty() ||
                   spec.reference.empty())
          << spec.key;
    }
  }
}

}  // namespace
}  // namespace vaco
