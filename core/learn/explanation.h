// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <stop_token>
#include <vector>

#include "core/base/files.h"
#include "core/base/result.h"
#include "core/base/value_snapshot.h"

namespace vaco {

/// What an algorithm's networks say of all N rows of its data, in scaled rewards. A column is empty where there
/// is no such network, or none that has learned yet.
struct RowValues {
  std::vector<float> q;  ///< [N] Q(s, a), as the weights are made of it
  std::vector<float> v;  ///< [N] V(s)
  /// [N] c = ⟨∂ℓ_i/∂φ, ∂J_π/∂φ⟩ with ℓ_i = ‖π(s_i) − a_i‖², or −log π(a_i|s_i) of choices: above 0, cloning
  /// the row also raises the policy's value. J_π = −E Q(s, π(s)) / E|Q(s, π(s))|, without noise, at the policy
  /// as it is.
  std::vector<float> alignment;
  /// [N] c with the policy's curvature taken into account, ⟨∂ℓ_i/∂φ, H⁻¹ ∂J_π/∂φ⟩, H the Gauss-Newton matrix of
  /// the weighted cloning loss.
  std::vector<float> response;
  double mean_absolute_q = 0.0;  ///< E|Q(s, π(s))|
};

/// Trajectories as points: which of them are alike in the eyes of a network.
struct TrajectoryFeatures {
  int64_t width = 0;
  std::vector<float> values;  ///< [T, width]; empty where there is no such network
};

/// An algorithm that can tell more of its data than weights. The rules of Algorithm hold for its calls; none
/// changes a number of the training.
class Explains {
 public:
  virtual ~Explains() = default;
  /// Error: stopped.
  virtual Result<RowValues> row_values(const ProgressFn& progress, const std::stop_token& stop) = 0;
  /// Q, V and c of some rows, at any step, for a look that costs little: J_π is that of 1,024 rows of the data
  /// at most, and there is no response.
  virtual RowValues values_of(const std::vector<int64_t>& rows) = 0;
  /// Means over the trajectory of what the last hidden layer of the scoring network holds.
  virtual TrajectoryFeatures trajectory_features() { return {}; }
  /// The critics that row_values() asks, for states and actions that are not in the data; empty where there are
  /// none.
  [[nodiscard]] virtual std::optional<ValueSnapshot> value_snapshot() const { return {}; }
};

}  // namespace vaco
