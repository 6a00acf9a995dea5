// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/tanh_gaussian.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

#include "core/learn/parts/policy_network.h"

namespace vaco {
namespace {

constexpr double kLowestLogScale = -5.0, kHighestLogScale = 2.0, kEpsilon = 1e-6;

/// log π of u = mean + deviation · noise with tanh u = squashed, summed over the last dimension.
at::Tensor log_density_of(const at::Tensor& noise, const at::Tensor& deviation, const at::Tensor& squashed) {
  const auto slope = squashed.square().neg_().add_(1.0 + kEpsilon);
  auto terms = noise.square().mul_(-0.5).sub_(0.5 * std::log(2.0 * std::numbers::pi));
  return terms.sub_(deviation.log()).sub_(slope.log()).sum(-1, true);
}

}  // namespace

TanhGaussianPolicy::TanhGaussianPolicy(Compute& compute, const TrainingData& data, const NetworkParams& params)
    : data_(data),
      mlp_(compute.mlp(params.shape(data.obs_dim, 2 * data.action_dim))),
      bounds_(compute, data.action_low, data.action_high) {}

TanhGaussianTape TanhGaussianPolicy::make_tape(int64_t rows) const {
  TanhGaussianTape tape;
  tape.net = mlp_->make_tape(rows);
  for (auto* part : {&tape.mean, &tape.deviation, &tape.inside, &tape.shift, &tape.squashed, &tape.actions})
    *part = at::zeros({rows, data_.action_dim}, tape.net->output.options());
  tape.log_density = at::zeros({rows, 1}, tape.net->output.options());
  return tape;
}

void TanhGaussianPolicy::forward(const at::Tensor& parameters, TanhGaussianTape& tape) const {
  mlp_->forward(parameters, *tape.net);
  const auto log_deviation = tape.net->output[0].narrow(1, data_.action_dim, data_.action_dim);
  tape.mean.copy_(tape.net->output[0].narrow(1, 0, data_.action_dim));
  at::clamp_out(tape.deviation, log_deviation, kLowestLogScale, kHighestLogScale);
  at::eq_out(tape.inside, tape.deviation, log_deviation);
  tape.deviation.exp_();
}

void TanhGaussianPolicy::draw(const at::Tensor& noise, TanhGaussianTape& tape) const {
  at::mul_out(tape.shift, tape.deviation, noise);
  at::add_out(tape.squashed, tape.mean, tape.shift).tanh_();
  at::mul_out(tape.actions, tape.squashed, bounds_.half).add_(bounds_.middle);
  tape.log_density.copy_(log_density_of(noise, tape.deviation, tape.squashed));
}

void TanhGaussianPolicy::draw_many(const at::Tensor& noise, const TanhGaussianTape& tape, at::Tensor& actions,
                                   at::Tensor& log_density) const {
  at::mul_out(actions, noise, tape.deviation).add_(tape.mean).tanh_();
  log_density.copy_(log_density_of(noise, tape.deviation, actions));
  actions.mul_(bounds_.half).add_(bounds_.middle);
}

void TanhGaussianPolicy::backward(const at::Tensor& parameters, TanhGaussianTape& tape,
                                  const at::Tensor& action_gradient, const at::Tensor& log_density_gradient,
                                  at::Tensor& gradients) const {
  // With t = tanh u and c = ∂L/∂log π:
  //   ∂L/∂u = ∂L/∂a half (1 − t²) + c 2t (1 − t²) / (1 − t² + 1e-6);   ∂L/∂μ = ∂L/∂u;   ∂L/∂log σ = ∂L/∂u σε −
  //   c
  const auto slope = tape.squashed.square().neg_().add_(1.0);
  auto to_u = tape.squashed.mul(2.0).mul_(log_density_gradient).div_(slope + kEpsilon);
  to_u.add_(action_gradient * bounds_.half).mul_(slope);
  auto to_output = tape.net->output_gradient[0];
  to_output.narrow(1, 0, data_.action_dim).copy_(to_u);
  to_output.narrow(1, data_.action_dim, data_.action_dim)
      .copy_(to_u.mul_(tape.shift).sub_(log_density_gradient).mul_(tape.inside));
  mlp_->backward(parameters, *tape.net, gradients);
}

PolicySnapshot TanhGaussianPolicy::snapshot(const at::Tensor& parameters) const {
  auto policy = make_snapshot(shape(), parameters, data_);
  auto& last = policy.layers.back();
  last.outputs = data_.action_dim;
  last.weight.resize(static_cast<size_t>(last.inputs * last.outputs));
  last.bias.resize(static_cast<size_t>(last.outputs));
  return policy;
}

}  // namespace vaco
