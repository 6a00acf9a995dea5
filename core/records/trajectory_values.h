// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/data/dataset.h"
#include "core/learn/explanation.h"

namespace vaco {

/// Rows that are looked at now and then while a run trains, the same ones every time: some of every trajectory,
/// which lie evenly in it.
struct LookRows {
  std::vector<int64_t> rows;        ///< [k] increasing
  std::vector<int64_t> trajectory;  ///< [k] that each is of
};
/// At most `most` rows; of trajectories, too, where there are more of them: evenly over their numbers.
LookRows look_rows(const EpisodeTable& episodes, int64_t most);

/// Means over the rows of each trajectory that were looked at [T]; NaN where none was. A column is empty where
/// nothing is known of it.
struct TrajectoryValues {
  std::vector<double> q, v, alignment;
};
/// values: of the look's rows.
TrajectoryValues trajectory_values(const LookRows& look, const RowValues& values, size_t trajectories);

}  // namespace vaco
