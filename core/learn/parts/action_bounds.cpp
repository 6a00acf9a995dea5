// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/action_bounds.h"

#include <ATen/ATen.h>

namespace vaco {

ActionBounds::ActionBounds(const Compute& compute, const std::vector<float>& action_low,
                           const std::vector<float>& action_high)
    : low(compute.upload(action_low, {static_cast<int64_t>(action_low.size())})),
      high(compute.upload(action_high, {static_cast<int64_t>(action_high.size())})),
      middle((high + low) * 0.5),
      half((high - low) * 0.5) {}

}  // namespace vaco
