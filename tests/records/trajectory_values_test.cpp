// SPDX-License-Identifier: GPL-3.0-or-later
// Which rows are looked at while a run trains, and what is kept of them.
#include "core/records/trajectory_values.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace vaco {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

EpisodeTable episodes_of(const std::vector<int64_t>& lengths) {
  EpisodeTable table;
  int64_t first = 0;
  for (const int64_t length : lengths) {
    table.first.push_back(first);
    table.length.push_back(length);
    first += length;
  }
  return table;
}

TEST(LookRows, AreAllOfFewAndLieEvenlyInLongTrajectories) {
  const auto all = look_rows(episodes_of({2, 3}), 100);
  EXPECT_THAT(all.rows, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(all.trajectory, ElementsAre(0, 0, 1, 1, 1));
  const auto some = look_rows(episodes_of({10, 1, 10}), 6);
  EXPECT_THAT(some.rows, ElementsAre(2, 7, 10, 13, 18));
  EXPECT_THAT(some.trajectory, ElementsAre(0, 0, 1, 2, 2));
}

TEST(LookRows, AreOfEvenlyChosenTrajectoriesWhereThereAreManyMore) {
  const auto look = look_rows(episodes_of(std::vector<int64_t>(10, 3)), 4);
  EXPECT_THAT(look.trajectory, ElementsAre(0, 2, 5, 7));
  EXPECT_THAT(look.rows, ElementsAre(1, 7, 16, 22));
  EXPECT_THAT(look_rows({}, 4).rows, IsEmpty());
}

TEST(TrajectoryValues, AreMeansOfTheRowsThatWereLookedAt) {
  const LookRows look{{0, 1, 9}, {0, 0, 2}};
  RowValues values;
  values.q = {1.0F, 3.0F, 5.0F};
  const auto means = trajectory_values(look, values, 3);
  ASSERT_EQ(means.q.size(), 3u);
  EXPECT_EQ(means.q[0], 2.0);
  EXPECT_TRUE(std::isnan(means.q[1]));
  EXPECT_EQ(means.q[2], 5.0);
  EXPECT_THAT(means.v, IsEmpty());
  EXPECT_THAT(means.alignment, IsEmpty());
}

}  // namespace
}  // namespace vaco
