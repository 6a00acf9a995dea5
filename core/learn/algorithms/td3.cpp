// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/td3.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <iterator>

#include "core/learn/algorithms/td3_learner.h"
#include "core/learn/parts/algorithm_base.h"
#include "core/learn/schemas.h"

namespace vaco {

std::vector<ParamSpec> td3_schema(bool with_cloning) {
  std::vector<ParamSpec> schema{training_steps_spec(
      "td3_steps", "TD3", "Steps in which critics and policy learn from the data.", "TD3+BC")};
  schema.back().affects = "how far Q and the policy get; time";
  if (with_cloning)
    schema.push_back({.key = "bc_alpha",
                      .symbol = "α",
                      .label = "Weight of values",
                      .help =
                          "The policy maximizes α Q / mean|Q| and stays near the data's actions; towards 0 it "
                          "is cloning, large values are TD3 alone.",
                      .default_value = 2.5,
                      .min = 1e-6,
                      .max = 1e6,
                      .warn_min = 0.1,
                      .warn_max = 20.0,
                      .scale = ParamScale::logarithmic,
                      .tier = ParamTier::basic,
                      .group = "TD3",
                      .affects = "how far the policy leaves the data",
                      .reference = "TD3+BC"});
  auto rest = td3_update_schema();
  schema.insert(schema.end(), std::make_move_iterator(rest.begin()), std::make_move_iterator(rest.end()));
  return schema;
}

namespace {

class Td3 final : public AlgorithmBase {
 public:
  Td3(std::unique_ptr<Compute> compute, const ParamSet& params, const TrainingData& data, uint64_t seed)
      : AlgorithmBase(std::move(compute), data, seed),
        steps_(params.integer("td3_steps")),
        sampler_(*compute_, params.integer("batch_size"), data.rows, data.td_rows, seed),
        learner_(*compute_, data, device_data_, params, seed) {
    keep(learner_);
    report({&learner_.metrics()});
  }

  std::vector<PhaseInfo> phases() const override { return {{"td3", "TD3", steps_}}; }
  int64_t step() const override { return learner_.updates(); }
  bool has_policy() const override { return learner_.has_policy(); }

  void update() override {
    const c10::InferenceMode no_autograd;
    run_step(learner_.moves_policy() ? 1 : 0, [this] { learner_.update(sampler_.draw(sampling_)); });
    learner_.count_update();
  }

 private:
  PolicySnapshot snapshot() const override { return learner_.snapshot(); }

  int64_t steps_;
  RowSampler sampler_;
  Td3Learner learner_;
};

}  // namespace

std::unique_ptr<Algorithm> make_td3(std::unique_ptr<Compute> compute, const ParamSet& params,
                                    const TrainingData& data, uint64_t seed) {
  return std::make_unique<Td3>(std::move(compute), params, data, seed);
}

}  // namespace vaco
