// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "core/device/compute.h"
#include "core/learn/parts/action_bounds.h"
#include "core/learn/parts/batches.h"
#include "core/learn/parts/critic_ensemble.h"
#include "core/learn/parts/metric_means.h"
#include "core/learn/parts/metrics.h"
#include "core/learn/parts/step_noise.h"
#include "core/learn/parts/target_policy.h"

namespace vaco {

/// Noise on the target policy's actions, and how often the policy and the targets move.
struct TargetSmoothingParams {
  double policy_noise = 0.2, noise_clip = 0.5;
  int64_t policy_delay = 2;
  /// Whether the step after so many others moves the policy and the targets.
  [[nodiscard]] bool moves_policy(int64_t steps) const { return (steps + 1) % policy_delay == 0; }
  void list(ParamFields& fields, const std::string& group, const std::string& reference);
};

/// The hyper-parameters of TD3's update, offline and online.
struct Td3UpdateParams {
  PolicyParams policy;
  TdParams td;
  TargetSmoothingParams smoothing;
  double bc_alpha = 0.0;  ///< TD3+BC's weight of values; 0 is TD3
  void list(ParamFields& fields);
};

/// TD3 (Fujimoto, van Hoof, Meger 2018): twin critics Q_θ with slow targets, a deterministic policy with a slow
/// target, and smoothed target actions.
///   ã   = clip(π̂(s′) + clip(ε, ±noise_clip), bounds),  ε ~ N(0, policy_noise²), both in half action ranges
///   L_Q = E Σ_k (Q_k(s, a) − r − discount · mask · min_k Q̂_k(s′, ã))²
/// and at every policy_delay-th step
///   L_π = −λ E Q_1(s, π(s)) [+ E ‖π(s) − a‖² / action_dim],  λ = bc_alpha / mean|Q_1|, held constant.
/// The cloning term in brackets is TD3+BC's (Fujimoto, Gu 2021), there when bc_alpha is above 0;
/// else λ = 1. The targets follow by target_update_rate when the policy moves.
class Td3Learner {
 public:
  Td3Learner(Compute& compute, const TrainingData& data, const DeviceData& device_data,
             const Td3UpdateParams& params, uint64_t seed, Rng& init);

  /// The device's part of one step on the given rows [B].
  void update(const at::Tensor& rows, bool moves_policy);
  [[nodiscard]] const TargetPolicy& policy() const { return policy_; }

  static MetricList metric_list() { return {metric::critic_loss, metric::q_mean, metric::policy_loss}; }
  MetricMeans& metrics() { return metrics_; }
  void visit(StateArchive& archive);

 private:
  void update_critics(const at::Tensor& rows, bool targets_follow);
  /// Q̂_k(s′, ã) [2, B, 1]
  const at::Tensor& next_values(const at::Tensor& rows);
  void update_policy(const at::Tensor& rows);
  void note();

  Compute& compute_;
  const DeviceData& data_;
  double noise_clip_, bc_alpha_;
  CriticEnsemble critics_;
  TargetPolicy policy_;
  ActionBounds bounds_;
  StepNoise noise_;                                 ///< [B, action_dim]
  at::Tensor next_actions_;                         ///< [B, action_dim]
  at::Tensor minimum_;                              ///< [B, 1] of the targets at s′, ã
  at::Tensor actions_, action_gradient_;            ///< [B, action_dim]
  at::Tensor policy_loss_, cloning_loss_, lambda_;  ///< []
  at::Tensor scale_;                                ///< [] ∂L_π/∂Q_1 = −λ/B
  MetricMeans metrics_;
};

/// The step count's name in a checkpoint.
inline constexpr const char* kTd3Updates = "td3/updates";

}  // namespace vaco
