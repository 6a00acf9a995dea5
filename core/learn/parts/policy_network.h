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

/// Memory of one batch through the policy.
struct PolicyTape {
  std::unique_ptr<Tape> net;
  at::Tensor actions;   ///< [B, action_dim] π(s), or the probability of each choice, π(·|s)
  at::Tensor squashed;  ///< [1, B, action_dim] tanh of the network's output, or log π(·|s)
  at::Tensor expected;  ///< [1, B, 1] of discrete actions only: a row's mean over the choices
  [[nodiscard]] at::Tensor& observations() { return net->input; }  ///< [B, obs_dim], set by the caller
};

/// The policy over normalized observations, and what cloning it means.
///   continuous actions: π_φ(s) = middle + half · tanh(MLP_φ(s)), ℓ = ‖π_φ(s) − a‖²
///   discrete ones:      π_φ(·|s) = softmax(MLP_φ(s)),            ℓ = −log π_φ(a|s), the cross-entropy
class PolicyNetwork {
 public:
  PolicyNetwork(Compute& compute, const TrainingData& data, const NetworkParams& params);

  [[nodiscard]] const MlpShape& shape() const { return mlp_->shape(); }
  /// Choices of discrete actions, or 0.
  [[nodiscard]] int64_t choices() const { return data_.action_count; }
  [[nodiscard]] PolicyTape make_tape(int64_t rows) const;
  /// tape.observations() -> tape.actions.
  void act(const at::Tensor& parameters, PolicyTape& tape) const;
  /// The same in two parts: the network, and the formulas behind it, which may be part of a sequence
  /// (together()).
  void forward(const at::Tensor& parameters, PolicyTape& tape) const;
  void respond(PolicyTape& tape) const;
  /// action_gradient ∂L_i/∂π of every row [B, action_dim] -> gradients [1, P] Σ_i w_i ∂L_i/∂φ; row_weights w
  /// [B, 1], undefined: all 1.
  void backward(const at::Tensor& parameters, PolicyTape& tape, const at::Tensor& action_gradient,
                at::Tensor& gradients, const at::Tensor& row_weights = {}) const;
  /// The same in two parts: formulas, which may be part of a sequence, and the network.
  void begin_backward(PolicyTape& tape, const at::Tensor& action_gradient) const;
  void backward_output(const at::Tensor& parameters, PolicyTape& tape, at::Tensor& gradients,
                       const at::Tensor& row_weights = {}) const;
  /// The second part and Adam's step, as Mlp::backward_and_step().
  void backward_and_step(at::Tensor& parameters, PolicyTape& tape, at::Tensor& gradients, Adam& adam,
                         at::Tensor& target, double target_rate, const at::Tensor& row_weights = {}) const;
  /// In place of begin_backward() for ℓ_i, whose gradient begins at the residual r = π − a [B, action_dim], a
  /// one-hot where it is discrete: ∂ℓ/∂π = 2 r, or ∂ℓ/∂logits = r. scaled: loss_slope() · r and what else each
  /// row is multiplied by.
  void begin_backward_loss(PolicyTape& tape, const at::Tensor& scaled) const;
  [[nodiscard]] double loss_slope() const { return choices() > 0 ? 1.0 : 2.0; }
  /// ℓ_i [B, 1] of the last act().
  [[nodiscard]] at::Tensor losses(const PolicyTape& tape, const at::Tensor& actions) const;
  /// products [B, 1] = ⟨∂L_i/∂φ, direction⟩ of every row, L_i as in the last backward().
  void row_products(const at::Tensor& direction, PolicyTape& tape, at::Tensor& products) const;
  /// act() in differentiable torch operations, for the autograd reference: parameters [1, P], observations [B,
  /// obs_dim].
  [[nodiscard]] at::Tensor differentiable(const at::Tensor& parameters, const at::Tensor& observations) const;
  /// ℓ_i [B, 1] likewise.
  [[nodiscard]] at::Tensor differentiable_losses(const at::Tensor& parameters, const at::Tensor& observations,
                                                 const at::Tensor& actions) const;
  /// Plain floats for acting, saving and showing.
  [[nodiscard]] PolicySnapshot snapshot(const at::Tensor& parameters) const;

 private:
  [[nodiscard]] at::Tensor differentiable_output(const at::Tensor& parameters,
                                                 const at::Tensor& observations) const;

  const TrainingData& data_;
  std::unique_ptr<Mlp> mlp_;
  ActionBounds bounds_;
};

/// A network's parameters [1, P] and the data's normalizer and bounds as plain floats. A snapshot acts with
/// tanh of the last layer, or with the largest of its numbers where actions are discrete.
PolicySnapshot make_snapshot(const MlpShape& shape, const at::Tensor& parameters, const TrainingData& data);

}  // namespace vaco
