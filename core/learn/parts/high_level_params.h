// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/param_fields.h"

namespace vaco {

/// How the twin critics become one value, and whether their slow targets are meant.
enum class WhichQ { minimum, first, mean, target_minimum };

/// How the alignment c is computed; all three give the same numbers up to their precision.
enum class HypergradientMethod {
  jvp,              ///< row products with the step's own backward pass, exact and cheapest
  darts,            ///< central difference along v with r = 0.01/‖v‖
  double_backward,  ///< autograd through the gradient: the literature's way and our reference
};

/// VACO's high level: the policy's value, its noise, and the hypergradient.
struct HighLevelParams {
  WhichQ which_q = WhichQ::minimum;
  double state_noise = 0.1, state_noise_end = 0.0;
  enum class NoiseOn { state, action } noise_on = NoiseOn::state;
  enum class HighBatch { same, fresh } high_batch = HighBatch::same;
  HypergradientMethod hypergradient = HypergradientMethod::jvp;
  bool adam_aware = false, keep_value_training = false;
  void list(ParamFields& fields);
};

}  // namespace vaco
