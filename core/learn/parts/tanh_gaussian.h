// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "core/base/policy_snapshot.h"
#include "core/device/compute.h"
#include "core/learn/parts/action_bounds.h"
#include "core/learn/parts/policy_params.h"
#include "core/learn/training_data.h"
#include "core/nn/mlp.h"

namespace vaco {

/// Memory of one batch through a TanhGaussianPolicy.
struct TanhGaussianTape {
  std::unique_ptr<Tape> net;
  at::Tensor mean, deviation;  ///< [B, action_dim] μ and σ
  at::Tensor inside;           ///< [B, action_dim] 1 where log σ was not cut
  at::Tensor shift, squashed;  ///< [B, action_dim] σ ε and tanh u of the last draw()
  at::Tensor actions;          ///< [B, action_dim] of the last draw()
  at::Tensor log_density;      ///< [B, 1] of the last draw()
  [[nodiscard]] at::Tensor& observations() { return net->input; }  ///< [B, obs_dim], set by the caller
};

/// SAC's policy: u = μ(s) + σ(s) ε, a = middle + half · tanh u, with (μ, log σ) the network's outputs and log σ
/// cut to [−5, 2] (EDAC's range). Its density is told for actions in half ranges, a = tanh u:
///   log π = Σ_d [ −ε²/2 − log σ − log(2π)/2 − log(1 − tanh² u + 1e-6) ]
/// Evaluation acts with tanh μ, which is what a snapshot holds.
class TanhGaussianPolicy {
 public:
  TanhGaussianPolicy(Compute& compute, const TrainingData& data, const NetworkParams& params);

  [[nodiscard]] const MlpShape& shape() const { return mlp_->shape(); }
  [[nodiscard]] TanhGaussianTape make_tape(int64_t rows) const;
  /// tape.observations() -> tape.mean, tape.deviation.
  void forward(const at::Tensor& parameters, TanhGaussianTape& tape) const;
  /// A draw after forward(): noise ε [B, action_dim] -> tape.actions, tape.log_density.
  void draw(const at::Tensor& noise, TanhGaussianTape& tape) const;
  /// Several draws after forward() that nothing is differentiated through: noise [n, B, action_dim] -> actions
  /// [n, B, action_dim], log_density [n, B, 1].
  void draw_many(const at::Tensor& noise, const TanhGaussianTape& tape, at::Tensor& actions,
                 at::Tensor& log_density) const;
  /// Through the last draw(), ε held: ∂L/∂a [B, action_dim] and ∂L/∂log π [] or [B, 1] -> gradients [1, P].
  void backward(const at::Tensor& parameters, TanhGaussianTape& tape, const at::Tensor& action_gradient,
                const at::Tensor& log_density_gradient, at::Tensor& gradients) const;
  [[nodiscard]] PolicySnapshot snapshot(const at::Tensor& parameters) const;

 private:
  const TrainingData& data_;
  std::unique_ptr<Mlp> mlp_;
  ActionBounds bounds_;
};

}  // namespace vaco
