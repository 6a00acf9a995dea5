// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/bench/autograd_parts.h"
#include "core/learn/algorithms/td3_learner.h"

namespace vaco {

/// TD3, or TD3+BC where bc_alpha is above 0, written the usual way: libtorch autograd and torch's
/// Adam. As AutogradReference, it is the tests' independent truth and the benchmarks' rival.
class Td3AutogradReference {
 public:
  /// Starts from an engine's saved parameters, which must be fresh; draws the batches and the noise that the
  /// engine of this seed draws.
  Td3AutogradReference(const Td3UpdateParams& params, const TrainingData& data, const StateDict& start,
                       uint64_t seed);
  void step();
  /// The parameters under the engine's names.
  [[nodiscard]] StateDict save() const;

 private:
  autograd::Columns columns_;
  double discount_, rate_, policy_noise_, noise_clip_, bc_alpha_;
  int64_t policy_delay_, steps_ = 0;
  uint64_t seed_;
  Rng sampling_;
  at::Tensor critic_, critic_target_, policy_, policy_target_;
  std::unique_ptr<torch::optim::Adam> critic_adam_, policy_adam_;
};

}  // namespace vaco
