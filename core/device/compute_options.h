// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

namespace vaco {

/// Where and how the arithmetic runs. Changes speed, never meaning; threads do not change a single bit.
struct ComputeOptions {
  std::string device = "auto";  ///< "cpu", "cuda", "auto"
  /// "float32"; "bfloat16" (on the CPU) for the products between hidden layers only, or "tf32" (on a card) for
  /// all products of the networks, whose factors then have 10 binary digits and whose sums float32's (weights,
  /// optimizers, losses and outputs stay float32 with both); "auto", which is float32, so that numbers do not
  /// depend on the machine.
  std::string precision = "auto";
  int threads = 1;  ///< worker threads of one run, >= 1
};

}  // namespace vaco
