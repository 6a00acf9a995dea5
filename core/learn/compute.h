// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/learn/algorithm.h"
#include "core/nn/mlp.h"
#include "core/nn/workers.h"

namespace vaco {

/// The device and back end that one algorithm computes on. Algorithms ask it for networks and memory and never
/// learn which kind they got. Lives as long as the algorithm.
class Compute {
 public:
  /// device "reference" is torch's plain operations on the CPU, and precision "float64" its double precision:
  /// what the tests hold the fast back end against. Errors: unknown device or precision (usage), a device or
  /// precision this machine does not have (unavailable).
  static Result<std::unique_ptr<Compute>> make(const ComputeOptions& options);

  [[nodiscard]] std::unique_ptr<Mlp> mlp(const MlpShape& shape);
  /// Parameters [copies, P] of a network, initialized from the generator.
  [[nodiscard]] at::Tensor parameters(const MlpShape& shape, Rng& rng) const;
  [[nodiscard]] at::Tensor zeros(at::IntArrayRef sizes) const;
  /// A copy of host values on the device.
  [[nodiscard]] at::Tensor upload(const std::vector<float>& values, at::IntArrayRef sizes) const;
  [[nodiscard]] at::Device device() const { return device_; }
  /// Null where torch's own operations do the work.
  [[nodiscard]] Workers* workers() { return workers_.get(); }

 private:
  Compute(at::Device device, at::ScalarType type, std::unique_ptr<Workers> workers, bool bfloat16);
  at::Device device_;
  at::ScalarType type_;
  bool bfloat16_;
  std::unique_ptr<Workers> workers_;
};

}  // namespace vaco
