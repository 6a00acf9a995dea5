// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <memory>

#include "core/base/result.h"
#include "core/base/rng.h"
#include "core/device/compute_options.h"
#include "core/device/step_graph.h"
#include "core/nn/adam.h"
#include "core/nn/mlp.h"
#include "core/nn/workers.h"

namespace vaco {

/// The device and back end that one algorithm computes on. Algorithms ask it for networks and memory and never
/// learn which kind they got. Lives as long as the algorithm.
class Compute {
 public:
  /// device "reference" is torch's plain operations on the CPU, and precision "float64" its double precision:
  /// what the tests hold the fast back end against. device "rehearsal" is the same in the manner of a graphics
  /// card, keeps_to_device(). Errors: unknown device or precision (usage), a device or precision this machine
  /// does not have (unavailable).
  static Result<std::unique_ptr<Compute>> make(const ComputeOptions& options);

  [[nodiscard]] std::unique_ptr<Mlp> mlp(const MlpShape& shape);
  /// Parameters [copies, P] of a network, initialized from the generator.
  [[nodiscard]] at::Tensor parameters(const MlpShape& shape, Rng& rng) const;
  /// The optimizer of parameters like these, which stay where they are.
  [[nodiscard]] Adam adam(const at::Tensor& like, double learning_rate);
  [[nodiscard]] at::Tensor zeros(at::IntArrayRef sizes) const;
  /// A copy of host values on the device.
  [[nodiscard]] at::Tensor upload(const std::vector<float>& values, at::IntArrayRef sizes) const;
  /// A copy of row numbers and their like on the device.
  [[nodiscard]] at::Tensor upload(const std::vector<int64_t>& values) const;
  /// Does both parts of a step, neither of which may touch what the other writes: on a card beside each other.
  void beside(const std::function<void()>& first, const std::function<void()>& second) const {
    run_beside(device_, first, second);
  }
  [[nodiscard]] at::Device device() const { return device_; }
  /// Whether a step draws its random numbers on the device, and never reads from the device or copies to it.
  [[nodiscard]] bool keeps_to_device() const { return keeps_to_device_; }
  /// Tells the draws to come which step they are for: the first of these belongs to the host's part of a step,
  /// the second to the device's, before anything is drawn.
  void begin_step(int64_t step);
  void begin_step_on_device();
  [[nodiscard]] int64_t step() const { return step_; }
  [[nodiscard]] const at::Tensor& step_salt() const { return step_salt_; }  ///< [] int64, for DeviceDraws
  /// Null where torch's own operations do the work.
  [[nodiscard]] Workers* workers() { return workers_.get(); }

 private:
  Compute(at::Device device, at::ScalarType type, std::unique_ptr<Workers> workers, bool rounds_products,
          bool keeps_to_device);
  at::Device device_;
  at::ScalarType type_;
  bool rounds_products_, keeps_to_device_;  ///< the first: bfloat16 or TF32 where the device has them
  std::unique_ptr<Workers> workers_;
  int64_t step_ = 0, device_counts_to_ = -1;  ///< the step that a card takes itself to be at
  at::Tensor step_salt_, device_step_;        ///< [] int64
};

}  // namespace vaco
