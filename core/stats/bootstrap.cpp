// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <functional>
#include <numeric>

#include "core/base/rng.h"
#include "core/stats/statistics.h"

namespace vaco {
namespace {

/// Resamples of fewer pairs are too often constant, or on a line, for their correlations to mean anything.
constexpr size_t kLeastPairs = 5;

/// The 95 % interval of a statistic by the percentile method: it is computed for resamples of the same size,
/// drawn with replacement by index. There is none for fewer than least values.
Estimate bootstrap(size_t count, int resamples, uint64_t seed, double value,
                   const std::function<double(const std::vector<size_t>&)>& statistic,
                   size_t least = kLeastPairs) {
  Estimate estimate{value, kNoNumber, kNoNumber};
  if (count < least || !std::isfinite(value)) return estimate;
  Rng rng(seed);
  std::vector<size_t> drawn(count);
  std::vector<double> values;
  for (int r = 0; r < resamples; ++r) {
    for (auto& index : drawn) index = static_cast<size_t>(rng.index(count));
    // A resample that happens to be constant has no correlation.
    if (const double one = statistic(drawn); std::isfinite(one)) values.push_back(one);
  }
  if (values.empty()) return estimate;
  estimate.low = quantile(values, 0.025);
  estimate.high = quantile(values, 0.975);
  return estimate;
}

Estimate bootstrap_pairs(std::span<const double> x, std::span<const double> y, int resamples, uint64_t seed,
                         double (*statistic)(std::span<const double>, std::span<const double>)) {
  std::vector<double> some_x(x.size()), some_y(y.size());
  return bootstrap(x.size(), resamples, seed, statistic(x, y), [&](const std::vector<size_t>& drawn) {
    for (size_t i = 0; i < drawn.size(); ++i) {
      some_x[i] = x[drawn[i]];
      some_y[i] = y[drawn[i]];
    }
    return statistic(some_x, some_y);
  });
}

/// Average ranks inside resamples, by sorting once: how often a value was drawn tells where the next ones
/// stand.
class ResampledRanks {
 public:
  explicit ResampledRanks(std::span<const double> values)
      : values_(values), order_(values.size()), rank_(values.size()) {
    std::iota(order_.begin(), order_.end(), size_t{0});
    std::sort(order_.begin(), order_.end(), [&](size_t a, size_t b) { return values[a] < values[b]; });
  }
  /// times[i]: how often value i was drawn. Returns each value's rank among the drawn ones.
  const std::vector<double>& ranks(const std::vector<int>& times) {
    double before = 0.0;
    for (size_t first = 0; first < order_.size();) {
      size_t end = first;
      int tied = 0;
      for (; end < order_.size() && values_[order_[end]] == values_[order_[first]]; ++end)
        tied += times[order_[end]];
      for (size_t i = first; i < end; ++i) rank_[order_[i]] = before + 0.5 * (tied + 1);
      before += tied;
      first = end;
    }
    return rank_;
  }

 private:
  std::span<const double> values_;
  std::vector<size_t> order_;
  std::vector<double> rank_;
};

}  // namespace

Estimate bootstrap_pearson(std::span<const double> x, std::span<const double> y, int resamples, uint64_t seed) {
  return bootstrap_pairs(x, y, resamples, seed, pearson);
}

Estimate bootstrap_spearman(std::span<const double> x, std::span<const double> y, int resamples,
                            uint64_t seed) {
  const double value = spearman(x, y);
  if (!std::isfinite(value)) return {value, value, value};  // a NaN has no place in the order of ResampledRanks
  ResampledRanks x_ranks(x), y_ranks(y);
  std::vector<double> some_x(x.size()), some_y(y.size());
  std::vector<int> times(x.size());
  return bootstrap(x.size(), resamples, seed, value, [&](const std::vector<size_t>& drawn) {
    std::fill(times.begin(), times.end(), 0);
    for (const size_t index : drawn) ++times[index];
    const auto &rank_x = x_ranks.ranks(times), &rank_y = y_ranks.ranks(times);
    for (size_t i = 0; i < drawn.size(); ++i) {
      some_x[i] = rank_x[drawn[i]];
      some_y[i] = rank_y[drawn[i]];
    }
    return pearson(some_x, some_y);
  });
}

Estimate bootstrap_mean(std::span<const double> values, int resamples, uint64_t seed) {
  const auto mean_of_drawn = [&](const std::vector<size_t>& drawn) {
    double sum = 0.0;
    for (const size_t index : drawn) sum += values[index];
    return sum / static_cast<double>(drawn.size());
  };
  return bootstrap(values.size(), resamples, seed, mean(values), mean_of_drawn, 2);
}

}  // namespace vaco
