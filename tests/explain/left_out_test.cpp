// SPDX-License-Identifier: GPL-3.0-or-later
// The estimate of what leaving groups out would change, against policies that were trained without them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "core/explain/influence.h"
#include "core/stats/statistics.h"
#include "tests/learn/ball_throw.h"

namespace vaco {
namespace {
using namespace testing::ball_throw;

constexpr int64_t kThrows = 2000;
constexpr int kGroups = 10;

/// Good and steep throws (even and odd ones), each in five bands of height.
int group_of(const TrainingData& data, int64_t row) {
  const double height = data.observations[static_cast<size_t>(row)] + 1.0;
  return 5 * static_cast<int>(row % 2) + std::min(4, static_cast<int>(height / 0.4));
}

TrainingData without(const TrainingData& data, int group) {
  TrainingData kept = data;
  kept.observations.clear();
  kept.actions.clear();
  kept.rewards.clear();
  for (int64_t row = 0; row < data.rows; ++row) {
    if (group_of(data, row) == group) continue;
    const auto i = static_cast<size_t>(row);
    kept.observations.push_back(data.observations[i]);
    kept.actions.push_back(data.actions[i]);
    kept.rewards.push_back(data.rewards[i]);
  }
  kept.rows = static_cast<int64_t>(kept.rewards.size());
  kept.next_observations = kept.observations;
  kept.trajectory_return = kept.rewards;
  const auto rows = static_cast<size_t>(kept.rows);
  kept.masks.resize(rows);
  kept.trajectory_first.resize(rows);
  kept.trajectory_length.resize(rows);
  return kept;
}

TEST(LeftOut, TheEstimateOrdersGroupsAsRetrainingDoes) {
  const auto data = throws(kThrows);
  // Weights that hardly move: the policies are clones of all that is kept, and differ by what was left out.
  const testing::Settings settings{
      {"hidden_width", "32"},     {"policy_lr", "0.003"},  {"policy_average", "0"}, {"value_steps", "2000"},
      {"value_lr", "0.002"},      {"warmup_steps", "100"}, {"bilevel_steps", "10"}, {"cloning_steps", "2500"},
      {"weight_level", "sample"}, {"batch_size", "128"}};
  const auto whole = train(data, "vaco", settings);
  const double before = mean_range(whole->policy());
  ExplainedRun explained;
  explained.table.episodes.first = data.trajectory_first;
  explained.table.episodes.length = data.trajectory_length;
  explained.weight = *whole->row_weights();
  explained.rows = std::move(*dynamic_cast<Explains&>(*whole).row_values({}, {}));
  const InfluenceSums sums(explained);

  std::vector<double> predicted, plain, truth;
  std::printf("group  rows  predicted     true\n");
  for (int group = 0; group < kGroups; ++group) {
    std::vector<int64_t> rows;
    for (int64_t row = 0; row < data.rows; ++row)
      if (group_of(data, row) == group) rows.push_back(row);
    const auto influence = sums.of(rows);
    predicted.push_back(influence.change);
    plain.push_back(influence.per_step);
    truth.push_back(mean_range(train(without(data, group), "vaco", settings)->policy()) - before);
    std::printf("%5d %5lld %10.4f %8.4f\n", group, static_cast<long long>(influence.rows), predicted.back(),
                truth.back());
  }
  const double r = pearson(predicted, truth), rho = spearman(predicted, truth);
  std::printf("r = %.3f, rho = %.3f; without curvature r = %.3f\n", r, rho, pearson(plain, truth));
  RecordProperty("r_permille", static_cast<int>(1000 * r));
  EXPECT_GT(r, 0.9);
  // Leaving steep throws out throws farther, leaving good ones out throws shorter; the estimate says so.
  for (size_t group = 0; group < kGroups; ++group)
    if (std::abs(truth[group]) > 0.01) {
      EXPECT_GT(predicted[group] * truth[group], 0.0) << "group " << group;
    }
}

}  // namespace
}  // namespace vaco
