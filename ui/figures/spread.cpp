// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/spread.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "core/stats/statistics.h"
#include "ui/figures/figure.h"
#include "ui/figures/number_text.h"

namespace vaco::ui {
namespace {
constexpr int kSpreadResamples = 2000;
constexpr uint64_t kSpreadSeed = 1;
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
      const auto interval = bootstrap_mean(numbers, kSpreadResamples, kSpreadSeed);
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
      return Figure::tr("± std");
    case Spread::standardError:
      return Figure::tr("± standard error");
    case Spread::bootstrap:
      return Figure::tr("95 % bootstrap interval");
    case Spread::range:
      return Figure::tr("min to max");
  }
  return {};
}

QString bandText(const Band& band, Spread spread, bool normalized, bool withBand) {
  const int digits = scoreDigits(band.mean, normalized);
  const auto number = [digits](double value) { return fixedText(value, digits); };
  const QString mean = number(band.mean), count = QString("n = %1").arg(band.count);
  if (band.count < 2) return mean;
  if (!withBand) return QString("%1 (%2)").arg(mean, count);
  const QString half = number(band.high - band.mean), low = number(band.low), high = number(band.high);
  switch (spread) {
    case Spread::deviation:
      return Figure::tr("%1 ± %2 (std, %3)").arg(mean, half, count);
    case Spread::standardError:
      return Figure::tr("%1 ± %2 (standard error, %3)").arg(mean, half, count);
    case Spread::bootstrap:
      return QString("%1 [%2, %3] (95 %, %4)").arg(mean, low, high, count);
    case Spread::range:
      return QString("%1 (%2 to %3, %4)").arg(mean, low, high, count);
  }
  return mean;
}

}  // namespace vaco::ui
