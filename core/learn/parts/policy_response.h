// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "core/learn/explanation.h"
#include "core/learn/parts/bilevel.h"
#include "core/learn/parts/dataset_pass.h"
#include "core/learn/parts/policy_learner.h"
#include "core/learn/parts/value_learning.h"

namespace vaco {

/// How the policy's value goes with the rows it clones, at the policy as it is: v = ∂J_π/∂φ over the dataset,
/// and its products with every row's own gradient. Memory of its own, so training goes on as if it was not
/// there; for one reading, not for every step.
class PolicyResponse {
 public:
  PolicyResponse(Compute& compute, const DeviceData& data, const HighLevelParams& params,
                 const PolicyLearner& policy, const ValueLearning& values, int64_t chunk = kDatasetChunk);

  /// v [1, P] over rows that lie evenly in the dataset, at most so many chunks of them; mean_absolute_q() is
  /// there after it.
  const at::Tensor& value_gradient(int64_t most = kGradientChunks);
  [[nodiscard]] double mean_absolute_q() const { return mean_absolute_q_; }
  /// (H + λ)⁻¹ v [1, P] with H = 2/M Σ w_i J_iᵀ J_i, J_i = ∂π(s_i)/∂φ, over M rows that lie evenly in the
  /// dataset, 4,096 at most; by conjugate gradients. λ is a hundredth of H's curvature along v. weights w
  /// [N, 1]; go_on() is asked before each of the iterations, how far it is.
  at::Tensor solve(const at::Tensor& v, const at::Tensor& weights, const std::function<bool(double)>& go_on);
  /// products [N, 1] = ⟨∂ℓ_i/∂φ, direction⟩ of all rows. go_on() as above.
  at::Tensor products(const at::Tensor& direction, const std::function<bool(double)>& go_on);
  /// The same of other rows: observations and actions [n, ...], at least a chunk.
  at::Tensor products(const at::Tensor& direction, const at::Tensor& observations, const at::Tensor& actions,
                      const std::function<bool(double)>& go_on);

 private:
  static constexpr int64_t kGradientChunks = 16;
  at::Tensor curvature(const at::Tensor& direction, const at::Tensor& weights);

  Compute& compute_;
  const DeviceData& data_;
  const PolicyLearner& policy_;
  int64_t rows_, chunk_;
  PolicyValue policy_value_;
  PolicyTape tape_;
  at::Tensor action_gradient_;  ///< [chunk, action_dim]
  at::Tensor gradients_;        ///< [1, P]
  at::Tensor value_gradient_;   ///< [1, P]
  at::Tensor even_rows_;        ///< [chunk] int64, the rows of curvature()
  double mean_absolute_q_ = 0.0;
};

/// Q, V, c and the response of all rows. weights: w of all rows, or nothing where the policy has not learned;
/// then there are Q and V alone. Without autograd. Error: stopped.
Result<RowValues> explain_rows(Compute& compute, const DeviceData& data, const HighLevelParams& params,
                               const PolicyLearner& policy, ValueLearning& values,
                               const std::optional<std::vector<float>>& weights, const ProgressFn& progress,
                               const std::stop_token& stop);

/// Q, V and, where the policy has learned, c of some rows, with J_π over 1,024 rows of the dataset: a look that
/// costs little beside what happens between two of them. Without autograd.
RowValues explain_some_rows(Compute& compute, const DeviceData& data, const HighLevelParams& params,
                            const PolicyLearner& policy, const ValueLearning& values, bool learned,
                            const std::vector<int64_t>& rows);

/// The critics that explain_rows() asks.
ValueSnapshot snapshot_critics(const ValueLearning& values, WhichQ which_q, const TrainingData& data,
                               int64_t step);

}  // namespace vaco
