// SPDX-License-Identifier: GPL-3.0-or-later
// Every algorithm in the manner of a graphics card, on the CPU: it learns, goes on bit for bit, and its steps
// can be captured once and replayed, since only what the host does before them changes from step to step.
#include <gtest/gtest.h>

#include <map>

#include "core/learn/algorithms/fqe.h"
#include "core/learn/online_learner.h"
#include "tests/learn/algorithm_cases.h"
#include "tests/learn/step_log.h"

namespace vaco {
namespace {

using testing::Settings;
using testing::StepLog;
using testing::total_steps;

const ComputeOptions kRehearsal{.device = "rehearsal", .precision = "float32", .threads = 1};

const TrainingData& data() {
  static const TrainingData made = testing::random_data(5, 2);
  return made;
}

std::unique_ptr<Algorithm> make(const testing::AlgorithmCase& c, uint64_t seed = 4) {
  auto made = make_algorithm(c.algorithm, c.params(), c.data(), seed, kRehearsal);
  EXPECT_TRUE(made) << made.error().message;
  return std::move(*made);
}

/// Steps of one variant must be the same calls on the same memory, but for the first of them, which may make
/// what it keeps.
void expect_replayable(const std::vector<StepLog>& logs) {
  ASSERT_FALSE(logs.empty());
  std::map<int64_t, std::vector<const StepLog*>> variants;
  for (const auto& log : logs) {
    EXPECT_TRUE(log.forbidden.empty()) << "variant " << log.variant << " calls " << log.forbidden.front();
    EXPECT_GT(log.calls.size(), 10u);
    variants[log.variant].push_back(&log);
  }
  for (const auto& [variant, steps] : variants)
    for (size_t i = 2; i < steps.size(); ++i) {
      ASSERT_EQ(steps[i]->calls, steps[1]->calls) << "variant " << variant << ", step " << i;
      ASSERT_EQ(steps[i]->memory, steps[1]->memory) << "variant " << variant << ", step " << i;
    }
}

class DeviceSteps : public ::testing::TestWithParam<testing::AlgorithmCase> {};

TEST_P(DeviceSteps, CanBeCapturedAndReplayed) {
  const auto run = make(GetParam());
  const testing::StepRecorder recorder;
  while (run->step() < total_steps(*run)) run->update();
  EXPECT_EQ(recorder.logs().size(), static_cast<size_t>(total_steps(*run)));
  expect_replayable(recorder.logs());
}

TEST_P(DeviceSteps, GoOnFromASavedStateBitForBit) {
  const auto whole = make(GetParam());
  std::vector<StateDict> states{whole->save()};
  while (whole->step() < total_steps(*whole)) {
    whole->update();
    states.push_back(whole->save());
  }
  for (size_t at = 0; at + 1 < states.size(); at += 5) {
    const auto resumed = make(GetParam());
    ASSERT_TRUE(resumed->load(states[at]));
    while (resumed->step() < total_steps(*resumed)) resumed->update();
    EXPECT_TRUE(resumed->save() == states.back()) << "resumed at step " << at;
  }
}

TEST_P(DeviceSteps, DependOnTheSeedAndStayFinite) {
  const auto run = make(GetParam()), other = make(GetParam(), 5);
  const auto start = run->save();
  while (run->step() < total_steps(*run)) {
    run->update();
    other->update();
  }
  const auto end = run->save();
  EXPECT_FALSE(end == other->save());
  EXPECT_FALSE(end.at("policy/parameters") == start.at("policy/parameters"));
  EXPECT_EQ(run->policy().problem(), "");
  const auto metrics = run->take_metrics();
  EXPECT_FALSE(metrics.empty());
  for (const auto& metric : metrics) EXPECT_TRUE(std::isfinite(metric.value)) << metric.key;
  EXPECT_TRUE(run->take_metrics().empty());
}

INSTANTIATE_TEST_SUITE_P(Variants, DeviceSteps, ::testing::ValuesIn(testing::algorithm_cases()),
                         [](const auto& case_info) { return case_info.param.name; });

struct Learning {
  const char* algorithm;
  const char* loss;
  Settings settings;
};

class DeviceLearning : public ::testing::TestWithParam<Learning> {};

TEST_P(DeviceLearning, BringsTheLossDown) {
  const auto& c = GetParam();
  const auto few = testing::random_data(4, 2, 4, 10);
  Settings settings{{"hidden_width", "32"}, {"batch_size", "32"}, {"policy_lr", "0.003"}};
  const auto& schema = (*find_algorithm(c.algorithm))->schema;
  for (const auto& setting : Settings{{"value_lr", "0.003"}, {"discount", "0"}})
    if (find_spec(schema, setting.first)) settings.push_back(setting);
  settings.insert(settings.end(), c.settings.begin(), c.settings.end());
  const auto run =
      std::move(*make_algorithm(c.algorithm, testing::make_params(c.algorithm, settings), few, 1, kRehearsal));
  std::vector<double> losses;
  while (run->step() < total_steps(*run)) {
    for (int i = 0; i < 25; ++i) run->update();
    for (const auto& metric : run->take_metrics())
      if (metric.key == c.loss) losses.push_back(metric.value);
  }
  ASSERT_GE(losses.size(), 5u);
  EXPECT_LT(losses.back(), 0.7 * losses.front());
}

INSTANTIATE_TEST_SUITE_P(
    Algorithms, DeviceLearning,
    ::testing::Values(Learning{"bc", "bc_loss", {{"bc_steps", "300"}}},
                      Learning{"weighted_bc", "bc_loss", {{"value_steps", "25"}, {"bc_steps", "300"}}},
                      Learning{"iql", "critic_loss", {{"iql_steps", "300"}}},
                      Learning{"td3", "critic_loss", {{"td3_steps", "300"}}},
                      Learning{"td3_bc", "critic_loss", {{"td3_steps", "300"}}},
                      Learning{"awac", "critic_loss", {{"awac_steps", "300"}}},
                      Learning{"rebrac", "critic_loss", {{"rebrac_steps", "300"}}},
                      Learning{"cql", "critic_loss", {{"cql_steps", "300"}, {"conservatism", "0.01"}}},
                      Learning{"edac", "critic_loss", {{"edac_steps", "300"}, {"diversity", "0.01"}}},
                      Learning{"vaco",
                               "bc_loss",
                               {{"value_steps", "50"},
                                {"warmup_steps", "100"},
                                {"bilevel_steps", "50"},
                                {"cloning_steps", "200"}}}),
    [](const auto& case_info) { return case_info.param.algorithm; });

TEST(DeviceSteps, OfFittedQEvaluationCanBeCapturedAndReplayed) {
  const auto bc = std::move(*make_algorithm("bc", testing::algorithm_cases().front().params(), data(), 4, {}));
  FqeOptions options;
  options.batch_size = 16;
  options.hidden_width = 16;
  options.compute = kRehearsal;
  const auto fqe = std::move(*FittedQEvaluation::make(bc->policy(), data(), options));
  const testing::StepRecorder recorder;
  for (int i = 0; i < 10; ++i) fqe->update();
  EXPECT_EQ(recorder.logs().size(), 10u);
  expect_replayable(recorder.logs());
}

TEST(DeviceSteps, OnlineTd3DrawsOnTheDeviceToo) {
  ParamSet params(online_td3_schema());
  params.set("hidden_width", int64_t{16});
  params.set("batch_size", int64_t{8});
  const auto make_learner = [&] {
    return std::move(*make_online_td3(
        {.obs_dim = 2, .action_low = {-1.0f}, .action_high = {1.0f}, .steps = 100}, params, 7, kRehearsal));
  };
  const auto one = make_learner(), two = make_learner();
  Rng rng(1);
  for (int i = 0; i < 60; ++i) {
    std::vector<float> row;
    for (int k = 0; k < 6; ++k) row.push_back(static_cast<float>(rng.uniform(-1.0, 1.0)));
    const std::span<const float> all(row);
    for (auto* learner : {one.get(), two.get()})
      learner->append({.observation = all.first(2),
                       .action = all.subspan(2, 1),
                       .next_observation = all.subspan(3, 2),
                       .reward = row[5]});
    one->update();
    if (i < 30) two->update();
    EXPECT_EQ(one->save() == two->save(), i < 30) << i;
  }
  for (const auto& metric : one->take_metrics()) EXPECT_TRUE(std::isfinite(metric.value)) << metric.key;
}

}  // namespace
}  // namespace vaco
