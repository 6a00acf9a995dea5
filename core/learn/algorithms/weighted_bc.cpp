// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/weighted_bc.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <span>

#include "core/learn/algorithms/bc.h"
#include "core/learn/parts/advantage_weights.h"
#include "core/learn/parts/algorithm_base.h"
#include "core/learn/parts/cloning_weights.h"
#include "core/learn/parts/formula.h"
#include "core/learn/parts/metrics.h"
#include "core/learn/parts/policy_response.h"
#include "core/learn/parts/return_advantages.h"
#include "core/learn/parts/row_draws.h"
#include "core/learn/parts/value_learning.h"

namespace vaco {
namespace {

enum class Weighting {
  advantage,
  trajectory_return,
  reciprocal_value,
  reciprocal_shortfall,
  return_advantage,
  positive_advantage
};
bool weighs_by_return(Weighting weighting) {
  return weighting == Weighting::trajectory_return || weighting == Weighting::return_advantage;
}
enum class FixedWeightLevel { sample, trajectory };

struct WeightedBcParams {
  Weighting weighting = Weighting::advantage;
  FixedWeightLevel fixed_weight_level = FixedWeightLevel::sample;
  CloningDraws cloning_draws = CloningDraws::uniform;
  double inverse_temperature = 3.0, weight_clip = 100.0, return_temperature = 0.1, reciprocal_offset = 0.1;
  int64_t value_steps = 1000000;
  ValueLearningParams values;
  BcParams cloning;
  void list(ParamFields& fields);
};

class WeightedBc final : public AlgorithmBase, public Explains {
 public:
  WeightedBc(AlgorithmSetup setup, const WeightedBcParams& params)
      : AlgorithmBase(std::move(setup),
                      {{"value", "Value learning", weighs_by_return(params.weighting) ? 0 : params.value_steps},
                       {"cloning", "Weighted cloning", params.cloning.steps}}),
        params_(params),
        td_sampler_(sampler(params.cloning.policy.batch_size, data_.td_rows, 0)),
        sampler_(sampler(params.cloning.policy.batch_size, {}, 1)),
        values_(*compute_, device_data_, params.values, params.cloning.policy, init_),
        cloner_(*compute_, data_, device_data_, params.cloning.policy, params.cloning.policy_lr_schedule,
                params.cloning.steps, params.cloning.cloner, init_),
        row_weights_(at::ones_like(device_data_.rewards)),
        weights_(compute_->zeros({params.cloning.policy.batch_size, 1})),
        metrics_(*compute_, own_metrics()) {
    keep(values_);
    keep(cloner_);
    keep("weights/rows", row_weights_);
    keep("metrics", metrics_);
    report({&values_.metrics(), &metrics_});
  }
  static MetricList own_metrics() { return {metric::bc_loss}; }

  std::optional<std::vector<float>> row_weights() override {
    if (!has_policy()) return std::nullopt;
    const auto host = row_weights_.to(at::kCPU, at::kFloat);
    return std::vector<float>(host.data_ptr<float>(), host.data_ptr<float>() + host.numel());
  }
  Result<RowValues> row_values(const ProgressFn& progress, const std::stop_token& stop) override {
    if (weighs_by_return(params_.weighting)) return RowValues{};  // it learns no values
    const c10::InferenceMode no_autograd;
    return explain_rows(*compute_, device_data_, {}, cloner_.policy(), values_, row_weights(), progress, stop);
  }
  RowValues values_of(const std::vector<int64_t>& rows) override {
    if (weighs_by_return(params_.weighting)) return {};
    const c10::InferenceMode no_autograd;
    return explain_some_rows(*compute_, device_data_, {}, cloner_.policy(), values_, has_policy(), rows);
  }
  std::optional<ValueSnapshot> value_snapshot() const override {
    if (weighs_by_return(params_.weighting)) return {};
    return snapshot_critics(values_, HighLevelParams().which_q, data_, step());
  }
  bool has_policy() const override { return step() > phase_begin(kCloning); }

 private:
  enum Phase : size_t { kValue, kCloning };

