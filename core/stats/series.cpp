// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cassert>
#include <cmath>

#include "core/stats/statistics.h"

namespace vaco {

Histogram histogram(std::span<const float> values, const std::vector<double>& edges) {
  assert(edges.size() >= 2 && std::is_sorted(edges.begin(), edges.end()));
  Histogram result{edges, std::vector<int64_t>(edges.size() - 1, 0), 0};
  const auto bins = static_cast<int64_t>(result.counts.size());
  // With equal steps the bin is nearly known; comparing with the edges themselves makes it exact for any edges.
  const double step = (edges.back() - edges.front()) / static_cast<double>(bins);
  for (const float value : values) {
    if (std::isnan(value)) {
      ++result.not_a_number;
      continue;
    }
    const auto v = static_cast<double>(value);
    const double guess = step > 0.0 ? (v - edges.front()) / step : 0.0;
    int64_t bin = guess <= 0.0                         ? 0
                  : guess >= static_cast<double>(bins) ? bins - 1
                                                       : static_cast<int64_t>(guess);
    while (bin > 0 && v < edges[static_cast<size_t>(bin)]) --bin;
    while (bin + 1 < bins && v >= edges[static_cast<size_t>(bin) + 1]) ++bin;
    ++result.counts[static_cast<size_t>(bin)];
  }
  return result;
}

std::vector<double> linear_edges(double low, double high, int bins) {
  assert(bins > 0 && low < high);
  std::vector<double> edges(static_cast<size_t>(bins) + 1);
  for (size_t i = 0; i < edges.size(); ++i)
    edges[i] = low + (high - low) * static_cast<double>(i) / static_cast<double>(bins);
  edges.back() = high;
  return edges;
}

std::vector<double> debiased_smoothing(std::span<const double> values, double weight) {
  assert(weight >= 0.0 && weight < 1.0);
  std::vector<double> smooth;
  smooth.reserve(values.size());
  double average = 0.0, power = 1.0;
  for (const double value : values) {
    if (!std::isfinite(value)) {
      smooth.push_back(value);
      continue;
    }
    average = weight * average + (1.0 - weight) * value;
    power *= weight;
    smooth.push_back(average / (1.0 - power));
  }
  return smooth;
}

}  // namespace vaco
