// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/awac.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include "core/learn/parts/action_bounds.h"
#include "core/learn/parts/advantage_weights.h"
#include "core/learn/parts/algorithm_base.h"
#include "core/learn/parts/critic_ensemble.h"
#include "core/learn/parts/dataset_pass.h"
#include "core/learn/parts/formula.h"
#include "core/learn/parts/gaussian_spread.h"
#include "core/learn/parts/metrics.h"
#include "core/learn/parts/policy_learner.h"

namespace vaco {
namespace {

struct AwacParams {
  int64_t steps = 1000000;
  double temperature = 0.3333, weight_clip = 100.0;
  TdParams td;
  AveragedPolicyParams policy;
  void list(ParamFields& fields);
};

class Awac final : public AlgorithmBase {
 public:
  Awac(AlgorithmSetup setup, const AwacParams& params)
      : AlgorithmBase(std::move(setup), {{"awac", "AWAC", params.steps}}),
        params_(params),
        bounds_(*compute_, data_.action_low, data_.action_high),
        sampler_(sampler(params.policy.batch_size, data_.td_rows)),
        critics_(*compute_, device_data_, params.td, params.policy, 2, init_),
        policy_(*compute_, data_, device_data_, params.policy, init_),
        spread_(*compute_, data_, params.policy.policy_lr, params.policy.batch_size),
        next_noise_(noise(1, {params.policy.batch_size, data_.action_dim})),
        noise_(noise(2, {params.policy.batch_size, data_.action_dim})),
        next_tape_(policy_.network().make_tape(params.policy.batch_size)),
        sampled_(at::zeros_like(next_tape_.actions)),
        minimum_(compute_->zeros({params.policy.batch_size, 1})),
        advantage_(at::zeros_like(minimum_)),
        weights_(at::zeros_like(minimum_)),
        metrics_(*compute_, own_metrics()) {
    keep(critics_);
    keep(policy_);
    keep(spread_);
    keep("metrics", metrics_);
    report({&metrics_});
  }
  static MetricList own_metrics() {
    return {metric::critic_loss, metric::q_mean, metric::policy_loss, metric::batch_weight, metric::batch_ess};
  }

  /// The weights' advantage is taken over the policy's mean action here, so that they do not depend on a draw.
  std::optional<std::vector<float>> row_weights() override {
    if (step() == 0) return std::nullopt;
    const c10::InferenceMode no_autograd;
    const int64_t rows = device_data_.actions.size(0), chunk = std::min(kDatasetChunk, rows);
    if (!dataset_tape_) {
      dataset_tape_ = critics_.mlp().make_tape(chunk);
      dataset_policy_ = policy_.network().make_tape(chunk);
    }
    auto weights = at::zeros_like(device_data_.rewards);
    over_chunks(rows, chunk, [&](int64_t begin) {
      auto part = weights.narrow(0, begin, chunk);
      auto input = dataset_tape_->input;
      input.copy_(device_data_.observation_action.narrow(0, begin, chunk));
      critics_.mlp().forward(critics_.parameters(), *dataset_tape_);
      const auto q = at::minimum(dataset_tape_->output[0], dataset_tape_->output[1]);
      dataset_policy_.observations().copy_(device_data_.observations.narrow(0, begin, chunk));
      policy_.network().act(policy_.parameters(), dataset_policy_);
      input.narrow(1, device_data_.observations.size(1), dataset_policy_.actions.size(1))
          .copy_(dataset_policy_.actions);
      critics_.mlp().forward(critics_.parameters(), *dataset_tape_);
      weigh(q - at::minimum(dataset_tape_->output[0], dataset_tape_->output[1]), part);
    });
    return normalized_weights(weights);
  }

 private:
  void take_step() override {
    run_step(0, [this] {
      const auto& rows = sampler_.draw(sampling_);
      update_critics(rows);
      update_policy(rows);
      metrics_.count();
    });
  }
  PolicySnapshot snapshot() const override { return policy_.snapshot(); }

  void update_critics(const at::Tensor& rows) {
    gather_rows(device_data_.next_observations, rows, next_tape_.observations());
    policy_.network().act(policy_.parameters(), next_tape_);
    const auto& next = critics_.next_values(next_tape_.observations(), sample(next_tape_.actions, next_noise_));
    critics_.gather(rows);
    critics_.td_gradient(at::minimum_out(minimum_, next[0], next[1]));
    critics_.step();
    metrics_.add(metric::critic_loss, critics_.loss());
    metrics_.add_mean(metric::q_mean, critics_.td_values());
  }

  void update_policy(const at::Tensor& rows) {
    policy_.gather(rows);
    together([this] { policy_.network().respond(policy_.tape()); });
    const auto& observations = policy_.tape().observations();
    const auto& q = critics_.values(observations, policy_.actions());
    at::minimum_out(advantage_, q[0], q[1]);
    const auto& q_policy = critics_.values(observations, sample(policy_.tape().actions, noise_));
    advantage_.sub_(at::minimum_out(minimum_, q_policy[0], q_policy[1]));
    weigh(advantage_, weights_);
    metrics_.add(metric::policy_loss, spread_.log_volume().mul_(weights_.mean()));
    policy_.clone_step(spread_.coordinate_weights(weights_));
    metrics_.add(metric::policy_loss, policy_.loss());
    spread_.step(weights_, policy_.residual());
    add_weight_metrics(metrics_, weights_);
  }

  /// A draw from the policy with the given mean [B, action_dim], cut at the bounds.
  const at::Tensor& sample(const at::Tensor& mean, StepNoise& noise) {
    at::mul_out(sampled_, noise.draw(), spread_.deviation());
    return at::clamp_out(sampled_, sampled_.add_(mean), bounds_.low, bounds_.high);
  }
  void weigh(const at::Tensor& advantage, at::Tensor& weights) const {
    exponential_weights(advantage, 1.0 / params_.temperature, params_.weight_clip, weights);
  }

  const AwacParams params_;
  ActionBounds bounds_;
  RowSampler sampler_;
  CriticEnsemble critics_;
  PolicyLearner policy_;
  GaussianSpread spread_;
  StepNoise next_noise_, noise_;
  PolicyTape next_tape_, dataset_policy_;
  std::unique_ptr<Tape> dataset_tape_;
  at::Tensor sampled_;                        ///< [B, action_dim]
  at::Tensor minimum_, advantage_, weights_;  ///< [B, 1]
  MetricMeans metrics_;
};

void AwacParams::list(ParamFields& fields) {
  list_training_steps(fields, steps, "awac_steps", "AWAC",
                      "Steps of AWAC; each moves the critics and the policy.", "CORL");
  fields.add(temperature, {.key = "temperature",
                           .symbol = "λ",
                           .label = "Temperature",
                           .help = "A sample weighs exp(advantage / λ): "
                                   "large values are plain cloning, small ones copy only the best actions.",
                           .min = 1e-4,
                           .max = 1e6,
                           .warn_min = 0.05,
                           .warn_max = 100.0,
                           .scale = ParamScale::logarithmic,
                           .tier = ParamTier::basic,
                           .group = "Policy weights",
                           .affects = "between cloning all data and only its best actions",
                           .reference = "CORL"});
  list_weight_clip(fields, weight_clip, "CORL");
  td.list(fields, "CORL");
  policy.list(fields);
}

}  // namespace

AlgorithmEntry awac_entry() {
  return entry_of<Awac, AwacParams>(
      {.key = "awac",
       .label = "AWAC",
       .summary = "Advantage-weighted actor-critic: advantage-weighted cloning with TD critics",
       .metrics = Awac::own_metrics()});
}

}  // namespace vaco
