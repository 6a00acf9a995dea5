// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "core/nn/workers.h"

namespace vaco {

struct AdamOptions {
  double learning_rate = 3e-4;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
};

/// Adam (Kingma and Ba) on flat parameters, in torch's formulation: one fused pass on the CPU, torch operations
/// elsewhere. workers may be null (then serial) and must outlive it.
class Adam {
 public:
  Adam(const at::Tensor& like, AdamOptions options, Workers* workers);

  /// parameters -= learning_rate · m̂ / (√v̂ + ε).
  void step(at::Tensor& parameters, const at::Tensor& gradients);
  /// The same, and target += rate (parameters − target) in the same pass (Polyak averaging).
  void step(at::Tensor& parameters, const at::Tensor& gradients, at::Tensor& target, double rate);
  /// ∂(the last step)/∂gradient per coordinate, divided by the learning rate: what SGD has as 1 (SAMA's
  /// preconditioner). gradients must be those of the last step.
  void derivative(const at::Tensor& gradients, at::Tensor& out) const;

  void set_learning_rate(double rate) { options_.learning_rate = rate; }
  [[nodiscard]] int64_t steps() const { return steps_; }
  void set_steps(int64_t steps) { steps_ = steps; }
  at::Tensor first_moment;   ///< m
  at::Tensor second_moment;  ///< v

 private:
  AdamOptions options_;
  Workers* workers_;
  int64_t steps_ = 0;
};

/// average += rate (values − average).
void polyak(at::Tensor& average, const at::Tensor& values, double rate, Workers* workers);

}  // namespace vaco
