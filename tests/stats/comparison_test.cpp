// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/stats/comparison.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/base/rng.h"

namespace vaco {
namespace {

TaskScores normal_scores(const std::vector<double>& means, size_t runs, uint64_t seed) {
  Rng rng(seed);
  TaskScores scores;
  for (const double middle : means) {
    scores.emplace_back();
    for (size_t i = 0; i < runs; ++i) scores.back().push_back(middle + rng.normal());
  }
  return scores;
}

/// Calls use with every choice of k of the numbers below n.
template <class Use>
void for_each_subset(int n, int k, Use use) {
  for (unsigned bits = 0; bits < 1u << n; ++bits) {
    std::vector<size_t> subset;
    for (int i = 0; i < n; ++i)
      if (bits >> i & 1u) subset.push_back(static_cast<size_t>(i));
    if (static_cast<int>(subset.size()) == k) use(subset);
  }
}

TEST(Comparison, MeansOverTasksAndRuns) {
  const TaskScores scores{{1, 3}, {10, 20, 30}};
  EXPECT_DOUBLE_EQ(mean_over_tasks(scores), (2.0 + 20.0) / 2);
  EXPECT_DOUBLE_EQ(interquartile_mean_of_runs(scores), interquartile_mean({1, 3, 10, 20, 30}));
  // Eight values: the two lowest and the two highest are cut.
  EXPECT_DOUBLE_EQ(interquartile_mean_of_runs({{1, 2, 3, 4}, {50, 60, 70, 80}}), (3 + 4 + 50 + 60) / 4.0);
}

TEST(Comparison, TheStratifiedBootstrapKeepsTasksApart) {
  // Between the tasks lie 100 points, within them a standard deviation of 1: an interval that mixed tasks would
  // be many times wider than the normal interval of a mean of 2 · 50 runs.
  const TaskScores scores = normal_scores({0, 100}, 50, 3);
  const Estimate e = bootstrap_stratified(scores, mean_over_tasks, 4000, 1);
  const double deviation = std::hypot(standard_deviation(scores[0]), standard_deviation(scores[1])) / 2;
  const double half = 1.959964 * deviation / std::sqrt(50.0);
  EXPECT_DOUBLE_EQ(e.value, mean_over_tasks(scores));
  EXPECT_NEAR(e.low, e.value - half, 0.1 * half);
  EXPECT_NEAR(e.high, e.value + half, 0.1 * half);
  const Estimate again = bootstrap_stratified(scores, mean_over_tasks, 4000, 1);
  EXPECT_EQ(again.low, e.low);
  EXPECT_EQ(again.high, e.high);
  EXPECT_NE(bootstrap_stratified(scores, mean_over_tasks, 4000, 2).low, e.low);
}

TEST(Comparison, TheBootstrapOfFewRunsIsThatOfAllResamples) {
  // Two tasks of two runs have 16 equally likely resamples; their means are known.
  const TaskScores scores{{0, 1}, {0, 10}};
  std::vector<double> means;
  for (const double a : {0.0, 0.5, 0.5, 1.0})
    for (const double b : {0.0, 5.0, 5.0, 10.0}) means.push_back((a + b) / 2);
  const Estimate e = bootstrap_stratified(scores, mean_over_tasks, 20000, 5);
  // Each of the outermost has a probability of 1 / 16, more than the 2.5 % that are cut.
  EXPECT_DOUBLE_EQ(e.low, *std::min_element(means.begin(), means.end()));
  EXPECT_DOUBLE_EQ(e.high, *std::max_element(means.begin(), means.end()));
}

TEST(Comparison, SingleRunsHaveNoInterval) {
  const Estimate single = bootstrap_stratified({{1.8}, {3.0}}, mean_over_tasks, 100, 1);
  EXPECT_DOUBLE_EQ(single.value, 2.4);
  EXPECT_FALSE(single.has_interval());
  EXPECT_TRUE(bootstrap_stratified({{1.8}, {3.0, 4.0}}, mean_over_tasks, 100, 1).has_interval());
  EXPECT_FALSE(bootstrap_stratified({}, mean_over_tasks, 100, 1).has_interval());
  EXPECT_FALSE(bootstrap_improvement({{1.0}}, {{0.0}}, 100, 1).has_interval());
  EXPECT_FALSE(bootstrap_improvement({{1.0}}, {{0.0, 2.0}}, 100, 1).has_interval());
  EXPECT_TRUE(bootstrap_improvement({{1.0, 3.0}}, {{0.0, 2.0}}, 100, 1).has_interval());
  EXPECT_FALSE(performance_profile({{1.0}}, std::vector<double>{0.5}, 100, 1)[0].has_interval());
}

TEST(Comparison, ProbabilityOfImprovementCountsPairs) {
  // Task 1: 3 > 1, 3 > 2, 1 = 1, 1 < 2: 2.5 of 4. Task 2: never.
  EXPECT_DOUBLE_EQ(probability_of_improvement({{3, 1}, {0}}, {{1, 2}, {5, 6, 7}}), (2.5 / 4 + 0.0) / 2);
  const TaskScores same{{1, 2, 3}, {4, 4}};
  EXPECT_DOUBLE_EQ(probability_of_improvement(same, same), 0.5);
  // P(X > Y) of two normal distributions half a standard deviation apart is Φ(0.5 / √2) = 0.63816.
  EXPECT_NEAR(probability_of_improvement(normal_scores({0.5, 7.5}, 2000, 1), normal_scores({0, 7}, 2000, 2)),
              0.63816, 0.01);
}

TEST(Comparison, TheIntervalOfImprovementCoversItsTruth) {
  const double truth = 0.63816;
  int covered = 0;
  constexpr int kRepeats = 100;
  for (uint64_t i = 0; i < kRepeats; ++i) {
    const Estimate e = bootstrap_improvement(normal_scores({0.5, 7.5, 1.5}, 10, 2 * i),
                                             normal_scores({0, 7, 1}, 10, 2 * i + 1), 300, i);
    EXPECT_LE(e.low, e.value);
    EXPECT_GE(e.high, e.value);
    if (e.low <= truth && truth <= e.high) ++covered;
  }
  // The percentile interval of ten runs covers a little less than its name says.
  EXPECT_GE(covered, 84);
  EXPECT_LE(covered, 99);
}

TEST(Comparison, ProfilesCountRunsAboveTheThreshold) {
  const TaskScores scores{{1, 2, 3, 4}, {3, 10}};
  const std::vector<double> thresholds{-1, 2, 3, 100};
  const auto profile = performance_profile(scores, thresholds, 2000, 1);
  ASSERT_EQ(profile.size(), 4u);
  EXPECT_DOUBLE_EQ(profile[0].value, 1.0);
  EXPECT_DOUBLE_EQ(profile[0].low, 1.0);
  EXPECT_DOUBLE_EQ(profile[1].value, (0.5 + 1.0) / 2);  // strictly above
  EXPECT_DOUBLE_EQ(profile[2].value, (0.25 + 0.5) / 2);
  EXPECT_LT(profile[2].low, profile[2].value);
  EXPECT_GT(profile[2].high, profile[2].value);
  EXPECT_DOUBLE_EQ(profile[3].value, 0.0);
  // The first task's share is binomial: with the second task all above, the band is that of B(4, 1/2) / 8 +
  // 1/2.
  EXPECT_DOUBLE_EQ(profile[1].low, 0.5);  // none of four drawn above has a probability of 1 / 16
  EXPECT_DOUBLE_EQ(profile[1].high, 1.0);
}

TEST(Comparison, BestOfKIsTheMeanOverAllSubsets) {
  const std::vector<double> chosen_by{3, 9, 1, 5, 5, 7}, value{2, 8, 3, 10, 4, 6};
  for (int k = 1; k <= 6; ++k) {
    double sum = 0.0, maxima = 0.0;
    int subsets = 0;
    for_each_subset(6, k, [&](const std::vector<size_t>& subset) {
      double best = -1.0, largest = -1.0;
      for (const size_t i : subset) {
        best = std::max(best, chosen_by[i]);
        largest = std::max(largest, value[i]);
      }
      double tied = 0.0;
      int count = 0;
      for (const size_t i : subset)
        if (chosen_by[i] == best) {
          tied += value[i];
          ++count;
        }
      sum += tied / count;
      maxima += largest;
      ++subsets;
    });
    EXPECT_NEAR(expected_best_of(k, chosen_by, value), sum / subsets, 1e-12) << k;
    EXPECT_NEAR(expected_best_of(k, value, value), maxima / subsets, 1e-12) << k;
  }
  EXPECT_NEAR(expected_best_of(1, chosen_by, value), mean(value), 1e-12);
  EXPECT_DOUBLE_EQ(expected_best_of(6, chosen_by, value), 8.0);
}

}  // namespace
}  // namespace vaco
