// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/row_draws.h"

#include <algorithm>
#include <cmath>

namespace vaco {

void sharpen(std::span<float> weights, double temperature) {
  const auto [least, most] = std::minmax_element(weights.begin(), weights.end());
  if (!(*most > 0.0f)) return std::fill(weights.begin(), weights.end(), 1.0f);
  const double best = *most, parted = 1.0 - *least / best;
  for (float& w : weights) w = static_cast<float>(std::exp(parted * (w / best - 1.0) / temperature));
}

double temperature_for_rows(std::span<const float> weights, double temperature, double least) {
  const auto rows_at = [&](double t) {
    std::vector<float> sharpened(weights.begin(), weights.end());
    sharpen(sharpened, t);
    return effective_rows(sharpened);
  };
  if (rows_at(temperature) >= least) return temperature;
  double low = temperature, high = std::max(temperature, 1e4);
  if (rows_at(high) < least) return high;
  // By halves of the logarithm, to a thousandth.
  while (high > low * 1.001) {
    const double middle = std::sqrt(low * high);
    (rows_at(middle) >= least ? high : low) = middle;
  }
  return high;
}

std::vector<int64_t> resample_rows(std::span<const float> weights) {
  const size_t count = std::max(weights.size(), size_t{1} << 20U);
  double total = 0.0;
  for (const float w : weights) total += w;
  std::vector<int64_t> rows;
  rows.reserve(count);
  double below = 0.0;
  for (size_t i = 0; i < weights.size(); ++i) {
    below += weights[i];
    // The k-th place, k = 0 … count − 1, goes to the row in whose share (k + 1/2) / count falls.
    while (rows.size() < count &&
           (static_cast<double>(rows.size()) + 0.5) * total < below * static_cast<double>(count))
      rows.push_back(static_cast<int64_t>(i));
  }
  return rows;
}

double effective_rows(std::span<const float> weights) {
  double sum = 0.0, squares = 0.0;
  for (const double w : weights) {
    sum += w;
    squares += w * w;
  }
  return squares > 0.0 ? sum * sum / squares : 0.0;
}

}  // namespace vaco
