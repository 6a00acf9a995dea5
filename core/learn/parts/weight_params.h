// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "core/base/param_fields.h"

namespace vaco {

/// What shares one weight: a row, a window of its trajectory, or the trajectory; or (automatic) what suits the
/// actions.
enum class WeightLevel { automatic, sample, window, trajectory };
/// The level itself. Of actions that are choices the data has all, so that Q is learned for each, and a
/// sample's own weight tells good from bad; between continuous ones Q is a guess that such weights exploit.
WeightLevel level_for(WeightLevel asked, bool choices);

/// How the scoring network's output f becomes a weight.
enum class WeightActivation {
  sigmoid,         ///< 1 / (1 + e^{−f/T})
  double_sigmoid,  ///< twice that: starts at weight 1
  softplus,        ///< T log(1 + e^{f/T})
  exponential,     ///< e^{f/T}: with the batch mean divided out, a softmax
};

/// Whether the low level's weights are w̃ = w or w̃ = w / mean_batch(w); a softmax over the batch is the latter
/// with the exponential activation.
enum class WeightNormalization { none, batch, softmax };

/// What the scoring network sees: state, action and Q, or all but one, or Q alone.
enum class WeightInputs { full, no_value, no_state, value_only };

/// The meta-scoring network and how its weights act.
struct WeightParams {
  WeightLevel weight_level = WeightLevel::automatic;
  int64_t weight_window = 100;
  double meta_lr = 3e-5;
  WeightActivation weight_activation = WeightActivation::sigmoid;
  WeightNormalization weight_normalization = WeightNormalization::none;
  double weight_temperature = 1.0, weight_budget = 0.5, ess_floor = 0.0, trust = 0.0;
  WeightInputs weight_inputs = WeightInputs::full;
  int64_t weight_refresh_interval = 500;
  void list(ParamFields& fields);
};

}  // namespace vaco
