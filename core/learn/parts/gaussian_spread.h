// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "core/device/compute.h"
#include "core/learn/parts/state_archive.h"
#include "core/learn/training_data.h"
#include "core/nn/adam.h"

namespace vaco {

/// The spread of a Gaussian policy whose mean is a deterministic one: π(a|s) = N(μ_φ(s), (half · e^ζ)²) per
/// action dimension, half the bounds' half-width, μ_φ = middle + half · tanh(MLP), and ζ a free parameter that
/// does not depend on the state, held within [−5, 2] (the policy of IQL's official code). Evaluation acts with
/// the mean alone, which is what a PolicySnapshot holds.
///
/// Up to a constant, with r = μ − a:   −log π(a|s) = Σ_d [ r_d² / (2 half_d² e^{2ζ_d}) + ζ_d ]
/// so that the mean's part of E w (−log π) is cloning with a weight for each coordinate, and
///   ∂/∂ζ_d = E w (1 − r_d² / (half_d² e^{2ζ_d})), or 0 where ζ_d lies outside its range.
class GaussianSpread {
 public:
  GaussianSpread(Compute& compute, const TrainingData& data, double learning_rate, int64_t batch);

  /// w [B, 1] -> w / (2 half² e^{2ζ}) [B, action_dim], for PolicyLearner::clone_step.
  const at::Tensor& coordinate_weights(const at::Tensor& weights);
  /// One Adam step of ζ; residual [B, action_dim] is that of the mean before its step.
  void step(const at::Tensor& weights, const at::Tensor& residual);
  /// Standard deviation of an action [1, action_dim], in the action's own units.
  const at::Tensor& deviation();
  /// [] Σ_d ζ_d, what −log π has besides the quadratic part.
  [[nodiscard]] at::Tensor log_volume() const;
  void set_learning_rate(double rate) { adam_.set_learning_rate(rate); }

  void visit(StateArchive& archive);

 private:
  at::Tensor half_, zeta_;                           ///< [1, action_dim]
  at::Tensor variance_, gradient_, inside_, below_;  ///< [1, action_dim]
  at::Tensor weights_;                               ///< [B, action_dim]
  Adam adam_;
};

}  // namespace vaco
