// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "core/device/compute.h"
#include "core/learn/parts/batches.h"
#include "core/learn/parts/policy_params.h"
#include "core/learn/parts/state_archive.h"
#include "core/nn/adam.h"
#include "core/nn/mlp.h"

namespace vaco {

/// The hyper-parameters of TD learning.
struct TdParams {
  double discount = 0.99, target_update_rate = 0.005, value_lr = 3e-4;
  /// reference: where the defaults come from.
  void list(ParamFields& fields, const std::string& reference);
};

/// Critics Q_k(s, a), k = 1 … K, that learn by temporal differences about the actions that the caller names,
/// and their slow targets Q̂_k:
///   y_k = r + discount · mask · next_k,   L_Q = E Σ_k (Q_k(s, a) − y_k)²
/// where next_k is made by the caller of Q̂(s′, a′): their minimum, or each critic's own.
class CriticEnsemble {
 public:
  CriticEnsemble(Compute& compute, const DeviceData& data, const TdParams& td, const NetworkParams& network,
                 int64_t copies, Rng& init, bool layer_norm = false);

  /// Gathers the rows [B] whose own actions the critics learn about.
  void gather(const at::Tensor& rows);
  /// Q_k(s, a) of the gathered rows -> td_values(), and Q̂_k(s, a) -> target_values().
  void predict();
  void predict_targets();
  /// Q̂_k(s′, a′) [K, B, 1]; next_observations [B, obs_dim], next_actions [B, action_dim].
  const at::Tensor& next_values(const at::Tensor& next_observations, const at::Tensor& next_actions);
  /// Sets gradient() to ∂L_Q/∂θ on the gathered rows; next [B, 1] for all critics or [K, B, 1]. slope c adds
  /// the loss c E Σ_k Q_k(s, a).
  void td_gradient(const at::Tensor& next, double slope = 0.0);
  /// The same in two parts behind predict(): formulas, which may be part of a sequence (together()), and the
  /// networks.
  void begin_td_gradient(const at::Tensor& next, double slope = 0.0);
  void end_td_gradient();
  /// In place of end_td_gradient() and step().
  void end_td_step(bool targets_follow = true);
  /// L_Q [] of the last td_gradient(), without the slope's.
  const at::Tensor& loss();
  /// One Adam step along gradient(), to which the caller may have added terms of its own; then the targets
  /// follow, if they are to.
  void step(bool targets_follow = true);

  /// Q_k [K, B, 1] of the critics, or Q_1 [1, B, 1] alone, at a batch of observations and actions.
  enum class Which { all, first };
  const at::Tensor& values(const at::Tensor& observations, const at::Tensor& actions, Which which = Which::all);
  /// Σ_k ∂Q_k/∂a · value_gradient_k [B, action_dim] at the batch and for the critics of the last values();
  /// value_gradient as it gave, or broadcast to that.
  const at::Tensor& action_gradient(const at::Tensor& value_gradient);

  [[nodiscard]] int64_t copies() const { return parameters_.size(0); }
  [[nodiscard]] const Mlp& mlp() const { return *mlp_; }
  [[nodiscard]] const at::Tensor& parameters() const { return parameters_; }     ///< θ [K, P]
  at::Tensor& gradient() { return gradient_; }                                   ///< [K, P]
  [[nodiscard]] const at::Tensor& target_parameters() const { return target_; }  ///< θ̂ [K, P]
  /// Q_k(s, a) [K, B, 1] and y of the last td_gradient().
  [[nodiscard]] const at::Tensor& td_values() const { return td_tape_->output; }
  [[nodiscard]] const at::Tensor& target_values() const { return target_tape_->output; }  ///< [K, B, 1]
  [[nodiscard]] const at::Tensor& td_target() const { return *last_td_target_; }
  [[nodiscard]] Tape& td_tape() { return *td_tape_; }

  void visit(StateArchive& archive);

 private:
  /// Critics whose values somebody reads, made when first needed.
  struct Reading {
    std::unique_ptr<Mlp> mlp;
    std::unique_ptr<Tape> tape;
    at::Tensor parameters;  ///< view of θ
  };

  Compute& compute_;
  const DeviceData& data_;
  double discount_, target_update_rate_;
  std::unique_ptr<Mlp> mlp_;
  at::Tensor parameters_, target_, gradient_;  ///< [K, P]
  Adam adam_;
  std::unique_ptr<Tape> td_tape_, next_tape_, target_tape_;
  Reading all_, first_, *last_read_ = nullptr;
  at::Tensor rewards_, masks_;                                             ///< [B, 1]
  at::Tensor td_target_, own_td_targets_, *last_td_target_ = &td_target_;  ///< [B, 1], [K, B, 1]
  at::Tensor action_gradient_, loss_;                                      ///< [B, action_dim], []
};

/// 1 where a critic's value is the smallest of all [K, B, 1], else 0 -> out: ∂(min_k Q_k)/∂Q_k.
void mark_minimum(const at::Tensor& values, at::Tensor& out);

}  // namespace vaco
