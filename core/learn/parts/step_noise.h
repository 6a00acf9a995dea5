// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>

#include "core/device/compute.h"
#include "core/device/device_draws.h"

namespace vaco {

/// Stream of the k-th of an algorithm's noises, k ≥ 1.
constexpr uint64_t noise_stream(uint64_t k) {
  return k << 48U;
}

/// Noise of a fixed shape on the device: drawn on the host where the host is the device, else on the device.
/// The noise of compute.step() is a function of seed, stream and step, so that there is no state to save.
class StepNoise {
 public:
  /// The host's draws take one stream for each step, counted from the given one. compute must outlive this.
  StepNoise(const Compute& compute, at::IntArrayRef sizes, uint64_t seed, uint64_t stream);
  /// Standard deviation of draw(), 1 at the start. Belongs to the host's part of a step.
  void set_deviation(double deviation);
  [[nodiscard]] double deviation() const { return deviation_; }
  const at::Tensor& draw();          ///< normal
  const at::Tensor& draw_uniform();  ///< in [−1, 1), or (−1, 1) on the device

 private:
  const Compute& compute_;
  uint64_t seed_, stream_;
  double deviation_ = 1.0;
  at::Tensor values_;
  std::optional<DeviceDraws> draws_;
  at::Tensor device_deviation_;  ///< []
};

}  // namespace vaco
