// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/hypergradient.h"

#include <ATen/ATen.h>
#include <c10/core/GradMode.h>
#include <c10/core/InferenceMode.h>
#include <torch/csrc/autograd/autograd.h>

namespace vaco {

Hypergradient::Hypergradient(Compute& compute, const PolicyNetwork& policy, HypergradientMethod method,
                             int64_t rows)
    : policy_(policy), method_(method), alignment_(compute.zeros({rows, 1})) {
  if (method != HypergradientMethod::darts) return;
  shifted_ = compute.zeros({1, policy.shape().parameters()});
  shifted_tape_ = std::make_unique<PolicyTape>(policy.make_tape(rows));
}

const at::Tensor& Hypergradient::alignment(const at::Tensor& parameters, const at::Tensor& v, PolicyTape& tape,
                                           const at::Tensor& actions) {
  switch (method_) {
    case HypergradientMethod::jvp:
      policy_.row_products(v, tape, alignment_);
      break;
    case HypergradientMethod::darts:
      by_difference(parameters, v, tape, actions);
      break;
    case HypergradientMethod::double_backward:
      by_double_backward(parameters, v, tape, actions);
      break;
  }
  return alignment_;
}

void Hypergradient::by_difference(const at::Tensor& parameters, const at::Tensor& v, PolicyTape& tape,
                                  const at::Tensor& actions) {
  // c_i ≈ (ℓ_i(φ + r v) − ℓ_i(φ − r v)) / 2r
  const auto norm = v.norm().to(at::kDouble).clamp_min_(1e-12);
  const auto r = at::full_like(norm, 0.01).div_(norm), slope = at::full_like(r, 0.5).div_(r);
  shifted_tape_->observations().copy_(tape.observations());
  alignment_.zero_();
  for (const double sign : {1.0, -1.0}) {
    at::addcmul_out(shifted_, parameters, v, r, sign);
    policy_.act(shifted_, *shifted_tape_);
    alignment_.addcmul_(policy_.losses(*shifted_tape_, actions), slope, sign);
  }
}

void Hypergradient::by_double_backward(const at::Tensor& parameters, const at::Tensor& v, PolicyTape& tape,
                                       const at::Tensor& actions) {
  // c_i = B ∂/∂w_i ⟨∇_φ (1/B) Σ w_i ℓ_i, v⟩, by differentiating the gradient.
  const c10::InferenceMode autograd_again(false);
  const c10::AutoGradMode recording(true);
  const auto phi = parameters.clone().requires_grad_();
  const auto weights = at::ones_like(alignment_).requires_grad_();
  const auto losses = policy_.differentiable_losses(phi, tape.observations().clone(), actions.clone());
  const auto gradient = torch::autograd::grad({(weights * losses).sum()}, {phi}, {}, true, true)[0];
  const auto c = torch::autograd::grad({(gradient * v.clone()).sum()}, {weights})[0];
  alignment_.copy_(c);
}

}  // namespace vaco
