// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/explain/explained_run.h"

namespace vaco {

/// A quantity over the time of a trajectory.
struct RowColumn {
  std::string key;    ///< in files: reward, q, v, advantage, weight, alignment, response
  std::string label;  ///< for people
  std::vector<float> values;
  [[nodiscard]] double mean() const;
};
/// The rows of a trajectory with all that is known of them; what the run has no networks for is left out.
struct RowTable {
  int64_t first = 0;  ///< row of the dataset
  std::vector<RowColumn> columns;
  [[nodiscard]] size_t rows() const { return columns.front().values.size(); }
  /// Null where there is no such column.
  [[nodiscard]] const RowColumn* find(const std::string& key) const;
};
RowTable row_table(const ExplainedRun& run, int64_t trajectory);
/// With the columns row and time in front.
std::string to_csv(const RowTable& table);
Json to_json(const RowTable& table);

/// A trajectory in a line.
struct TrajectorySummary {
  int64_t index = 0, first = 0, length = 0;
  std::string source, ended_by;
  double total_reward = 0.0;
  double weight = 0.0;                       ///< mean over its rows; NaN where there are no weights
  int64_t return_rank = 0, weight_rank = 0;  ///< 1 = the highest, equal ones share it; 0 = no weights
};
TrajectorySummary summarize_trajectory(const ExplainedRun& run, int64_t trajectory);
Json to_json(const TrajectorySummary& summary);

/// Means over the rows of each trajectory [T]; empty where the column is.
std::vector<double> trajectory_means(const EpisodeTable& episodes, const std::vector<float>& column);

}  // namespace vaco
