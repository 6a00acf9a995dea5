// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/advantage_weights.h"

#include <ATen/ATen.h>

#include "core/learn/parts/formula.h"
#include "core/learn/parts/metrics.h"

namespace vaco {

void exponential_weights(const at::Tensor& advantage, double scale, double clip, at::Tensor& out) {
  assign_clipped_exp(out, advantage, scale, clip);
}

void list_weight_clip(ParamFields& fields, double& clip, const std::string& reference) {
  fields.add(
      clip, {.key = "weight_clip",
             .symbol = "",
             .label = "Largest weight",
             .help = "The exponential of the advantage is cut off here, so that no single sample rules a step.",
             .min = 1e-3,
             .max = 1e9,
             .warn_min = 1.0,
             .warn_max = 1e4,
             .scale = ParamScale::logarithmic,
             .group = "Policy weights",
             .affects = "how few samples may carry the policy",
             .reference = reference});
}

void add_weight_metrics(MetricMeans& metrics, const at::Tensor& weights) {
  metrics.add_mean(metric::batch_weight, weights);
  metrics.add_effective_share(metric::batch_ess, weights);
}

std::vector<float> normalized_weights(const at::Tensor& weights) {
  const auto host = weights.to(at::kCPU, at::kDouble);
  const auto scaled = host.div(host.mean().clamp_min(1e-30)).to(at::kFloat).contiguous();
  return {scaled.data_ptr<float>(), scaled.data_ptr<float>() + scaled.numel()};
}

}  // namespace vaco
