// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <optional>

#include "core/nn/workers.h"

namespace vaco {

struct AdamOptions {
  double learning_rate = 3e-4;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  bool fused = true;  ///< one pass of our own over float32 on the CPU; else torch's operations
};

/// Adam (Kingma and Ba) on flat parameters, in torch's formulation: one fused pass, or torch's operations,
/// or on a card one kernel. Those two keep the count of steps and the learning rate on the device, so that a
/// step which is captured and replayed goes on counting. workers may be null (then serial) and must outlive it.
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

  /// What a kernel needs to take the step, which counts it itself: places on the card, and logarithms of the
  /// betas.
  struct OnCard {
    float *first, *second;
    double* steps;
    const double* rate;
    int* finished;
    float log_beta1, log_beta2, epsilon;
  };
  /// Of parameters on a card in float32; nothing of others.
  [[nodiscard]] std::optional<OnCard> on_card(const at::Tensor& parameters);

  void set_learning_rate(double rate);
  /// Reads the device.
  [[nodiscard]] int64_t steps() const;
  void set_steps(int64_t steps);
  /// Forgets the moments and the steps, in place.
  void restart();
  at::Tensor first_moment;   ///< m
  at::Tensor second_moment;  ///< v

 private:
  /// 1 − β1ᵗ and 1 − β2ᵗ [2] in double precision.
  [[nodiscard]] at::Tensor corrections() const;

  AdamOptions options_;
  Workers* workers_;
  int64_t steps_ = 0;                      ///< of the fused pass
  at::Tensor device_steps_, device_rate_;  ///< [] double, undefined for the fused pass
  at::Tensor device_betas_;                ///< [2] double
  at::Tensor device_finished_;             ///< [] int, 0 between the steps: blocks of a kernel that are through
};

}  // namespace vaco
