// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/td3.h"

#include "core/learn/parts/algorithm_base.h"

namespace vaco {
namespace {

class Td3 final : public AlgorithmBase {
 public:
  Td3(AlgorithmSetup setup, const Td3Params& params)
      : AlgorithmBase(std::move(setup), {{"td3", "TD3", params.steps}}, kTd3Updates),
        smoothing_(params.update.smoothing),
        sampler_(sampler(params.update.policy.batch_size, data_.td_rows)),
        learner_(*compute_, data_, device_data_, params.update, seed_, init_) {
    keep(learner_);
    report({&learner_.metrics()});
  }

  bool has_policy() const override { return step() >= smoothing_.policy_delay; }

 private:
  void take_step() override {
    const bool moves_policy = smoothing_.moves_policy(step());
    run_step(moves_policy ? 1 : 0,
             [this, moves_policy] { learner_.update(sampler_.draw(sampling_), moves_policy); });
  }
  PolicySnapshot snapshot() const override { return learner_.policy().snapshot(); }

  const TargetSmoothingParams smoothing_;
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
       .summary = "TD3 whose policy is held near the data's actions by a cloning term",
       .metrics = Td3Learner::metric_list()});
}

AlgorithmEntry td3_entry() {
  return entry_of<Td3, Td3Params>(
      {.key = "td3",
       .label = "TD3",
       .summary = "TD3 on the data alone, with nothing that holds the policy near it",
       .metrics = Td3Learner::metric_list()});
}

}  // namespace vaco
