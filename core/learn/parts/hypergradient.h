// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "core/learn/parts/high_level_params.h"
#include "core/learn/parts/policy_network.h"

namespace vaco {

/// c_i = ⟨∇_φ ℓ_i(φ), v⟩ with the cloning loss ℓ_i of PolicyNetwork, at the parameters φ before the policy
/// step; v = ∂J_π/∂φ after it. c_i > 0: cloning sample i also raises the policy's value ("alignment"). The step
/// is exact for any loss of a sample: for the squared error of the paper as for the cross-entropy of choices,
/// which is our reading of it.
class Hypergradient {
 public:
  Hypergradient(Compute& compute, const PolicyNetwork& policy, HypergradientMethod method, int64_t rows);

  /// Whether alignment() looks at the parameters, which the policy step has meanwhile changed.
  [[nodiscard]] bool needs_parameters() const { return method_ != HypergradientMethod::jvp; }
  /// tape: as PolicyLearner::clone_gradient() at these parameters left it; actions = a [B, action_dim]. Returns
  /// c [B, 1].
  const at::Tensor& alignment(const at::Tensor& parameters, const at::Tensor& v, PolicyTape& tape,
                              const at::Tensor& actions);

 private:
  void by_difference(const at::Tensor& parameters, const at::Tensor& v, PolicyTape& tape,
                     const at::Tensor& actions);
  void by_double_backward(const at::Tensor& parameters, const at::Tensor& v, PolicyTape& tape,
                          const at::Tensor& actions);

  const PolicyNetwork& policy_;
  HypergradientMethod method_;
  at::Tensor alignment_;  ///< [B, 1]
  at::Tensor shifted_;    ///< [1, P]
  std::unique_ptr<PolicyTape> shifted_tape_;
};

}  // namespace vaco
