// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/sim/recording.h"

namespace vaco {

/// A trajectory of a run's dataset: how much it counted at a step, what it was worth, and its states.
struct RecordedTrajectory {
  int64_t step = 0;                          ///< of the run, when the weights were looked at
  int64_t index = 0, count = 0;              ///< this trajectory, and how many there are
  int64_t first = 0, length = 0;             ///< rows of the dataset
  std::string source;                        ///< behavior policy; "all" when the data does not say
  double weight = 0.0;                       ///< mean over its rows
  double total_reward = 0.0;                 ///< undiscounted, raw
  int64_t weight_rank = 0, return_rank = 0;  ///< 1 = the highest; equal values share a rank
  std::filesystem::path dataset;
  std::string environment;
  std::shared_ptr<const Recording> states;  ///< null when they cannot be shown
  std::string why_no_states;                ///< then, in plain words
};

/// Reads diagnostics/step_*.h5 of the run folder and infos/qpos, infos/qvel of its dataset. bad_data when there
/// is no such trajectory. Any thread; takes as long as reading two columns of the dataset.
Result<RecordedTrajectory> read_recorded_trajectory(const std::filesystem::path& run, int64_t step,
                                                    int64_t index);

/// The states (infos/qpos, infos/qvel) of the rows first .. first + length - 1 of a D4RL file, its trajectory
/// number index. unavailable when the file has none. Any thread.
Result<std::shared_ptr<const Recording>> read_episode_states(const std::filesystem::path& dataset,
                                                             int64_t index, int64_t first, int64_t length);

}  // namespace vaco
