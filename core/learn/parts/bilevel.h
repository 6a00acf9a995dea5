// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "core/learn/parts/batches.h"
#include "core/learn/parts/high_level_params.h"
#include "core/learn/parts/hypergradient.h"
#include "core/learn/parts/metric_means.h"
#include "core/learn/parts/policy_learner.h"
#include "core/learn/parts/scoring_network.h"
#include "core/learn/parts/state_archive.h"
#include "core/learn/parts/step_noise.h"
#include "core/learn/parts/value_learning.h"
#include "core/learn/parts/weight_params.h"

namespace vaco {

/// min_α J_π(φ*(α)), the high level's objective and its gradient with respect to the policy:
///   J_π(φ) = E [ −Q_θ(s, π_φ(s + N(0, σ))) ] / mean|Q|, the denominator held constant.
/// The paper has continuous actions. For discrete ones we put the policy's expectation in the place of Q:
///   Σ_a π_φ(a|s + N(0, σ)) Q_θ(s, a), Q of every choice by critics that see choices as one-hot actions.
class PolicyValue {
 public:
  PolicyValue(Compute& compute, const DeviceData& data, const HighLevelParams& params, int64_t batch_size,
              const PolicyNetwork& policy, const ValueLearning& values, uint64_t seed);
  /// Standard deviation of the noise; 0 at the start, which is none. Belongs to the host's part of a step.
  void set_noise(double sigma) { noise_.set_deviation(sigma); }
  [[nodiscard]] bool has_noise() const { return noise_.deviation() > 0.0; }
  /// v = ∂J_π/∂φ [1, P] at the parameters, on the rows [B].
  const at::Tensor& gradient(const at::Tensor& parameters, const at::Tensor& rows);
  [[nodiscard]] const at::Tensor& mean_q() const { return mean_q_; }  ///< [] of the last gradient()
  /// mean|Q| of the last gradient(), which J_π is divided by. Reads the device.
  [[nodiscard]] double mean_absolute_q() const;

 private:
  /// The critic tape's output -> its gradient: ∂J_π/∂Q_k = −1/(B mean|Q|) for the twin that a row's Q came
  /// from.
  void differentiate_mean_q();
  /// policy_tape_ and the critics' Q of every choice -> action_gradient_ = ∂J_π/∂π(a|s).
  void differentiate_mean_over_choices();
  /// scale_ = −1 / Σ|q| of these values [B, 1], which may be overwritten; mean_q_ their mean.
  void set_scale(at::Tensor& values);

  const DeviceData& data_;
  const PolicyNetwork& policy_;
  const ValueLearning& values_;
  CriticReduction reduction_;
  bool target_critics_, noise_on_action_;
  StepNoise noise_;
  PolicyTape policy_tape_;
  std::unique_ptr<Tape> critic_tape_;
  at::Tensor critic_observations_, critic_actions_;  ///< views of the critic's input
  at::Tensor action_gradient_, q_, scale_, mean_q_, gradient_;
  at::Tensor expected_q_;  ///< [B, 1] of discrete actions: Σ_a π(a|s) Q(s, a)
};

/// Direction of α's ascent per sample, ∂/∂w_i of (1/B) Σ_k c_k w̃_k:
///   none: c_i / B;   batch, softmax: (c_i − (1/B) Σ c_k w̃_k) / (B mean(w)).
/// With trust λ > 0 or a multiplier [] of a budget (undefined: none), c is first scaled to mean |c| = 1; then λ
/// (w̃_i / mean(w̃) − 1) and the multiplier are taken off. alignment = c, low_level_weights = w̃, scores = w_α of
/// the rows that α is moved on; all [B, 1].
void ascent_direction(const at::Tensor& alignment, const at::Tensor& low_level_weights,
                      const at::Tensor& scores, WeightNormalization normalization, double trust,
                      const at::Tensor& multiplier, at::Tensor& direction);

/// Keeps the mean of w_α within a budget: max_α Σ c_i w_i subject to ρ/2 ≤ mean w ≤ ρ, by the augmented
/// Lagrangian. Its multiplier is what an alignment must exceed for its weight to grow; it is 0 while the mean
/// keeps within the bounds. Where every alignment is above (or below) zero, weights then still tell the better
/// part of the data from the rest instead of all ending at 1 (or at 0); and since Σ w² ≤ Σ w for weights in [0,
/// 1], the effective sample size stays at or above ρ/2. For weights that are not normalized: what is the same
/// for all samples cannot move weights of mean 1.
class WeightBudget {
 public:
  /// budget ρ in (0, 1]; 0 sets no budget.
  WeightBudget(const Compute& compute, double budget);
  [[nodiscard]] bool is_set() const { return budget_ > 0.0; }
  /// [] for the scores [B, 1] of this step; undefined without a budget. Moves the multipliers.
  const at::Tensor& multiplier(const at::Tensor& scores);
  void visit(StateArchive& archive);

 private:
  double budget_;
  at::Tensor above_, below_;  ///< [] multipliers of mean w ≤ ρ and of mean w ≥ ρ/2, both ≥ 0
  at::Tensor multiplier_;     ///< []
};

bool uses_target_critics(WhichQ which_q);
CriticReduction reduction_of(WhichQ which_q);

}  // namespace vaco
