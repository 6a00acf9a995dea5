// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/learn/parts/batches.h"
#include "core/learn/parts/policy_network.h"
#include "core/learn/parts/state_archive.h"
#include "core/nn/adam.h"

namespace vaco {

/// A deterministic policy π_φ that somebody moves along a gradient of its actions, and its slow target π̂, which
/// follows whenever it moves.
class TargetPolicy {
 public:
  TargetPolicy(Compute& compute, const TrainingData& data, const DeviceData& device_data,
               const PolicyParams& params, double target_update_rate, Rng& init);

  /// π(s) at the rows [B], whose tape step() goes back through.
  PolicyTape& act(const at::Tensor& rows);
  /// π̂(s′) at the rows' next observations.
  PolicyTape& act_next(const at::Tensor& rows);
  /// One Adam step down ∂L/∂π [B, action_dim] at the last act(); then the target follows.
  void step(const at::Tensor& action_gradient);

  [[nodiscard]] const PolicyNetwork& network() const { return network_; }
  [[nodiscard]] const at::Tensor& parameters() const { return parameters_; }  ///< φ [1, P]
  [[nodiscard]] PolicySnapshot snapshot() const { return network_.snapshot(parameters_); }
  void visit(StateArchive& archive);

 private:
  const DeviceData& data_;
  double target_update_rate_;
  PolicyNetwork network_;
  at::Tensor parameters_, target_, gradient_;  ///< φ, φ̂ [1, P]
  Adam adam_;
  PolicyTape tape_, next_tape_;
};

}  // namespace vaco
