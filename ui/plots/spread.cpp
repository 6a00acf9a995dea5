// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/spread.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/stats/statistics.h"

namespace vaco::ui {
namespace {
constexpr int kResamples = 2000;
constexpr uint64_t kSeed = 1;
}  // namespace

Band bandOf(std::span<const double> values, Spread spread) {
  std::vector<double> numbers;
  for (const double value : values)
    if (!std::isnan(value)) numbers.push_back(value);
  Band band;
  band.count = numbers.size();
  if (numbers.empty()) return band;
  band.mean = band.low = band.high = mean(numbers);
  if (numbers.size() == 1) return band;
  const double deviation = standard_deviation(numbers);
  double half = 0.0;
  switch (spread) {
    case Spread::deviation:
      half = deviation;
      break;
    case Spread::standardError:
      half = deviation / std::sqrt(static_cast<double>(numbers.size()));
      break;
    case Spread::bootstrap: {
      const auto interval = bootstrap_mean(numbers, kResamples, kSeed);
      band.low = interval.low;
      band.high = interval.high;
      return band;
    }
    case Spread::range:
      band.low = *std::min_element(numbers.begin(), numbers.end());
      band.high = *std::max_element(numbers.begin(), numbers.end());
      return band;
  }
  band.low = band.mean - half;
  band.high = band.mean + half;
  return band;
}

QString spreadLabel(Spread spread) {
  switch (spread) {
    case Spread::deviation:
      return "± std";
    case Spread::standardError:
      return "± standard error";
    case Spread::bootstrap:
      return "95 % bootstrap";
    case Spread::range:
      return "min to max";
  }
  return {};
}

}  // namespace vaco::ui
