// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "core/base/result.h"

namespace vaco {

/// A trajectory over the training: its mean weight at every look that the run took at its weights.
struct TrajectoryHistory {
  std::vector<int64_t> steps;   ///< increasing
  std::vector<double> weight;   ///< [steps] mean over the trajectory's rows
  std::vector<double> overall;  ///< [steps] mean over all trajectories, each counted by its rows
};
/// Reads diagnostics/ of a run folder, also of one that still trains; empty where there is nothing yet. Any
/// thread. bad_data where the run has no such trajectory or a file is damaged.
Result<TrajectoryHistory> read_trajectory_history(const std::filesystem::path& run, int64_t trajectory);

}  // namespace vaco
