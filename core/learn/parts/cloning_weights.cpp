// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/cloning_weights.h"

#include <algorithm>
#include <cmath>

namespace vaco {

WeightGroups make_weight_groups(const std::vector<int64_t>& trajectory_first,
                                const std::vector<int64_t>& trajectory_length, int64_t window) {
  WeightGroups groups;
  for (size_t t = 0; t < trajectory_first.size(); ++t) {
    const int64_t length = trajectory_length[t];
    const int64_t windows = window <= 0 ? 1 : std::max<int64_t>(1, length / window);
    for (int64_t w = 0; w < windows; ++w) {
      const int64_t begin = w * window;
      const int64_t rows = windows == 1 ? length : (w + 1 == windows ? length - begin : window);
      groups.group.insert(groups.group.end(), static_cast<size_t>(rows),
                          static_cast<int32_t>(groups.first.size()));
      groups.first.push_back(trajectory_first[t] + (windows == 1 ? 0 : begin));
      groups.length.push_back(rows);
    }
  }
  return groups;
}

void average_over_groups(const WeightGroups& groups, std::span<float> weights) {
  double total = 0.0;
  for (const float w : weights) total += w;
  const double mean = total / static_cast<double>(weights.size());
  const double scale = mean > 0.0 ? 1.0 / mean : 1.0;
  for (size_t g = 0; g < groups.first.size(); ++g) {
    const auto rows =
        weights.subspan(static_cast<size_t>(groups.first[g]), static_cast<size_t>(groups.length[g]));
    double sum = 0.0;
    for (const float w : rows) sum += w;
    const auto average = static_cast<float>(scale * sum / static_cast<double>(rows.size()));
    std::fill(rows.begin(), rows.end(), average);
  }
}

void shrink_short_groups(const WeightGroups& groups, std::span<float> weights) {
  constexpr double kPriorRows = 20.0;
  const auto certainty = [](int64_t length) {
    return static_cast<double>(length) / (static_cast<double>(length) + kPriorRows);
  };
  double total = 0.0;
  for (const float w : weights) total += w;
  const double mean = total / static_cast<double>(weights.size());
  const double most = certainty(*std::max_element(groups.length.begin(), groups.length.end()));
  for (size_t g = 0; g < groups.first.size(); ++g) {
    const double kept = certainty(groups.length[g]) / most;
    for (float& w :
         weights.subspan(static_cast<size_t>(groups.first[g]), static_cast<size_t>(groups.length[g])))
      w = static_cast<float>(mean + (w - mean) * kept);
  }
}

double apply_ess_floor(std::span<float> weights, double floor) {
  if (floor <= 0.0) return 1.0;
  double mean = 0.0, variance = 0.0;
  for (const float w : weights) mean += w;
  mean /= static_cast<double>(weights.size());
  for (const float w : weights) variance += (w - mean) * (w - mean);
  variance /= static_cast<double>(weights.size());
  const double allowed = (1.0 / floor - 1.0) * mean * mean;
  if (variance <= allowed) return 1.0;
  const double share = std::sqrt(allowed / variance);
  for (float& w : weights) w = static_cast<float>(share * w + (1.0 - share) * mean);
  return share;
}

}  // namespace vaco
