// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/learn/explanation.h"

namespace vaco {

struct Neighbor {
  int64_t trajectory = 0;
  double distance = 0.0;  ///< Euclidean, between features
};
/// The trajectories whose features lie nearest to those of this one, nearest first; equal ones by number. Fewer
/// than count where there are not so many; none without features.
std::vector<Neighbor> nearest_trajectories(const TrajectoryFeatures& features, int64_t trajectory,
                                           size_t count);

}  // namespace vaco
