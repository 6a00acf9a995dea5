// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/vaco.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include "core/learn/algorithms/vaco_params.h"
#include "core/learn/algorithms/vaco_schedule.h"
#include "core/learn/parts/algorithm_base.h"
#include "core/learn/parts/bilevel.h"
#include "core/learn/parts/low_level_weights.h"

namespace vaco {
namespace {

using Phase = VacoPhase;

class Vaco final : public AlgorithmBase {
 public:
  Vaco(std::unique_ptr<Compute> compute, const VacoParams& params, const TrainingData& data, uint64_t seed);

  std::vector<PhaseInfo> phases() const override { return schedule_.phases(); }
  int64_t step() const override { return step_; }
  void update() override;
  std::optional<std::vector<float>> row_weights() override;
  bool has_policy() const override { return step_ > schedule_.steps(Phase::value); }

 private:
  PolicySnapshot snapshot() const override { return policy_.snapshot(); }
  [[nodiscard]] int64_t phase_step() const { return schedule_.phase_step(step_); }
  void begin(Phase phase);
  void prepare_bilevel();
  void bilevel_step();
  void gather_and_weigh(const at::Tensor& rows);
  void clone(const at::Tensor& weights);
  void score_q();

  VacoSchedule schedule_;
  int64_t step_ = 0;
  double trust_, noise_start_, noise_end_;
  bool adam_aware_, fresh_high_batch_, keep_value_training_, cloning_restart_, cosine_;
  int64_t refresh_interval_;
  CriticReduction reduction_;
  bool target_critics_;

  RowSampler td_sampler_, sampler_, high_sampler_;
  ValueLearning values_;
  PolicyLearner policy_;
  ScoringNetwork scoring_;
  LowLevelWeights weights_;
  PolicyValue policy_value_;
  Hypergradient hypergradient_;
  WeightBudget budget_;

