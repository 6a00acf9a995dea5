// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/weighted_bc.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <cmath>

#include "core/learn/algorithms/bc.h"
#include "core/learn/parts/advantage_weights.h"
#include "core/learn/parts/algorithm_base.h"
#include "core/learn/parts/cloning_weights.h"
#include "core/learn/parts/formula.h"
#include "core/learn/parts/policy_learner.h"
#include "core/learn/parts/value_learning.h"

namespace vaco {
namespace {

enum class Weighting { advantage, trajectory_return, reciprocal_value, reciprocal_shortfall };
enum class FixedWeightLevel { sample, trajectory };

struct WeightedBcParams {
  Weighting weighting = Weighting::advantage;
  FixedWeightLevel fixed_weight_level = FixedWeightLevel::sample;
  double inverse_temperature = 3.0, weight_clip = 100.0, return_temperature = 0.1, reciprocal_offset = 0.1;
  int64_t value_steps = 1000000;
  ValueLearningParams values;
  BcParams cloning;
  void list(ParamFields& fields);
};

class WeightedBc final : public AlgorithmBase {
 public:
  WeightedBc(std::unique_ptr<Compute> compute, const WeightedBcParams& params, const TrainingData& data,
             uint64_t seed)
      : AlgorithmBase(std::move(compute), data, seed),
        data_(data),
        weighting_(params.weighting),
        per_trajectory_(params.fixed_weight_level == FixedWeightLevel::trajectory),
        beta_(params.inverse_temperature),
        clip_(params.weight_clip),
        return_temperature_(params.return_temperature),
        offset_(params.reciprocal_offset),
        value_steps_(weighting_ == Weighting::trajectory_return ? 0 : params.value_steps),
        cloning_steps_(params.cloning.steps),
        cosine_(params.cloning.policy_lr_schedule == RateSchedule::cosine),
        td_sampler_(*compute_, params.cloning.policy.batch_size, data.rows, data.td_rows, seed, 0),
        sampler_(*compute_, params.cloning.policy.batch_size, data.rows, {}, seed, 1),
        values_(*compute_, device_data_, params.values, params.cloning.policy, init_),
        policy_(*compute_, data, device_data_, params.cloning.policy, init_),
        row_weights_(at::ones_like(device_data_.rewards)),
        weights_(compute_->zeros({params.cloning.policy.batch_size, 1})),
        metrics_(*compute_, {"bc_loss"}) {
    keep("step", step_);
    keep(values_);
    keep(policy_);
    keep("weights/rows", row_weights_);
    keep("metrics", metrics_);
    report({&values_.metrics(), &metrics_});
  }

  std::vector<PhaseInfo> phases() const override {
    std::vector<PhaseInfo> phases{{"value", "Value learning", value_steps_},
                                  {"cloning", "Weighted cloning", cloning_steps_}};
    std::erase_if(phases, [](const auto& phase) { return phase.steps == 0; });
    return phases;
  }
  int64_t step() const override { return step_; }

  void update() override {
    const c10::InferenceMode no_autograd;
    if (step_ < value_steps_) {
      run_step(0, [this] { values_.update(td_sampler_.draw(sampling_)); });
    } else {
      if (step_ == value_steps_) weigh_dataset();
      if (cosine_)
        policy_.set_learning_rate(policy_.learning_rate() * cosine_decay(step_ - value_steps_, cloning_steps_));
      run_step(1, [this] {
        const auto& rows = sampler_.draw(sampling_);
        policy_.gather(rows);
        gather_rows(row_weights_, rows, weights_);
        policy_.clone_step(weights_);
        metrics_.add(0, policy_.loss());
        metrics_.count();
      });
    }
    ++step_;
  }

  std::optional<std::vector<float>> row_weights() override {
    if (!has_policy()) return std::nullopt;
    const auto host = row_weights_.to(at::kCPU, at::kFloat);
    return std::vector<float>(host.data_ptr<float>(), host.data_ptr<float>() + host.numel());
  }
  bool has_policy() const override { return step_ > value_steps_; }

