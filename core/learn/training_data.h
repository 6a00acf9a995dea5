// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace vaco {

/// What an algorithm learns from: float columns, made by core/session from a Dataset (learning knows nothing of
/// files). Observations are normalized and rewards scaled already. Rows are in the file's order; trajectories
/// are contiguous.
struct TrainingData {
  int64_t rows = 0;  ///< N
  int64_t obs_dim = 0;
  int64_t action_dim = 0;
  int64_t action_count = 0;         ///< choices of discrete actions, or 0: actions are continuous
  std::vector<float> observations;  ///< [N, obs_dim], (s − mean) / scale
  std::vector<float>
      actions;  ///< [N, action_dim], raw; of discrete ones one column a choice: 1 for the one made, else 0
  std::vector<float> rewards;  ///< [N], scaled
  std::vector<float>
      next_observations;     ///< [N, obs_dim], normalized; of a row without a successor: its own observation
  std::vector<float> masks;  ///< [N], 0 where the row is terminal, else 1
  std::vector<int64_t> td_rows;            ///< rows that TD learning may draw; empty = all of them
  std::vector<int64_t> trajectory_first;   ///< [T] first row of each trajectory
  std::vector<int64_t> trajectory_length;  ///< [T]
  std::vector<float> trajectory_return;    ///< [T] undiscounted, raw rewards (for 10 % BC only)
  std::vector<float> observation_mean;     ///< [obs_dim] goes into the policy snapshot
  std::vector<float> observation_scale;    ///< [obs_dim]
  std::vector<float> action_low;           ///< [action_dim]
  std::vector<float> action_high;          ///< [action_dim]
};

}  // namespace vaco
