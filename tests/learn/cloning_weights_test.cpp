// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/cloning_weights.h"

#include <gtest/gtest.h>

#include <numeric>

namespace vaco {
namespace {

double mean(const std::vector<float>& w) {
  return std::accumulate(w.begin(), w.end(), 0.0) / w.size();
}
double ess(const std::vector<float>& w) {
  double sum = 0, squares = 0;
  for (const float x : w) sum += x, squares += x * x;
  return sum * sum / (w.size() * squares);
}

TEST(WeightGroups, WholeTrajectoriesAndWindows) {
  const auto whole = make_weight_groups({0, 5, 8}, {5, 3, 4}, 0);
  EXPECT_EQ(whole.group, (std::vector<int32_t>{0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2, 2}));
  const auto windows =
      make_weight_groups({0, 5}, {5, 3}, 2);  // 2 + 3 rows, then 3: a rest joins the last window
  EXPECT_EQ(windows.group, (std::vector<int32_t>{0, 0, 1, 1, 1, 2, 2, 2}));
  EXPECT_EQ(windows.first, (std::vector<int64_t>{0, 2, 5}));
  EXPECT_EQ(windows.length, (std::vector<int64_t>{2, 3, 3}));
  const auto rows = make_weight_groups({0, 3}, {3, 2}, 1);
  EXPECT_EQ(rows.group, (std::vector<int32_t>{0, 1, 2, 3, 4}));
}

TEST(AverageOverGroups, GivesGroupMeansOfMeanOne) {
  std::vector<float> w{0.1f, 0.3f, 0.8f, 0.8f};
  average_over_groups(make_weight_groups({0, 2}, {2, 2}, 0), w);
  EXPECT_NEAR(w[0], 0.2 / 0.5, 1e-6);
  EXPECT_EQ(w[0], w[1]);
  EXPECT_NEAR(w[2], 0.8 / 0.5, 1e-6);
  EXPECT_NEAR(mean(w), 1.0, 1e-6);
}

TEST(ShrinkShortGroups, PullsThemToTheMeanByTheirLengths) {
  // 180 rows of 0.9 and 20 of 0.1: m = 0.82; s(180) = 0.9, s(20) = 0.5.
  std::vector<float> w(200, 0.9f);
  std::fill(w.begin() + 180, w.end(), 0.1f);
  shrink_short_groups(make_weight_groups({0, 180}, {180, 20}, 0), w);
  EXPECT_FLOAT_EQ(w[0], 0.9f) << "the longest stays";
  EXPECT_NEAR(w[199], 0.82 + (0.1 - 0.82) * 0.5 / 0.9, 1e-6);
  std::vector<float> alike{0.2f, 0.2f, 0.7f, 0.7f};
  const auto before = alike;
  shrink_short_groups(make_weight_groups({0, 2}, {2, 2}, 0), alike);
  for (size_t i = 0; i < alike.size(); ++i) EXPECT_FLOAT_EQ(alike[i], before[i]) << "of one length, none is";
}

TEST(EssFloor, ReachesTheFloorExactlyAndKeepsOrderAndMean) {
  std::vector<float> w(100, 0.0f);
  for (size_t i = 0; i < 5; ++i) w[i] = 20.0f;  // ESS 5 %
  const double share = apply_ess_floor(w, 0.25);
  EXPECT_NEAR(ess(w), 0.25, 1e-5);
  EXPECT_NEAR(mean(w), 1.0, 1e-5);
  EXPECT_GT(w[0], w[50]);
  EXPECT_LT(share, 1.0);
}

TEST(EssFloor, HoldsForWeightsOfAnyMean) {
  std::vector<float> w(100, 0.001f);
  for (size_t i = 0; i < 5; ++i) w[i] = 0.5f;
  const double before = mean(w);
  apply_ess_floor(w, 0.4);
  EXPECT_NEAR(ess(w), 0.4, 1e-5);
  EXPECT_NEAR(mean(w), before, 1e-6);
}

TEST(EssFloor, LeavesGoodWeightsAloneAndOneIsPlainCloning) {
  std::vector<float> w{0.5f, 1.5f};
  EXPECT_EQ(apply_ess_floor(w, 0.25), 1.0);
  EXPECT_EQ(w, (std::vector<float>{0.5f, 1.5f}));
  apply_ess_floor(w, 1.0);
  EXPECT_EQ(w, (std::vector<float>{1.0f, 1.0f}));
}

}  // namespace
}  // namespace vaco
