// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"

namespace vaco {

/// A trajectory over the training: what was said of it at every look that the run took at its weights.
struct TrajectoryHistory {
  std::vector<int64_t> steps;   ///< increasing
  std::vector<double> weight;   ///< [steps] mean over the trajectory's rows
  std::vector<double> overall;  ///< [steps] mean over all trajectories, each counted by its rows
  /// [steps] means of Q, V and c over some of its rows, the same ones every time; NaN where they were not
  /// recorded. Empty: at no step.
  std::vector<double> q, v, alignment;
  [[nodiscard]] std::vector<double> advantage() const;  ///< Q − V; empty where one of them is
};
/// Reads diagnostics/ of a run folder, also of one that still trains; empty where there is nothing yet. Any
/// thread. bad_data where the run has no such trajectory or a file is damaged.
Result<TrajectoryHistory> read_trajectory_history(const std::filesystem::path& run, int64_t trajectory);

/// step, weight, overall and what else there is, a line a step.
std::string to_csv(const TrajectoryHistory& history);
Json to_json(const TrajectoryHistory& history);

}  // namespace vaco
