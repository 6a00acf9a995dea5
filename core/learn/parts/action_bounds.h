// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "core/device/compute.h"

namespace vaco {

/// The range of actions on the device, [action_dim] each. A network's tanh acts as middle + half · tanh.
struct ActionBounds {
  ActionBounds(const Compute& compute, const std::vector<float>& action_low,
               const std::vector<float>& action_high);
  at::Tensor low, high;
  at::Tensor middle;  ///< (high + low) / 2
  at::Tensor half;    ///< (high − low) / 2, the unit of noise on actions
};

}  // namespace vaco
