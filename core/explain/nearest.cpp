// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/nearest.h"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace vaco {

std::vector<Neighbor> nearest_trajectories(const TrajectoryFeatures& features, int64_t trajectory,
                                           size_t count) {
  std::vector<Neighbor> all;
  if (features.values.empty()) return all;
  const int64_t width = features.width, total = static_cast<int64_t>(features.values.size()) / width;
  const float* here = features.values.data() + trajectory * width;
  for (int64_t t = 0; t < total; ++t) {
    if (t == trajectory) continue;
    const float* there = features.values.data() + t * width;
    double sum = 0.0;
    for (int64_t k = 0; k < width; ++k) {
      const double difference = static_cast<double>(here[k]) - there[k];
      sum += difference * difference;
    }
    all.push_back({t, std::sqrt(sum)});
  }
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(count, all.size()));
  std::partial_sort(all.begin(), end, all.end(), [](const Neighbor& a, const Neighbor& b) {
    return std::tie(a.distance, a.trajectory) < std::tie(b.distance, b.trajectory);
  });
  all.erase(end, all.end());
  return all;
}

}  // namespace vaco