  void take_step() override {
    if (phase() == kValue) {
      run_step(0, [this] { values_.update(td_sampler_.draw(sampling_)); });
      return;
    }
    if (phase_step() == 0) weigh_dataset();
    if (!cloner_.prepare(phase_step())) return;
    const bool by_weight = params_.cloning_draws == CloningDraws::by_weight;
    if (by_weight && !by_weight_) set_draws();
    run_step(1, [this, by_weight] {
      const auto& rows = (by_weight ? *by_weight_ : sampler_).draw(sampling_);
      if (!by_weight) gather_rows(row_weights_, rows, weights_);
      cloner_.step(rows, by_weight ? at::Tensor() : weights_, [this] {
        together([this] {
          metrics_.add(metric::bc_loss, cloner_.loss());
          metrics_.count();
        });
      });
    });
  }
  PolicySnapshot snapshot() const override { return cloner_.snapshot(); }

  /// Once in every process that gets here: what to draw follows from the weights, which are saved.
  void set_draws() {
    const auto host = row_weights_.to(at::kCPU, at::kFloat);
    const std::span<const float> weights(host.data_ptr<float>(), static_cast<size_t>(host.numel()));
    by_weight_.emplace(sampler(params_.cloning.policy.batch_size, resample_rows(weights), 2));
  }

  void weigh_dataset() {
    if (weighs_by_return(params_.weighting))
      weigh_by_return();
    else
      weigh_by_value();
    auto host = normalized_weights(row_weights_);
    if (params_.fixed_weight_level == FixedWeightLevel::trajectory)
      average_over_groups(make_weight_groups(data_.trajectory_first, data_.trajectory_length, 0), host);
    row_weights_.copy_(compute_->upload(host, {data_.rows, 1}));
    cloner_.fit(effective_rows(host));
  }

  void weigh_by_return() {
    const auto returns =
        params_.weighting == Weighting::return_advantage ? return_advantages(data_) : data_.trajectory_return;
    const auto [low, high] = std::minmax_element(returns.begin(), returns.end());
    const double range = *high > *low ? static_cast<double>(*high) - *low : 1.0;
    std::vector<float> host(static_cast<size_t>(data_.rows));
    for (size_t t = 0; t < returns.size(); ++t) {
      const double short_by = (static_cast<double>(*high) - returns[t]) / range;
      std::fill_n(host.begin() + data_.trajectory_first[t], data_.trajectory_length[t],
                  static_cast<float>(std::exp(-short_by / params_.return_temperature)));
    }
    row_weights_.copy_(compute_->upload(host, {data_.rows, 1}));
  }

  void weigh_by_value() {
    values_.evaluate_dataset(CriticReduction::minimum, true, row_weights_);
    if (params_.weighting == Weighting::reciprocal_value ||
        params_.weighting == Weighting::reciprocal_shortfall)
      return weigh_by_reciprocal();
    auto value = at::zeros_like(row_weights_);
    values_.evaluate_dataset_value(value);
    row_weights_.sub_(value);
    if (params_.weighting == Weighting::positive_advantage) {
      row_weights_.copy_(row_weights_.gt(0.0));
      return;
    }
    exponential_weights(row_weights_, params_.inverse_temperature, params_.weight_clip, row_weights_);
  }

  /// row_weights_ holds Q̂.
  void weigh_by_reciprocal() {
    const auto sorted = std::get<0>(row_weights_.view(-1).sort());
    const auto at_share = [&](double share) {
      return sorted.select(0, static_cast<int64_t>(share * static_cast<double>(data_.rows - 1)));
    };
    const auto low = at_share(0.05), range = (at_share(0.95) - low).clamp_min(1e-6);
    row_weights_.sub_(low).div_(range).clamp_(0.0, 1.0);
    if (params_.weighting == Weighting::reciprocal_shortfall) row_weights_.neg_().add_(1.0);
    row_weights_.add_(params_.reciprocal_offset).reciprocal_();
  }

