// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/vaco.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include "core/learn/algorithms/vaco_params.h"
#include "core/learn/parts/algorithm_base.h"
#include "core/learn/parts/bilevel.h"
#include "core/learn/parts/low_level_weights.h"
#include "core/learn/parts/metrics.h"
#include "core/learn/parts/policy_response.h"

namespace vaco {
namespace {

constexpr Metric kAlignment{"alignment", "Mean alignment c of the batch", ""};
constexpr Metric kAlignmentShare{"alignment_share", "Share of samples with alignment c > 0", ""};
constexpr Metric kMultiplier{"price", "Multiplier of the weight budget", ""};

class Vaco final : public AlgorithmBase, public Explains {
 public:
  Vaco(AlgorithmSetup setup, const VacoParams& params);
  static MetricList bilevel_metrics() {
    return {metric::bc_loss, metric::policy_q, metric::batch_weight, metric::batch_ess,
            kAlignment,      kAlignmentShare,  kMultiplier};
  }

  std::optional<std::vector<float>> row_weights() override;
  Result<RowValues> row_values(const ProgressFn& progress, const std::stop_token& stop) override;
  RowValues values_of(const std::vector<int64_t>& rows) override;
  TrajectoryFeatures trajectory_features() override;
  std::optional<ValueSnapshot> value_snapshot() const override {
    return snapshot_critics(values_, params_.high.which_q, data_, step());
  }
  bool has_policy() const override { return step() > phase_begin(kWarmup); }

 private:
  enum Phase : size_t { kValue, kWarmup, kBilevel, kCloning };

  void take_step() override;
  PolicySnapshot snapshot() const override {
    return has_own_cloner() ? final_.cloner()->snapshot() : policy_.snapshot();
  }
  [[nodiscard]] bool is_past_bilevel() const { return step() > phase_begin(kCloning); }
  [[nodiscard]] bool has_own_cloner() const { return final_.cloner() && is_past_bilevel(); }
  /// What the final cloning has, from its first step on; step() is loaded before it.
  struct KeptFinal {
    Vaco& of;
    void visit(StateArchive& archive) {
      if (of.is_past_bilevel()) of.final_.visit(archive);
    }
  };
  void begin_phase();
  void final_step();
  void prepare_bilevel();
  void bilevel_step();
  const at::Tensor& step_and_align(const at::Tensor& high_rows);
  void gather_and_weigh(const at::Tensor& rows);
  void clone(const at::Tensor& weights);
  template <class Cloning>
  void note_cloning(Cloning& cloning);
  void note_bilevel(const at::Tensor& alignment, const at::Tensor& multiplier);
  void score_q();

  const VacoParams params_;
  RowSampler td_sampler_, sampler_, high_sampler_;
  ValueLearning values_;
  PolicyLearner policy_;
  ScoringNetwork scoring_;
  LowLevelWeights weights_;
  PolicyValue policy_value_;
  Hypergradient hypergradient_;
  WeightBudget budget_;
  FinalCloning final_;
  KeptFinal kept_final_{*this};

