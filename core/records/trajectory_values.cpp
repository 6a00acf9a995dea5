// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/trajectory_values.h"

#include <algorithm>
#include <limits>

namespace vaco {

LookRows look_rows(const EpisodeTable& episodes, int64_t most) {
  LookRows look;
  const auto total = static_cast<int64_t>(episodes.size()), taken = std::min(total, most);
  if (taken == 0) return look;
  const int64_t each = std::max<int64_t>(1, most / taken);
  for (int64_t k = 0; k < taken; ++k) {
    const int64_t t = k * total / taken;
    const int64_t first = episodes.first[static_cast<size_t>(t)],
                  length = episodes.length[static_cast<size_t>(t)];
    const int64_t count = std::min(each, length);
    for (int64_t i = 0; i < count; ++i) {
      look.rows.push_back(first + (2 * i + 1) * length / (2 * count));
      look.trajectory.push_back(t);
    }
  }
  return look;
}

TrajectoryValues trajectory_values(const LookRows& look, const RowValues& values, size_t trajectories) {
  std::vector<double> counts(trajectories, 0.0);
  for (const int64_t t : look.trajectory) counts[static_cast<size_t>(t)] += 1.0;
  const auto means = [&](const std::vector<float>& of_rows) {
    std::vector<double> sums;
    if (of_rows.size() != look.rows.size() || of_rows.empty()) return sums;
    sums.assign(trajectories, 0.0);
    for (size_t i = 0; i < of_rows.size(); ++i) sums[static_cast<size_t>(look.trajectory[i])] += of_rows[i];
    for (size_t t = 0; t < trajectories; ++t)
      sums[t] = counts[t] > 0.0 ? sums[t] / counts[t] : std::numeric_limits<double>::quiet_NaN();
    return sums;
  };
  return {means(values.q), means(values.v), means(values.alignment)};
}

}  // namespace vaco