  const WeightedBcParams params_;
  RowSampler td_sampler_, sampler_;
  std::optional<RowSampler> by_weight_;  ///< of a dataset that is drawn by weight
  ValueLearning values_;
  Cloner cloner_;
  at::Tensor row_weights_;  ///< [N, 1], mean 1
  at::Tensor weights_;      ///< [B, 1]
  MetricMeans metrics_;
};

void WeightedBcParams::list(ParamFields& fields) {
  const std::string group = "Policy weights";
  fields.add(weighting,
             {.key = "weighting",
              .symbol = "",
              .label = "Weighting",
              .help = "advantage: exp(β A); return: exponential in the trajectory's return; "
                      "reciprocal_value: 1 / value, so low values weigh most; "
                      "reciprocal_shortfall: 1 / (what is missing to the best value); "
                      "return_advantage: exponential in the return less its regression on the first "
                      "observation; positive_advantage: 1 where A is above 0, else 0.",
              .choices = {"advantage", "return", "reciprocal_value", "reciprocal_shortfall", "return_advantage",
                          "positive_advantage"},
              .tier = ParamTier::basic,
              .group = group,
              .affects = "which behavior is copied",
              .reference = "reciprocals: VACO's ablations by name, the formulas are our reading; return "
                           "and return_advantage: RW and AW (2306.13085)"});
  fields.add(fixed_weight_level,
             {.key = "fixed_weight_level",
              .symbol = "",
              .label = "Weights act on",
              .help = "sample: each sample its own weight; trajectory: the mean over the sample's trajectory.",
              .choices = {"sample", "trajectory"},
              .tier = ParamTier::basic,
              .group = group,
              .affects = "whether weights choose between actions or between trajectories",
              .reference = "our choice"});
  list_cloning_draws(
      fields, cloning_draws, group,
      "uniform: rows alike, and their weights on the loss. by_weight: rows by their weights, and a "
      "loss without weights.");
  fields.add(
      inverse_temperature,
      {.key = "inverse_temperature",
       .symbol = "β",
       .label = "Inverse temperature",
       .help = "Of the weighting advantage: 0 is plain cloning, large values copy only the best actions.",
       .min = 0.0,
       .max = 1000.0,
       .warn_max = 20.0,
       .tier = ParamTier::basic,
       .group = group,
       .affects = "between cloning all data and only its best actions",
       .reference = "IQL"});
  list_weight_clip(fields, weight_clip, "IQL");
  fields.add(return_temperature, {.key = "return_temperature",
                                  .symbol = "T",
                                  .label = "Return temperature",
                                  .help = "Of the weightings by return: a trajectory weighs e times less "
                                          "when its return (or what is left of it) falls by T of the range.",
                                  .min = 1e-4,
                                  .max = 1e4,
                                  .warn_min = 0.01,
                                  .warn_max = 10.0,
                                  .scale = ParamScale::logarithmic,
                                  .group = group,
                                  .affects = "how few trajectories carry the policy",
                                  .reference = "RW and AW (2306.13085)"});
  fields.add(reciprocal_offset,
             {.key = "reciprocal_offset",
              .symbol = "ε",
              .label = "Offset of the reciprocal",
              .help = "Of the reciprocal weightings, whose weights lie between 1 / (1 + ε) and 1 / ε.",
              .min = 1e-6,
              .max = 1e3,
              .warn_min = 0.01,
              .warn_max = 10.0,
              .scale = ParamScale::logarithmic,
              .group = group,
              .affects = "how far weights differ",
              .reference = "our choice"});
  list_value_steps(fields, value_steps);
  values.list(fields);
  cloning.list(fields);
}

}  // namespace

AlgorithmEntry weighted_bc_entry() {
  return entry_of<WeightedBc, WeightedBcParams>(
      {.key = "weighted_bc",
       .label = "Weighted BC",
       .summary = "Cloning with fixed weights from values or returns: VACO without learned weights",
       .discrete_actions = true,
       .metrics = joined({ValueLearning::metric_list(), WeightedBc::own_metrics()})});
}

}  // namespace vaco
