// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/comparison.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/base/rng.h"

namespace vaco {
namespace {

void resample(const TaskScores& scores, Rng& rng, TaskScores& drawn) {
  drawn.resize(scores.size());
  for (size_t task = 0; task < scores.size(); ++task) {
    const auto& runs = scores[task];
    drawn[task].resize(runs.size());
    for (auto& score : drawn[task]) score = runs[static_cast<size_t>(rng.index(runs.size()))];
  }
}

Estimate interval(double value, std::vector<double> resampled) {
  return {value, quantile(resampled, 0.025), quantile(std::move(resampled), 0.975)};
}

/// Whether resamples of the scores differ; an empty task leaves nothing to compute.
bool varies(const TaskScores& scores) {
  const auto has = [&](auto some) { return std::any_of(scores.begin(), scores.end(), some); };
  return has([](const auto& runs) { return runs.size() > 1; }) &&
         !has([](const auto& runs) { return runs.empty(); });
}

}  // namespace

Estimate bootstrap_stratified(const TaskScores& scores,
                              const std::function<double(const TaskScores&)>& statistic, int resamples,
                              uint64_t seed) {
  const double value = statistic(scores);
  if (!varies(scores)) return {value, kNoNumber, kNoNumber};
  Rng rng(seed);
  TaskScores drawn;
  std::vector<double> values;
  for (int r = 0; r < resamples; ++r) {
    resample(scores, rng, drawn);
    values.push_back(statistic(drawn));
  }
  return interval(value, std::move(values));
}

double mean_over_tasks(const TaskScores& scores) {
  std::vector<double> means;
  for (const auto& runs : scores) means.push_back(mean(runs));
  return mean(means);
}

double interquartile_mean_of_runs(const TaskScores& scores) {
  std::vector<double> all;
  for (const auto& runs : scores) all.insert(all.end(), runs.begin(), runs.end());
  return interquartile_mean(std::move(all));
}

double probability_of_improvement(const TaskScores& x, const TaskScores& y) {
  assert(x.size() == y.size());
  std::vector<double> tasks;
  for (size_t task = 0; task < x.size(); ++task) {
    double won = 0.0;
    for (const double a : x[task])
      for (const double b : y[task]) won += a > b ? 1.0 : a == b ? 0.5 : 0.0;
    tasks.push_back(won / static_cast<double>(x[task].size() * y[task].size()));
  }
  return mean(tasks);
}

Estimate bootstrap_improvement(const TaskScores& x, const TaskScores& y, int resamples, uint64_t seed) {
  const double value = probability_of_improvement(x, y);
  if (!varies(x) || !varies(y)) return {value, kNoNumber, kNoNumber};
  Rng rng(seed);
  TaskScores some_x, some_y;
  std::vector<double> values;
  for (int r = 0; r < resamples; ++r) {
    resample(x, rng, some_x);
    resample(y, rng, some_y);
    values.push_back(probability_of_improvement(some_x, some_y));
  }
  return interval(value, std::move(values));
}

std::vector<Estimate> performance_profile(const TaskScores& scores, std::span<const double> thresholds,
                                          int resamples, uint64_t seed) {
  std::vector<Estimate> profile;
  for (const double threshold : thresholds) {
    const auto share_above = [threshold](const TaskScores& some) {
      std::vector<double> shares;
      for (const auto& runs : some)
        shares.push_back(static_cast<double>(
                             std::count_if(runs.begin(), runs.end(), [&](double s) { return s > threshold; })) /
                         static_cast<double>(runs.size()));
      return mean(shares);
    };
    // The same seed everywhere: neighbouring thresholds are judged by the same resamples, so the band is
    // smooth.
    profile.push_back(bootstrap_stratified(scores, share_above, resamples, seed));
  }
  return profile;
}

double expected_best_of(int k, std::span<const double> chosen_by, std::span<const double> value) {
  assert(chosen_by.size() == value.size());
  const auto n = static_cast<int>(value.size());
  assert(k >= 1 && k <= n);
  std::vector<size_t> order(value.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(), [&](size_t a, size_t b) { return chosen_by[a] > chosen_by[b]; });
  // The policy of rank i from below (1 to n) is the best of the k with probability C(i - 1, k - 1) / C(n, k).
  double expected = 0.0, probability = static_cast<double>(k) / n;
  for (size_t first = 0; first < order.size();) {
    size_t end = first;
    double values = 0.0, probabilities = 0.0;
    for (; end < order.size() && chosen_by[order[end]] == chosen_by[order[first]]; ++end) {
      const auto rank = n - static_cast<int>(end);
      values += value[order[end]];
      probabilities += probability;
      if (rank > 1) probability *= static_cast<double>(rank - k) / (rank - 1);
    }
    if (probabilities > 0.0) expected += probabilities * values / static_cast<double>(end - first);
    first = end;
  }
  return expected;
}

}  // namespace vaco
