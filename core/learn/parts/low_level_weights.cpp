// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/low_level_weights.h"

#include <ATen/ATen.h>

#include "core/learn/parts/formula.h"

namespace vaco {

LowLevelWeights::LowLevelWeights(const Compute& compute, const TrainingData& data,
                                 const DeviceData& device_data, const WeightParams& params, int64_t batch_size)
    : LowLevelWeights(compute, data, device_data, params, batch_size,
                      level_for(params.weight_level, data.action_count > 0)) {}

LowLevelWeights::LowLevelWeights(const Compute& compute, const TrainingData& data,
                                 const DeviceData& device_data, const WeightParams& params, int64_t batch_size,
                                 WeightLevel level)
    : on_groups_(level != WeightLevel::sample),
      normalization_(params.weight_normalization),
      ess_floor_(params.ess_floor),
      groups_(make_weight_groups(data.trajectory_first, data.trajectory_length,
                                 level == WeightLevel::window ? params.weight_window : 0)),
      rows_(at::ones_like(device_data.rewards)),
      raw_mean_(at::ones_like(rows_[0][0])),
      batch_(compute.zeros({batch_size, 1})) {}

void LowLevelWeights::refresh(ScoringNetwork& scoring) {
  if (!on_groups_) return;
  scoring.score_dataset(rows_);
  auto host = rows_.to(at::kCPU, at::kFloat).contiguous();
  raw_mean_.copy_(host.to(at::kDouble).mean());
  const std::span<float> values(host.data_ptr<float>(), static_cast<size_t>(host.numel()));
  average_over_groups(groups_, values);
  apply_ess_floor(values, ess_floor_);
  if (!rows_.is_same(host)) rows_.copy_(host);
}

const at::Tensor& LowLevelWeights::gather(const at::Tensor& rows, ScoringNetwork& scoring) {
  if (on_groups_) {
    gather_rows(rows_, rows, batch_);
  } else {
    scoring.score(rows);
    assign(batch_, scoring.weights());
    normalize_batch(normalization_, ess_floor_, batch_);
  }
  return batch_;
}

std::vector<float> LowLevelWeights::of_dataset(ScoringNetwork& scoring) const {
  auto weights = at::zeros_like(rows_);
  if (on_groups_)
    at::mul_out(weights, rows_, raw_mean_);
  else
    scoring.score_dataset(weights);
  const auto host = weights.to(at::kCPU, at::kFloat);
  std::vector<float> values(host.data_ptr<float>(), host.data_ptr<float>() + host.numel());
  if (!on_groups_) apply_ess_floor(values, ess_floor_);
  return values;
}

void LowLevelWeights::visit(StateArchive& archive) {
  archive("weights/rows", rows_);
  archive("weights/raw_mean", raw_mean_);
}

void normalize_batch(WeightNormalization normalization, double ess_floor, at::Tensor& weights) {
  if (normalization == WeightNormalization::none && ess_floor <= 0.0) return;
  weights.div_(weights.mean().clamp_min_(1e-6));
  if (ess_floor <= 0.0) return;
  const auto variance = weights.var(false).clamp_min_(1e-12);
  const auto share = variance.reciprocal_().mul_(1.0 / ess_floor - 1.0).sqrt_().clamp_max_(1.0);
  weights.sub_(1.0).mul_(share).add_(1.0);
}

}  // namespace vaco
