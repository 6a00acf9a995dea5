// SPDX-License-Identifier: GPL-3.0-or-later
// Every update of the engine against libtorch autograd, tensor by tensor, over ten steps in float32.
#include <gtest/gtest.h>

#include "core/bench/autograd_reference.h"
#include "tests/learn/toy_data.h"

namespace vaco {
namespace {

using testing::make_params;
using testing::relative_difference;
using testing::Settings;

struct Case {
  const char* name;
  int64_t obs_dim, action_dim;
  const char* device;
  const char* weight_level;
  bool discrete = false;

  [[nodiscard]] TrainingData data() const {
    return discrete ? testing::random_choices(obs_dim, action_dim) : testing::random_data(obs_dim, action_dim);
  }
};

class Updates : public ::testing::TestWithParam<Case> {
 protected:
  Settings settings(Settings more) const {
    more.push_back({"weight_level", GetParam().weight_level});
    more.push_back({"warmup_steps", "0"});
    more.push_back({"state_noise", "0"});
    more.push_back({"weight_budget", "0"});
    more.push_back({"meta_lr", "0.0003"});
    return more;
  }
  std::unique_ptr<Algorithm> make(const ParamSet& params) const {
    auto made = make_algorithm("vaco", params, data_, 3,
                               {.device = GetParam().device, .precision = "auto", .threads = 2});
    EXPECT_TRUE(made);
    return std::move(*made);
  }
  static void expect_equal(const StateDict& ours, const StateDict& reference,
                           const std::vector<std::string>& names, int step) {
    for (const auto& name : names)
      EXPECT_LT(relative_difference(ours.at(name), reference.at(name)), 1e-5) << name << " after step " << step;
  }
  TrainingData data_ = GetParam().data();
};

TEST_P(Updates, ValueLearningAgreesWithAutograd) {
  const auto params = make_params("vaco", settings({{"value_steps", "100"}}));
  const auto engine = make(params);
  AutogradReference reference(params, data_, engine->save());
  for (int step = 1; step <= 10; ++step) {
    engine->update();
    reference.value_step();
    expect_equal(engine->save(), reference.save(), {"critic/parameters", "critic/target", "value/parameters"},
                 step);
  }
}

TEST_P(Updates, BilevelStepsAgreeWithDoubleBackward) {
  const auto params = make_params("vaco", settings({{"value_steps", "1"}, {"bilevel_steps", "100"}}));
  // The first bi-level step scores Q over the dataset; the reference starts from what the engine saved after
  // it, with the parameters from before it.
  const auto scout = make(params);
  scout->update();
  auto start = scout->save();
  scout->update();
  for (const char* prepared : {"scoring/q", "weights/rows"}) start[prepared] = scout->save().at(prepared);

  const auto engine = make(params);
  engine->update();
  AutogradReference reference(params, data_, start);
  for (int step = 1; step <= 10; ++step) {
    engine->update();
    reference.bilevel_step();
    expect_equal(engine->save(), reference.save(), {"policy/parameters", "scoring/parameters"}, step);
  }
}

INSTANTIATE_TEST_SUITE_P(Shapes, Updates,
                         ::testing::Values(Case{"hopper_cpu_sample", 11, 3, "cpu", "sample"},
                                           Case{"hopper_cpu_trajectory", 11, 3, "cpu", "trajectory"},
                                           Case{"walker_cpu_sample", 17, 6, "cpu", "sample"},
                                           Case{"walker_reference_trajectory", 17, 6, "reference",
                                                "trajectory"},
                                           Case{"hopper_reference_sample", 11, 3, "reference", "sample"},
                                           Case{"choices_cpu_sample", 4, 2, "cpu", "sample", true},
                                           Case{"choices_cpu_trajectory", 5, 3, "cpu", "trajectory", true},
                                           Case{"choices_reference_sample", 4, 5, "reference", "sample", true}),
                         [](const auto& case_info) { return case_info.param.name; });

void expect_cloning_as_by_autograd(const TrainingData& data) {
  // VACO's warm-up is plain cloning; the reference starts from the state after the single value step before it.
  const auto params = make_params("vaco", {{"value_steps", "1"}, {"warmup_steps", "100"}});
  auto engine = std::move(*make_algorithm("vaco", params, data, 3, {}));
  engine->update();
  AutogradReference reference(params, data, engine->save());
  for (int step = 1; step <= 10; ++step) {
    engine->update();
    reference.cloning_step();
    EXPECT_LT(
        relative_difference(engine->save().at("policy/parameters"), reference.save().at("policy/parameters")),
        1e-5);
  }
}

TEST(Cloning, AgreesWithAutograd) {
  expect_cloning_as_by_autograd(testing::random_data(11, 3));
}

TEST(Cloning, OfChoicesAgreesWithAutograd) {
  expect_cloning_as_by_autograd(testing::random_choices(6, 4));
}

TEST(Iql, OfChoicesAgreesWithAutograd) {
  const auto data = testing::random_choices(4, 3);
  // The reference reads VACO's names; what it needs of them is there in a state of IQL's too.
  const auto params = make_params("iql", {{"iql_steps", "100"},
                                          {"inverse_temperature", "1.7"},
                                          {"weight_clip", "2.5"},
                                          {"policy_lr_schedule", "constant"}});
  const auto of_vaco = make_params("vaco", {});
  auto start = std::move(*make_algorithm("vaco", of_vaco, data, 3, {}))->save();
  const auto engine = std::move(*make_algorithm("iql", params, data, 3, {}));
  for (const auto& [name, array] : engine->save()) start[name] = array;
  AutogradReference reference(of_vaco, data, start);
  for (int step = 1; step <= 10; ++step) {
    engine->update();
    reference.iql_step(1.7, 2.5);
    for (const char* name : {"critic/parameters", "value/parameters", "policy/parameters"})
      EXPECT_LT(relative_difference(engine->save().at(name), reference.save().at(name)), 1e-5)
          << name << " after step " << step;
  }
}

}  // namespace
}  // namespace vaco
