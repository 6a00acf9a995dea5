// SPDX-License-Identifier: GPL-3.0-or-later
// The unit of actions reaches no network: the same data in another unit give the same numbers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/action_unit.h"
#include "core/base/rng.h"
#include "core/data/policy_file.h"
#include "core/data/writer.h"
#include "core/session/offline_evaluation.h"
#include "core/session/training_session.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::Pointwise;
using namespace vaco::testing;

TEST(ActionUnit, BoundsOfOneLeaveEveryBit) {
  Rng rng(1);
  std::vector<float> actions(300);
  for (auto& a : actions) a = static_cast<float>(rng.uniform(-1.5, 1.5));
  actions[0] = -0.0f;
  auto there = actions;
  const ActionUnit unit({-1, -1, -1}, {1, 1, 1});
  unit.to_unit(std::span(there));
  for (size_t i = 0; i < there.size(); ++i) EXPECT_EQ(std::signbit(there[i]), std::signbit(actions[i]));
  EXPECT_EQ(there, actions);
  unit.from_unit(there);
  EXPECT_EQ(there, actions);
}

TEST(ActionUnit, IsTheShareOfTheWayBetweenTheBounds) {
  const ActionUnit unit({300, -2}, {500, 0});
  std::vector<float> actions{300, -2, 400, -0.5f, 500, 0, 550, -3};
  unit.to_unit(std::span(actions));
  EXPECT_THAT(actions, ElementsAre(-1, -1, 0, 0.5f, 1, 1, 1.5f, -2));
  unit.from_unit(actions);
  EXPECT_THAT(actions, ElementsAre(300, -2, 400, -0.5f, 500, 0, 550, -3));
}

class ActionUnits : public ::testing::Test {
 protected:
  /// Rows whose reward depends on the action, with actions a · half + middle that reach both bounds.
  [[nodiscard]] fs::path data(const std::string& name, float half, float middle) const {
    DatasetColumns columns;
    columns.rows = 400;
    columns.obs_dim = 3;
    columns.action_dim = 2;
    Rng rng(7);
    for (int64_t row = 0; row < columns.rows; ++row) {
      for (int k = 0; k < 3; ++k) columns.observations.push_back(static_cast<float>(rng.normal()));
      for (int k = 0; k < 2; ++k) {
        // Whole eighths, so that the other unit is exact in float32 and only the unit differs.
        const float a = std::round(8.0f * static_cast<float>(rng.uniform(-1.0, 1.0))) / 8.0f;
        columns.actions.push_back(middle + half * a);
        if (k == 0) columns.rewards.push_back(1.0f - a * a + static_cast<float>(row / 40));
      }
      columns.terminals.push_back(0);
      columns.timeouts.push_back(row % 20 == 19 ? 1 : 0);
    }
    columns.next_observations = columns.observations;
    const fs::path path = folder_.path() / name;
    const auto written = write_dataset(path, columns);
    EXPECT_TRUE(written.ok()) << written.error().message;
    return path;
  }
  [[nodiscard]] fs::path train(const std::string& algorithm, const fs::path& dataset) const {
    auto config = *make_config(algorithm, "");
    config.dataset = dataset;
    config.threads = 1;
    config.seed = 3;
    for (const auto& [key, value] : {std::pair{"value_steps", "60"},
                                     {"warmup_steps", "20"},
                                     {"bilevel_steps", "30"},
                                     {"cloning_steps", "20"},
                                     {"td3_steps", "60"},
                                     {"hidden_width", "16"},
                                     {"batch_size", "32"},
                                     {"log_interval", "10"}})
      if (config.params.contains(key)) {
        const auto set = set_param(config, key, value, Origin::run);
        EXPECT_TRUE(set.ok()) << set.error().message;
      }
    for (auto& [key, configured] : config.params)
      if (key.ends_with("_steps") && std::holds_alternative<int64_t>(configured.value))
        configured.value = std::min<int64_t>(60, std::get<int64_t>(configured.value));
    SessionOptions options;
    options.out = folder_.path() / "runs";
    options.folder_name = algorithm + "-" + dataset.stem().string();
    auto session = TrainingSession::create(config, options);
    EXPECT_TRUE(session.ok()) << session.error().message;
    EXPECT_EQ(run_to_end(**session), RunState::finished) << algorithm;
    return (*session)->folder();
  }
  TemporaryFolder folder_;
};

TEST_F(ActionUnits, NoAlgorithmSeesTheUnitOfTheData) {
  const auto plain = data("plain.hdf5", 1.0f, 0.0f), other = data("other.hdf5", 128.0f, 512.0f);
  for (const auto& info : algorithms()) {
    const fs::path a = train(info.key, plain), b = train(info.key, other);
    EXPECT_EQ(timeless(a / "metrics.jsonl"), timeless(b / "metrics.jsonl")) << info.key;
    EXPECT_EQ(slurp(a / "weights.jsonl"), slurp(b / "weights.jsonl")) << info.key;
    // Policies speak the unit of the data.
    const auto p = *read_policy(a / "policy.h5"), q = *read_policy(b / "policy.h5");
    EXPECT_THAT(q.action_low, ElementsAre(384, 384));
    EXPECT_THAT(q.action_high, ElementsAre(640, 640));
    std::vector<float> at_p(2), at_q(2), observation{0.3f, -0.2f, 1.0f};
    PolicyActor(p).act(observation, at_p);
    PolicyActor(q).act(observation, at_q);
    EXPECT_THAT(at_q, Pointwise(FloatNear(1e-3f), {512 + 128 * at_p[0], 512 + 128 * at_p[1]})) << info.key;
  }
}

TEST_F(ActionUnits, OfflineEvaluationSeesTheSamePolicy) {
  const auto plain = data("plain.hdf5", 1.0f, 0.0f), other = data("other.hdf5", 128.0f, 512.0f);
  PolicySnapshot policy;
  policy.layers.push_back(
      {.inputs = 3, .outputs = 2, .weight = {0.3f, -0.2f, 0, 0, 1, 0.5f}, .bias = {0.1f, 0}});
  policy.observation_mean.assign(3, 0.0f);
  policy.observation_scale.assign(3, 1.0f);
  policy.action_low = {-1, -1};
  policy.action_high = {1, 1};
  FqeOptions options;
  options.steps = 50;
  options.batch_size = 16;
  options.hidden_width = 8;
  const auto a = evaluate_offline(policy, plain, {}, options);
  policy.action_low = {384, 384};
  policy.action_high = {640, 640};
  const auto b = evaluate_offline(policy, other, {}, options);
  ASSERT_TRUE(a.ok() && b.ok());
  EXPECT_EQ(a->value.value, b->value.value);
  EXPECT_EQ(a->critic_values, b->critic_values);
}

}  // namespace
}  // namespace vaco
