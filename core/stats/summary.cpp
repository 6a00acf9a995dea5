// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <numeric>

#include "core/stats/statistics.h"

namespace vaco {

double mean(std::span<const double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

double standard_deviation(std::span<const double> values) {
  if (values.size() < 2) return 0.0;
  const double middle = mean(values);
  double squares = 0.0;
  for (const double value : values) squares += (value - middle) * (value - middle);
  return std::sqrt(squares / static_cast<double>(values.size() - 1));
}

double quantile(std::vector<double> values, double q) {
  assert(q >= 0.0 && q <= 1.0);
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  if (std::any_of(values.begin(), values.end(), [](double v) { return std::isnan(v); }))
    return std::numeric_limits<double>::quiet_NaN();
  const double place = q * static_cast<double>(values.size() - 1);
  const auto below = static_cast<size_t>(place);
  const auto at = values.begin() + static_cast<ptrdiff_t>(below);
  std::nth_element(values.begin(), at, values.end());
  const double share = place - static_cast<double>(below);
  if (share == 0.0) return *at;
  const double above = *std::min_element(at + 1, values.end());
  return *at + share * (above - *at);
}

double interquartile_mean(std::vector<double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  std::sort(values.begin(), values.end());
  // Value i stands for the stretch [i, i + 1) of n; what of it lies between n/4 and 3n/4 is its weight.
  const auto n = static_cast<double>(values.size());
  double sum = 0.0;
  for (size_t i = 0; i < values.size(); ++i) {
    const auto at = static_cast<double>(i);
    const double weight = std::min(at + 1.0, 0.75 * n) - std::max(at, 0.25 * n);
    if (weight > 0.0) sum += weight * values[i];
  }
  return sum / (0.5 * n);
}

double effective_sample_size(std::span<const float> weights) {
  double sum = 0.0, squares = 0.0;
  for (const float weight : weights) {
    sum += static_cast<double>(weight);
    squares += static_cast<double>(weight) * static_cast<double>(weight);
  }
  if (weights.empty() || squares == 0.0) return 0.0;
  return sum * sum / (static_cast<double>(weights.size()) * squares);
}

}  // namespace vaco
