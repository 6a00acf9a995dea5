// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "core/stats/statistics.h"

namespace vaco {

/// Scores of one algorithm, [tasks][runs]: a task is a dataset, a run a seed. Tasks may have different numbers
/// of runs, and none must be empty.
using TaskScores = std::vector<std::vector<double>>;

/// The 95 % percentile interval of a statistic of all scores by the stratified bootstrap: every resample draws,
/// within each task, as many runs as the task has, with replacement. The same seed gives the same interval.
/// Where no task has two runs every resample is the same, and there is none.
Estimate bootstrap_stratified(const TaskScores& scores,
                              const std::function<double(const TaskScores&)>& statistic, int resamples,
                              uint64_t seed);

/// Mean of the tasks' means.
double mean_over_tasks(const TaskScores& scores);
/// Interquartile mean of the runs of all tasks taken together.
double interquartile_mean_of_runs(const TaskScores& scores);

/// The probability that a run of x beats a run of y on a task drawn at random: the mean over tasks of
/// P(X > Y) + P(X = Y) / 2 over all pairs of runs (Mann and Whitney's U over its largest value). x and y must
/// have the same tasks in the same order.
double probability_of_improvement(const TaskScores& x, const TaskScores& y);
/// With the stratified bootstrap, which resamples the runs of x and of y; each of them needs a task with two
/// runs for an interval.
Estimate bootstrap_improvement(const TaskScores& x, const TaskScores& y, int resamples, uint64_t seed);

/// For every threshold the share of runs that score above it, averaged over tasks, with its pointwise band.
std::vector<Estimate> performance_profile(const TaskScores& scores, std::span<const double> thresholds,
                                          int resamples, uint64_t seed);

/// What one gets who can afford to evaluate k of n trained policies: the expected value of the policy whose
/// evaluation is the highest among k drawn without replacement. chosen_by and value are [n], one pair for each
/// policy; when both are the same numbers this is the expected maximum. Policies with equal evaluations are
/// equally likely to be taken. k is at most n.
double expected_best_of(int k, std::span<const double> chosen_by, std::span<const double> value);

}  // namespace vaco
