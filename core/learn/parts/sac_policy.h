// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "core/learn/parts/critic_ensemble.h"
#include "core/learn/parts/metric_means.h"
#include "core/learn/parts/step_noise.h"
#include "core/learn/parts/tanh_gaussian.h"
#include "core/nn/adam.h"

namespace vaco {

struct SacPolicyParams {
  SacPolicyParams() { policy.hidden_layers = 3; }
  PolicyParams policy;
  double temperature_lr = 3e-4;
  /// reference: where the depth of the networks and temperature_lr come from.
  void list(ParamFields& fields, const std::string& reference);
};

/// The policy of soft actor-critic (Haarnoja et al. 2018) and its temperature α, in the order of EDAC's
/// authors: one draw ã ~ π_φ(·|s) serves both, α first.
///   log α descends   −log α E [ log π(ã|s) + H̄ ],   H̄ = −action_dim
///   φ descends       E [ α log π(ã|s) − min_k Q_k(s, ã) ]
class SacPolicy {
 public:
  SacPolicy(Compute& compute, const TrainingData& data, const DeviceData& device_data,
            const SacPolicyParams& params, uint64_t seed, Rng& init);

  /// One step of α and φ on the rows [B].
  void update(const at::Tensor& rows, CriticEnsemble& critics);
  /// A draw a′ ~ π(·|s′) at the rows' next observations, with its density.
  const TanhGaussianTape& draw_next(const at::Tensor& rows);

  [[nodiscard]] const TanhGaussianPolicy& network() const { return network_; }
  /// Distribution at the rows' own observations, as forward() left it before the last policy step.
  [[nodiscard]] const TanhGaussianTape& tape() const { return tape_; }
  [[nodiscard]] const at::Tensor& alpha() const { return alpha_; }  ///< []
  [[nodiscard]] PolicySnapshot snapshot() const { return network_.snapshot(policy_); }

  static MetricList metric_list();
  MetricMeans& metrics() { return metrics_; }
  void visit(StateArchive& archive);

 private:
  const DeviceData& data_;
  double target_entropy_;
  TanhGaussianPolicy network_;
  at::Tensor policy_, gradient_;                   ///< φ [1, P]
  at::Tensor log_alpha_, alpha_, alpha_gradient_;  ///< [1], [], [1]
  Adam policy_adam_, alpha_adam_;
  StepNoise noise_, next_noise_;
  TanhGaussianTape tape_, next_tape_;
  at::Tensor marked_, minimum_, scale_;  ///< [K, B, 1], [B, 1], []
  MetricMeans metrics_;
};

}  // namespace vaco
