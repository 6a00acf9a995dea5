// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/learn/parts/algorithm_base.h"
#include "core/learn/parts/sac_policy.h"

namespace vaco {

/// What CQL and EDAC have in common: soft actor-critic on logged data (SacPolicy), whose critics learn about
/// the policy's own next actions and have a loss R of their own besides,
///   y   = r + discount · mask · (min_k Q̂_k(s′, a′) [− α log π(a′|s′)]),   a′ ~ π(·|s′)
///   L_Q = E Σ_k (Q_k(s, a) − y)² + R
/// The policy and its temperature step first.
class SoftActorCritic : public AlgorithmBase {
 protected:
  /// entropy_in_target: whether the term in brackets is there. regularizer: the metric of R.
  SoftActorCritic(AlgorithmSetup setup, PhaseInfo phase, const SacPolicyParams& policy, const TdParams& td,
                  int64_t critics, bool entropy_in_target, const Metric& regularizer);

  /// c, where a part of R is c E Σ_k Q_k(s, a).
  [[nodiscard]] virtual double slope() const { return 0.0; }
  /// Adds the gradient of the rest of R to critics_.gradient() and its value to the metrics. next: the policy
  /// at the batch's next observations; policy_.tape(): at its own.
  virtual void regularize(const TanhGaussianTape& next) = 0;

  static MetricList metric_list(const Metric& regularizer);

  int64_t batch_;
  RowSampler sampler_;
  CriticEnsemble critics_;
  SacPolicy policy_;
  MetricMeans metrics_;

 private:
  void take_step() final;
  [[nodiscard]] PolicySnapshot snapshot() const final { return policy_.snapshot(); }

  bool entropy_in_target_;
  at::Tensor next_;  ///< [B, 1]
};

}  // namespace vaco