  at::Tensor q_;          ///< [N, 1]
  at::Tensor direction_;  ///< [B, 1] of α's ascent
  at::Tensor previous_;   ///< φ before the policy step [1, P]
  at::Tensor preconditioned_, preconditioner_;
  MetricMeans cloning_metrics_, bilevel_metrics_;
};

std::vector<std::string> bilevel_metric_keys() {
  return {"bc_loss", "policy_q", "batch_weight", "batch_ess", "alignment", "alignment_share", "price"};
}

Vaco::Vaco(std::unique_ptr<Compute> compute, const VacoParams& params, const TrainingData& data, uint64_t seed)
    : AlgorithmBase(std::move(compute), data, seed),
      schedule_(params),
      trust_(params.weights.trust),
      noise_start_(params.high.state_noise),
      noise_end_(params.high.state_noise_end),
      adam_aware_(params.high.adam_aware),
      fresh_high_batch_(params.high.high_batch == HighLevelParams::HighBatch::fresh),
      keep_value_training_(params.high.keep_value_training),
      cloning_restart_(params.cloning_restart),
      cosine_(params.policy_lr_schedule == RateSchedule::cosine),
      refresh_interval_(params.weights.weight_refresh_interval),
      reduction_(reduction_of(params.high.which_q)),
      target_critics_(uses_target_critics(params.high.which_q)),
      td_sampler_(*compute_, params.policy.batch_size, data.rows, data.td_rows, seed, 0),
      sampler_(*compute_, params.policy.batch_size, data.rows, {}, seed, 1),
      high_sampler_(*compute_, params.policy.batch_size, data.rows, {}, seed, 2),
      values_(*compute_, device_data_, params.values, params.policy, init_),
      policy_(*compute_, data, device_data_, params.policy, init_),
      scoring_(*compute_, device_data_, params.weights, params.policy, init_),
      weights_(*compute_, data, device_data_, params.weights, params.policy.batch_size),
      policy_value_(*compute_, device_data_, params.high, params.policy.batch_size, policy_.network(), values_,
                    seed),
      hypergradient_(*compute_, policy_.network(), params.high.hypergradient, params.policy.batch_size),
      budget_(*compute_,
              weights_.normalization() == WeightNormalization::none ? params.weights.weight_budget : 0.0),
      q_(at::zeros_like(device_data_.rewards)),
      direction_(at::zeros_like(weights_.of_batch())),
      previous_(at::zeros_like(policy_.parameters())),
      preconditioned_(at::zeros_like(previous_)),
      preconditioner_(at::zeros_like(previous_)),
      cloning_metrics_(*compute_, {"bc_loss"}),
      bilevel_metrics_(*compute_, bilevel_metric_keys()) {
  sampler_.set_groups(weights_.groups());
  keep("step", step_);
  keep("initialization", init_);
  keep(values_);
  keep(policy_);
  keep(scoring_);
  keep(weights_);
  keep(budget_);
  keep("metrics/cloning", cloning_metrics_);
  keep("metrics/bilevel", bilevel_metrics_);
  report({&values_.metrics(), &cloning_metrics_, &bilevel_metrics_});
}

void Vaco::update() {
  const c10::InferenceMode no_autograd;
  const Phase now = schedule_.phase(step_);
  if (phase_step() == 0) begin(now);
  switch (now) {
    case Phase::value:
      run_step(0, [this] { values_.update(td_sampler_.draw(sampling_)); });
      break;
    case Phase::warmup:
      run_step(1, [this] {
        policy_.gather(sampler_.draw(sampling_));
        clone({});
      });
      break;
    case Phase::bilevel:
      prepare_bilevel();
      run_step(policy_value_.has_noise() ? 2 : 3, [this] { bilevel_step(); });
      break;
    case Phase::cloning:
      if (cosine_)
        policy_.set_learning_rate(policy_.learning_rate() *
                                  cosine_decay(phase_step(), schedule_.steps(Phase::cloning)));
      run_step(4, [this] {
        gather_and_weigh(sampler_.draw(sampling_));
        clone(weights_.of_batch());
      });
      break;
  }
  ++step_;
}

/// What happens once on entering a phase.
void Vaco::begin(Phase phase) {
  if (phase == Phase::bilevel) {
    score_q();
    weights_.refresh(scoring_);
  }
  if (phase == Phase::cloning) {
    weights_.refresh(scoring_);
    if (cloning_restart_) policy_.restart(init_);
  }
}

void Vaco::score_q() {
  values_.evaluate_dataset(reduction_, target_critics_, q_);
  scoring_.set_q(q_);
}

/// Gathers a batch and gives its rows the weights of the low level.
void Vaco::gather_and_weigh(const at::Tensor& rows) {
  policy_.gather(rows);
  weights_.gather(rows, scoring_);
}

/// A step of cloning on the batch that was gathered.
void Vaco::clone(const at::Tensor& weights) {
  policy_.clone_step(weights);
  cloning_metrics_.add(0, policy_.loss());
  cloning_metrics_.count();
}

/// What the host decides of a bi-level step.
void Vaco::prepare_bilevel() {
  const int64_t t = phase_step();
  if (t > 0 && t % refresh_interval_ == 0) {
    if (keep_value_training_) score_q();
    weights_.refresh(scoring_);
  }
  const double progress =
      static_cast<double>(t) / static_cast<double>(std::max<int64_t>(1, schedule_.steps(Phase::bilevel) - 1));
  policy_value_.set_noise(noise_start_ + (noise_end_ - noise_start_) * progress);
}

/// Low level: φ_t ← φ_{t−1} − η1 ∇J^w_BC.  High level: α ascends Σ c_i ∂w_i/∂α with c from φ_{t−1} and v at
/// φ_t.
void Vaco::bilevel_step() {
  if (keep_value_training_) values_.update(td_sampler_.draw(sampling_));

  const auto& rows = sampler_.draw(sampling_);
  gather_and_weigh(rows);
  if (weights_.on_groups()) scoring_.score(sampler_.draw_within_groups(sampling_));
  if (hypergradient_.needs_parameters()) previous_.copy_(policy_.parameters());
  policy_.clone_gradient(weights_.of_batch());
  policy_.step();

  const auto& high_rows = fresh_high_batch_ ? high_sampler_.draw(sampling_) : rows;
  const auto* v = &policy_value_.gradient(policy_.parameters(), high_rows);
  if (adam_aware_) {
    policy_.adam().derivative(policy_.gradients(), preconditioner_);
    at::mul_out(preconditioned_, *v, preconditioner_);
    v = &preconditioned_;
  }
  const auto& c = hypergradient_.alignment(previous_, *v, policy_.tape(), policy_.actions());
  bilevel_metrics_.add_mean(4, c);
  bilevel_metrics_.add_mean(
      5, [](auto alignment) { return alignment > 0.0f; }, c);
  const auto& multiplier = budget_.multiplier(scoring_.weights());
  ascent_direction(c, weights_.of_batch(), scoring_.weights(), weights_.normalization(), trust_, multiplier,
                   direction_);
  scoring_.ascend(direction_);

  bilevel_metrics_.add(0, policy_.loss());
  bilevel_metrics_.add(1, policy_value_.mean_q());
  bilevel_metrics_.add_mean(2, scoring_.weights());
  bilevel_metrics_.add_effective_share(3, weights_.of_batch());
  if (budget_.is_set()) bilevel_metrics_.add(6, multiplier);
  bilevel_metrics_.count();
}

std::optional<std::vector<float>> Vaco::row_weights() {
  if (step_ <= schedule_.begin(Phase::bilevel)) return std::nullopt;
  const c10::InferenceMode no_autograd;
  return weights_.of_dataset(scoring_);
}

}  // namespace

AlgorithmEntry vaco_entry() {
  return entry_of<Vaco, VacoParams>(
      {.key = "vaco",
       .label = "VACO",
       .summary = "Value-aligned behavior cloning: weights learned by bi-level optimization"});
}

}  // namespace vaco
