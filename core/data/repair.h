// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/data/dataset.h"
#include "core/data/writer.h"

namespace vaco {

struct RepairOptions {
  /// Terminals at the greatest length there is (or the environment's step limit), where several are, are time
  /// limits, and episodes longer than the limit end at it.
  bool time_limits = false;
  bool shift_rewards = false;  ///< each reward moves to the row before, within its episode
  /// A place that the first numbers of an observation (in mazes x and y) are to come to. Each row's reward
  /// becomes 0 within the radius of it and -1 elsewhere, as OGBench's single-task sets have it. Empty: no goal.
  std::vector<double> goal{};
  double goal_radius = 1.0;
};

/// A mended copy of a dataset and what was done, a sentence each; nothing done: it was sound.
struct Repaired {
  DatasetColumns columns;
  std::vector<std::string> done;
};

/// Episodes with numbers that are none, and repeated ones, are left out; ends that flags do not mark (jumps,
/// resets, a cut tail, step limits) become timeouts; actions of known bounds are clipped to them. Usage error
/// when nothing would be left.
Result<Repaired> repair(const Dataset& dataset, const RepairOptions& options);

}  // namespace vaco
