// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/device/compute_options.h"

namespace vaco {

/// How fast one kind of update (phases.h) runs on a device, in so many runs at once, each with a seed, a thread
/// and, on a card, a stream and graphs of its own.
struct DeviceRate {
  std::string phase;
  int runs = 1;
  double steps_per_second = 0.0;  ///< of all runs together
};

/// The kinds there are.
inline constexpr std::array kDevicePhases{"value", "bilevel", "bc", "iql", "td3_bc"};

/// Batch 256, two hidden layers of 256, halfcheetah's dimensions, 100,000 rows of noise; about seconds_each for
/// each row. Errors: a device that is not there (unavailable).
Result<std::vector<DeviceRate>> benchmark_device(const ComputeOptions& compute,
                                                 const std::vector<std::string>& phases,
                                                 const std::vector<int>& runs, double seconds_each,
                                                 const std::function<void(std::string_view)>& say);

}  // namespace vaco
