// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

namespace vaco {

/// What stands for a number that there is none of.
inline constexpr double kNoNumber = std::numeric_limits<double>::quiet_NaN();

double mean(std::span<const double> values);
/// Sample standard deviation (n − 1); 0 for fewer than two values.
double standard_deviation(std::span<const double> values);
/// Linear interpolation between order statistics (numpy's default); values need not be sorted; q in [0, 1].
double quantile(std::vector<double> values, double q);
/// Mean of the middle half (25 % trimmed on both sides, with fractional weights at the borders).
double interquartile_mean(std::vector<double> values);

/// Pearson's r; NaN when either side is constant or there are fewer than two pairs.
double pearson(std::span<const double> x, std::span<const double> y);
/// Spearman's ρ: Pearson of average ranks.
double spearman(std::span<const double> x, std::span<const double> y);
std::vector<double> average_ranks(std::span<const double> values);

struct Estimate {
  double value = 0.0;
  double low = 0.0;   ///< lower end of the 95 % interval; NaN where there is too little for one
  double high = 0.0;  ///< upper end, or NaN
  [[nodiscard]] bool has_interval() const;
};
/// "0.85 [0.80, 0.90]"; the value alone where there is no interval, "–" where there is no value.
std::string to_text(const Estimate& estimate, int digits);

/// Percentile bootstrap over pairs (without an interval for fewer than five) or over values (for fewer than
/// two); the same seed gives the same interval.
Estimate bootstrap_pearson(std::span<const double> x, std::span<const double> y, int resamples, uint64_t seed);
Estimate bootstrap_spearman(std::span<const double> x, std::span<const double> y, int resamples, uint64_t seed);
Estimate bootstrap_mean(std::span<const double> values, int resamples, uint64_t seed);

/// ESS = (Σw)² / (N Σw²), the share of samples that effectively count, in [0, 1]; 0 for all-zero weights.
double effective_sample_size(std::span<const float> weights);

/// Exact counts over fixed edges; values outside fall into the first or last bin, NaN is counted apart.
struct Histogram {
  std::vector<double> edges;    ///< [bins + 1], increasing
  std::vector<int64_t> counts;  ///< [bins]
  int64_t not_a_number = 0;
};
Histogram histogram(std::span<const float> values, const std::vector<double>& edges);
std::vector<double> linear_edges(double low, double high, int bins);

/// Exponential smoothing with the start bias divided out (as Adam does); weight in [0, 1). NaN leaves a gap.
std::vector<double> debiased_smoothing(std::span<const double> values, double weight);

}  // namespace vaco