 private:
  PolicySnapshot snapshot() const override { return policy_.snapshot(); }

  void weigh_dataset() {
    if (weighting_ == Weighting::trajectory_return) {
      weigh_by_return();
    } else {
      values_.evaluate_dataset(CriticReduction::minimum, true, row_weights_);
      if (weighting_ == Weighting::advantage) {
        auto value = at::zeros_like(row_weights_);
        values_.evaluate_dataset_value(value);
        row_weights_.sub_(value);
        exponential_weights(row_weights_, beta_, clip_, row_weights_);
      } else {
        weigh_by_reciprocal();
      }
    }
    auto host = normalized_weights(row_weights_);
    if (per_trajectory_)
      average_over_groups(make_weight_groups(data_.trajectory_first, data_.trajectory_length, 0), host);
    row_weights_.copy_(compute_->upload(host, {data_.rows, 1}));
  }

  void weigh_by_return() {
    const auto& returns = data_.trajectory_return;
    const auto [low, high] = std::minmax_element(returns.begin(), returns.end());
    const double range = *high > *low ? static_cast<double>(*high) - *low : 1.0;
    std::vector<float> host(static_cast<size_t>(data_.rows));
    for (size_t t = 0; t < returns.size(); ++t) {
      const double short_by = (static_cast<double>(*high) - returns[t]) / range;
      std::fill_n(host.begin() + data_.trajectory_first[t], data_.trajectory_length[t],
                  static_cast<float>(std::exp(-short_by / return_temperature_)));
    }
    row_weights_.copy_(compute_->upload(host, {data_.rows, 1}));
  }

  /// row_weights_ holds Q̂.
  void weigh_by_reciprocal() {
    const auto sorted = std::get<0>(row_weights_.view(-1).sort());
    const auto at_share = [&](double share) {
      return sorted.select(0, static_cast<int64_t>(share * static_cast<double>(data_.rows - 1)));
    };
    const auto low = at_share(0.05), range = (at_share(0.95) - low).clamp_min(1e-6);
    row_weights_.sub_(low).div_(range).clamp_(0.0, 1.0);
    if (weighting_ == Weighting::reciprocal_shortfall) row_weights_.neg_().add_(1.0);
    row_weights_.add_(offset_).reciprocal_();
  }

  const TrainingData& data_;
  Weighting weighting_;
  bool per_trajectory_;
  double beta_, clip_, return_temperature_, offset_;
  int64_t value_steps_, cloning_steps_, step_ = 0;
  bool cosine_;
  RowSampler td_sampler_, sampler_;
  ValueLearning values_;
  PolicyLearner policy_;
  at::Tensor row_weights_;  ///< [N, 1], mean 1
  at::Tensor weights_;      ///< [B, 1]
  MetricMeans metrics_;
};

void WeightedBcParams::list(ParamFields& fields) {
  const std::string group = "Policy weights";
  fields.add(weighting, {.key = "weighting",
                         .symbol = "",
                         .label = "Weighting",
                         .help = "advantage: exp(β A); return: exponential in the trajectory's return; "
                                 "reciprocal_value: 1 / value, so low values weigh most; "
                                 "reciprocal_shortfall: 1 / (what is missing to the best value).",
                         .choices = {"advantage", "return", "reciprocal_value", "reciprocal_shortfall"},
                         .tier = ParamTier::basic,
                         .group = group,
                         .affects = "which behavior is copied",
                         .reference = "VACO's ablations by name; the formulas are our reading"});
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
                                  .help = "Of the weighting return: a trajectory weighs e times less "
                                          "when its return falls by T of the range of returns.",
                                  .min = 1e-4,
                                  .max = 1e4,
                                  .warn_min = 0.01,
                                  .warn_max = 10.0,
                                  .scale = ParamScale::logarithmic,
                                  .group = group,
                                  .affects = "how few trajectories carry the policy",
                                  .reference = "our choice"});
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
       .summary = "Cloning with fixed weights from values or returns: VACO without learned weights"});
}

}  // namespace vaco
