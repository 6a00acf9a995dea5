// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "core/learn/parts/cloner.h"
#include "core/learn/parts/cloning_weights.h"
#include "core/learn/parts/metric_means.h"

namespace vaco {

struct FinalCloningParams {
  CloningDraws cloning_draws = CloningDraws::by_weight;
  double cloning_temperature = 0.02, cloning_rows = 1000.0;
  ClonerParams cloner;
  void list(ParamFields& fields);
};

/// VACO's last stage, as far as it is more than going on with the bi-level policy: rows that are drawn by their
/// sharpened weights, and a cloner of its own. What it has is saved from its first step on, so that a run can
/// be forked where it begins with any of its settings.
class FinalCloning {
 public:
  /// Makes a sampler of these rows, in which a row may stand more than once.
  using SamplerOf = std::function<RowSampler(std::vector<int64_t>)>;

  /// groups: whose rows share a weight, null where each row has its own; they are referred to.
  FinalCloning(Compute& compute, const TrainingData& data, const DeviceData& device_data,
               const AveragedPolicyParams& policy, RateSchedule schedule, int64_t steps,
               const FinalCloningParams& params, const WeightGroups* groups, SamplerOf sampler, Rng& init);

  [[nodiscard]] bool draws_by_weight() const { return draws_by_weight_; }
  /// Whether the weights are still to be told, by set_weights(): once in every process that gets here.
  [[nodiscard]] bool needs_weights() const { return effective_rows_ == 0.0; }
  /// One weight a row [N], ≥ 0; they are sharpened here where rows are drawn by them. Belongs to the host's
  /// part of a step.
  void set_weights(std::vector<float> weights);
  /// Of the draws or the weights that were told.
  [[nodiscard]] double effective_rows() const { return effective_rows_; }
  /// The rows [B] of a step that draws by weight.
  const at::Tensor& draw(Rng& rng);

  /// Not there where the bi-level policy goes on.
  std::optional<Cloner>& cloner() { return cloner_; }
  [[nodiscard]] const std::optional<Cloner>& cloner() const { return cloner_; }

  static MetricList metric_list();
  MetricMeans& metrics() { return metrics_; }
  void visit(StateArchive& archive);

 private:
  int64_t rows_;
  const WeightGroups* groups_;
  bool draws_by_weight_;
  double temperature_, least_rows_, effective_rows_ = 0.0;
  SamplerOf make_sampler_;
  std::optional<RowSampler> sampler_;
  std::optional<Cloner> cloner_;
  at::Tensor share_;  ///< [] effective share of the rows that draw() draws
  MetricMeans metrics_;
};

}  // namespace vaco
