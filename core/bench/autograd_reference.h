// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/base/param_spec.h"
#include "core/base/state_dict.h"
#include "core/learn/training_data.h"

namespace vaco {

/// VACO's updates written the usual way: libtorch autograd, torch's Adam, double backward for the
/// hypergradient. It is the independent truth of the tests and the rival of the benchmarks, and shares no
/// arithmetic with the engine. Continuous and discrete actions, per-sample and trajectory weights, no
/// normalization, minimum of the twins, no noise, same batch.
class AutogradReference {
 public:
  /// params: VACO's. Starts from a saved state of the engine (parameters, targets, generators); optimizers must
  /// be fresh there.
  AutogradReference(const ParamSet& params, const TrainingData& data, const StateDict& start);
  ~AutogradReference();
  void value_step();
  void bilevel_step();
  void cloning_step();  ///< plain behavior cloning
  /// IQL: a step of the values, and one of cloning weighted by min(exp(inverse_temperature · A), clip).
  void iql_step(double inverse_temperature, double clip);
  /// The parameters under the engine's names.
  [[nodiscard]] StateDict save() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace vaco
