// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/gaussian_spread.h"

#include <ATen/ATen.h>

#include "core/learn/parts/action_bounds.h"

namespace vaco {
namespace {

constexpr double kLowestLog = -5.0, kHighestLog = 2.0;

}  // namespace

GaussianSpread::GaussianSpread(Compute& compute, const TrainingData& data, double learning_rate, int64_t batch)
    : half_(ActionBounds(compute, data.action_low, data.action_high).half.unsqueeze(0)),
      zeta_(at::zeros_like(half_)),
      variance_(at::zeros_like(half_)),
      gradient_(at::zeros_like(half_)),
      inside_(at::zeros_like(half_)),
      below_(at::zeros_like(half_)),
      weights_(compute.zeros({batch, data.action_dim})),
      adam_(compute.adam(zeta_, learning_rate)) {}

const at::Tensor& GaussianSpread::deviation() {
  return at::clamp_out(variance_, zeta_, kLowestLog, kHighestLog).exp_().mul_(half_);
}

const at::Tensor& GaussianSpread::coordinate_weights(const at::Tensor& weights) {
  deviation();
  return at::div_out(weights_, weights, variance_.square_().mul_(2.0));
}

void GaussianSpread::step(const at::Tensor& weights, const at::Tensor& residual) {
  deviation();
  at::div_out(weights_, residual, variance_).square_().neg_().add_(1.0).mul_(weights);
  at::mean_out(gradient_, weights_, at::IntArrayRef{0}, true);
  at::ge_out(inside_, zeta_, kLowestLog);
  at::le_out(below_, zeta_, kHighestLog);
  gradient_.mul_(inside_).mul_(below_);
  adam_.step(zeta_, gradient_);
}

at::Tensor GaussianSpread::log_volume() const {
  return zeta_.clamp(kLowestLog, kHighestLog).sum();
}

void GaussianSpread::visit(StateArchive& archive) {
  archive("spread/log_deviation", zeta_);
  archive("spread/adam", adam_);
}

}  // namespace vaco
