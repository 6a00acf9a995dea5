// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

#include "core/learn/compute.h"

namespace vaco {

/// Standard normal noise of a fixed shape on the device, drawn on the host. The noise of a step is a function
/// of seed, stream and step, so that there is no state to save and any device gets the same numbers.
class StepNoise {
 public:
  /// stream parts the noises of one algorithm from each other.
  StepNoise(const Compute& compute, at::IntArrayRef sizes, uint64_t seed, uint64_t stream);
  const at::Tensor& draw(int64_t step);          ///< standard normal
  const at::Tensor& draw_uniform(int64_t step);  ///< in [−1, 1)

 private:
  const at::Tensor& upload();
  uint64_t seed_, stream_;
  at::Tensor host_, device_;
};

}  // namespace vaco
