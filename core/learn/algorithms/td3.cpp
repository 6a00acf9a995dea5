// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/td3.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include "core/learn/algorithms/td3_learner.h"
#include "core/learn/parts/algorithm_base.h"

namespace vaco {

namespace {

class Td3 final : public AlgorithmBase {
 public:
  Td3(std::unique_ptr<Compute> compute, const Td3Params& params, const TrainingData& data, uint64_t seed)
      : AlgorithmBase(std::move(compute), data, seed),
        steps_(params.steps),
        sampler_(*compute_, params.update.policy.batch_size, data.rows, data.td_rows, seed),
        learner_(*compute_, data, device_data_, params.update, seed) {
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

void Td3Params::list(ParamFields& fields) {
  list_training_steps(fields, steps, "td3_steps", "TD3",
                      "Steps in which critics and policy learn from the data.", "TD3+BC");
  fields.of(steps).affects = "how far Q and the policy get; time";
  if (update.bc_alpha > 0.0)
    fields.add(update.bc_alpha,
               {.key = "bc_alpha",
                .symbol = "α",
                .label = "Weight of values",
                .help = "The policy maximizes α Q / mean|Q| and stays near the data's actions; towards 0 it "
                        "is cloning, large values are TD3 alone.",
                .min = 1e-6,
                .max = 1e6,
                .warn_min = 0.1,
                .warn_max = 20.0,
                .scale = ParamScale::logarithmic,
                .tier = ParamTier::basic,
                .group = "TD3",
                .affects = "how far the policy leaves the data",
                .reference = "TD3+BC"});
  update.list(fields);
}

AlgorithmEntry td3_bc_entry() {
  return entry_of<Td3, Td3BcParams>(
      {.key = "td3_bc",
       .label = "TD3+BC",
       .summary = "TD3 whose policy is held near the data's actions by a cloning term"});
}

AlgorithmEntry td3_entry() {
  return entry_of<Td3, Td3Params>(
      {.key = "td3",
       .label = "TD3",
       .summary = "TD3 on the data alone, with nothing that holds the policy near it"});
}

}  // namespace vaco