  at::Tensor q_;          ///< [N, 1]
  at::Tensor direction_;  ///< [B, 1] of α's ascent
  at::Tensor previous_;   ///< φ before the policy step [1, P]
  at::Tensor preconditioned_, preconditioner_;
  MetricMeans cloning_metrics_, bilevel_metrics_;
};

Vaco::Vaco(AlgorithmSetup setup, const VacoParams& params)
    : AlgorithmBase(std::move(setup), {{"value", "Value learning", params.value_steps},
                                       {"warmup", "Warm-up", params.warmup_steps},
                                       {"bilevel", "Bi-level", params.bilevel_steps},
                                       {"cloning", "Final cloning", params.cloning_steps}}),
      params_(params),
      td_sampler_(sampler(params.policy.batch_size, data_.td_rows, 0)),
      sampler_(sampler(params.policy.batch_size, {}, 1)),
      high_sampler_(sampler(params.policy.batch_size, {}, 2)),
      values_(*compute_, device_data_, params.values, params.policy, init_),
      policy_(*compute_, data_, device_data_, params.policy, init_),
      scoring_(*compute_, device_data_, params.weights, params.policy, init_),
      weights_(*compute_, data_, device_data_, params.weights, params.policy.batch_size),
      policy_value_(*compute_, device_data_, params.high, params.policy.batch_size, policy_.network(), values_,
                    seed_),
      hypergradient_(*compute_, policy_.network(), params.high.hypergradient, params.policy.batch_size),
      budget_(*compute_,
              weights_.normalization() == WeightNormalization::none ? params.weights.weight_budget : 0.0),
      final_(
          *compute_, data_, device_data_, params.policy, params.policy_lr_schedule, params.cloning_steps,
          params.final_cloning, weights_.on_groups() ? &weights_.groups() : nullptr,
          [this](auto rows) { return sampler(params_.policy.batch_size, std::move(rows), 3); }, init_),
      q_(at::zeros_like(device_data_.rewards)),
      direction_(at::zeros_like(weights_.of_batch())),
      previous_(at::zeros_like(policy_.parameters())),
      preconditioned_(at::zeros_like(previous_)),
      preconditioner_(at::zeros_like(previous_)),
      cloning_metrics_(*compute_, {metric::bc_loss}),
      bilevel_metrics_(*compute_, bilevel_metrics()) {
  policy_.set_weight_decay(params.final_cloning.cloner.weight_decay);
  sampler_.set_groups(weights_.groups());
  keep("initialization", init_);
  keep(values_);
  keep(policy_);
  keep(scoring_);
  keep(weights_);
  keep(budget_);
  keep("metrics/cloning", cloning_metrics_);
  keep("metrics/bilevel", bilevel_metrics_);
  keep(kept_final_);
  report({&values_.metrics(), &cloning_metrics_, &bilevel_metrics_, &final_.metrics()});
}

void Vaco::take_step() {
  if (phase_step() == 0) begin_phase();
  switch (phase()) {
    case kValue:
      run_step(0, [this] { values_.update(td_sampler_.draw(sampling_)); });
      break;
    case kWarmup:
      run_step(1, [this] {
        policy_.gather(sampler_.draw(sampling_));
        clone({});
      });
      break;
    case kBilevel:
      prepare_bilevel();
      run_step(policy_value_.has_noise() ? 2 : 3, [this] { bilevel_step(); });
      break;
    case kCloning:
      final_step();
      break;
  }
}

void Vaco::final_step() {
  auto& cloner = final_.cloner();
  if (final_.needs_weights()) {
    final_.set_weights(weights_.of_dataset(scoring_));
    if (!cloner && params_.cloning_restart && params_.final_cloning.cloner.rate_by_rows)
      policy_.scale_rate(rate_for_rows(final_.effective_rows()));
  }
  if (cloner && !cloner->prepare(phase_step())) return;
  if (!cloner && params_.policy_lr_schedule == RateSchedule::cosine)
    policy_.anneal(phase_step(), phase_steps(kCloning));
  run_step(4, [this, &cloner] {
    if (cloner) {
      const bool by_weight = final_.draws_by_weight();
      const auto& rows = by_weight ? final_.draw(sampling_) : sampler_.draw(sampling_);
      cloner->step(rows, by_weight ? at::Tensor() : weights_.gather(rows, scoring_),
                   [this, &cloner] { note_cloning(*cloner); });
      return;
    }
    policy_.decay();
    if (final_.draws_by_weight()) {
      policy_.gather(final_.draw(sampling_));
      clone({});
    } else {
      gather_and_weigh(sampler_.draw(sampling_));
      clone(weights_.of_batch());
    }
  });
}

/// What happens once on entering a phase.
void Vaco::begin_phase() {
  if (phase() == kBilevel) {
    score_q();
    weights_.refresh(scoring_);
  }
  if (phase() == kCloning) {
    weights_.refresh(scoring_);
    if (params_.cloning_restart) policy_.restart(init_);
  }
}

void Vaco::score_q() {
  values_.evaluate_dataset(reduction_of(params_.high.which_q), uses_target_critics(params_.high.which_q), q_);
  scoring_.set_q(q_);
}

/// Gathers a batch and gives its rows the weights of the low level.
void Vaco::gather_and_weigh(const at::Tensor& rows) {
  compute_->beside([&] { policy_.gather(rows); }, [&] { weights_.gather(rows, scoring_); });
}

/// A step of cloning on the batch that was gathered.
void Vaco::clone(const at::Tensor& weights) {
  policy_.clone_step(weights, [this] { note_cloning(policy_); });
}

template <class Cloning>
void Vaco::note_cloning(Cloning& cloning) {
  together([&] {
    cloning_metrics_.add(metric::bc_loss, cloning.loss());
    cloning_metrics_.count();
  });
}

/// What the host decides of a bi-level step.
void Vaco::prepare_bilevel() {
  const int64_t t = phase_step();
  if (t > 0 && t % params_.weights.weight_refresh_interval == 0) {
    if (params_.high.keep_value_training) score_q();
    weights_.refresh(scoring_);
  }
  const double progress =
      static_cast<double>(t) / static_cast<double>(std::max<int64_t>(1, phase_steps(kBilevel) - 1));
  const double start = params_.high.state_noise, end = params_.high.state_noise_end;
  policy_value_.set_noise(start + (end - start) * progress);
}

/// The low level's step, and what it did for the high level: c from φ_{t−1} and v at φ_t.
const at::Tensor& Vaco::step_and_align(const at::Tensor& high_rows) {
  if (hypergradient_.needs_parameters()) previous_.copy_(policy_.parameters());
  policy_.clone_step_by_rows(weights_.of_batch());

  const auto* v = &policy_value_.gradient(policy_.parameters(), high_rows);
  if (params_.high.adam_aware) {
    policy_.adam().derivative(policy_.gradients(), preconditioner_);
    at::mul_out(preconditioned_, *v, preconditioner_);
    v = &preconditioned_;
  }
  return hypergradient_.alignment(previous_, *v, policy_.tape(), policy_.actions());
}

/// Low level: φ_t ← φ_{t−1} − η1 ∇J^w_BC.  High level: α ascends Σ c_i ∂w_i/∂α with c from φ_{t−1} and v at
/// φ_t.
void Vaco::bilevel_step() {
  if (params_.high.keep_value_training) values_.update(td_sampler_.draw(sampling_));

  const auto& rows = sampler_.draw(sampling_);
  gather_and_weigh(rows);
  const bool groups = weights_.on_groups(),
             fresh = params_.high.high_batch == HighLevelParams::HighBatch::fresh;
  const auto& peers = groups ? sampler_.draw_within_groups(sampling_) : rows;
  const auto& high_rows = fresh ? high_sampler_.draw(sampling_) : rows;
  const at::Tensor *c = nullptr, *multiplier = nullptr;
  compute_->beside([&] { c = &step_and_align(high_rows); },
                   [&] {
                     if (groups) scoring_.score(peers);
                     together([&] { multiplier = &budget_.multiplier(scoring_.weights()); });
                   });
  together([&] {
    ascent_direction(*c, weights_.of_batch(), scoring_.weights(), weights_.normalization(),
                     params_.weights.trust, *multiplier, direction_);
    scoring_.begin_ascent(direction_);
  });
  compute_->beside([this] { scoring_.end_ascent(); }, [&] { note_bilevel(*c, *multiplier); });
}

void Vaco::note_bilevel(const at::Tensor& alignment, const at::Tensor& multiplier) {
  together([&] {
    bilevel_metrics_.add_mean(kAlignment, alignment);
    bilevel_metrics_.add_mean(
        kAlignmentShare, [](auto c) { return c > 0.0f; }, alignment);
    bilevel_metrics_.add(metric::bc_loss, policy_.loss());
    bilevel_metrics_.add(metric::policy_q, policy_value_.mean_q());
    bilevel_metrics_.add_mean(metric::batch_weight, scoring_.weights());
    bilevel_metrics_.add_effective_share(metric::batch_ess, weights_.of_batch());
    if (budget_.is_set()) bilevel_metrics_.add(kMultiplier, multiplier);
    bilevel_metrics_.count();
  });
}

std::optional<std::vector<float>> Vaco::row_weights() {
  if (step() <= phase_begin(kBilevel)) return std::nullopt;
  const c10::InferenceMode no_autograd;
  return weights_.of_dataset(scoring_);
}

Result<RowValues> Vaco::row_values(const ProgressFn& progress, const std::stop_token& stop) {
  const c10::InferenceMode no_autograd;
  const auto& policy = has_own_cloner() ? final_.cloner()->policy() : policy_;
  return explain_rows(*compute_, device_data_, params_.high, policy, values_, row_weights(), progress, stop);
}

RowValues Vaco::values_of(const std::vector<int64_t>& rows) {
  const c10::InferenceMode no_autograd;
  const auto& policy = has_own_cloner() ? final_.cloner()->policy() : policy_;
  return explain_some_rows(*compute_, device_data_, params_.high, policy, values_,
                           step() > phase_begin(kBilevel), rows);
}

TrajectoryFeatures Vaco::trajectory_features() {
  const c10::InferenceMode no_autograd;
  if (step() <= phase_begin(kBilevel)) return {};
  return scoring_.trajectory_features(data_.trajectory_first, data_.trajectory_length);
}

}  // namespace

AlgorithmEntry vaco_entry() {
  return entry_of<Vaco, VacoParams>(
      {.key = "vaco",
       .label = "VACO",
       .summary = "Value-aligned behavior cloning: weights learned by bi-level optimization",
       .discrete_actions = true,
       .metrics =
           joined({ValueLearning::metric_list(), Vaco::bilevel_metrics(), FinalCloning::metric_list()})});
}

}  // namespace vaco
