// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/recorded_trajectory.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/data/writer.h"
#include "core/records/run_config.h"
#include "core/records/run_folder.h"
#include "core/records/weight_report.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

/// A dataset of three trajectories (2, 3 and 1 rows) whose positions count the rows, and a run on it.
class RecordedTrajectories : public ::testing::Test {
 protected:
  void SetUp() override {
    columns_.rows = 6;
    columns_.obs_dim = 1;
    columns_.action_dim = 1;
    columns_.qpos_dim = 2;
    columns_.qvel_dim = 1;
    for (int row = 0; row < 6; ++row) {
      columns_.observations.push_back(0.0f);
      columns_.actions.push_back(0.125f * static_cast<float>(row));
      columns_.rewards.push_back(static_cast<float>(row));
      columns_.next_observations.push_back(0.0f);
      columns_.terminals.push_back(row == 1 || row == 4 || row == 5);
      columns_.timeouts.push_back(0);
      columns_.qpos.insert(columns_.qpos.end(), {1.0 * row, 10.0 * row});
      columns_.qvel.push_back(100.0 * row);
    }
    auto config = make_config("vaco", "quick");
    ASSERT_TRUE(config.ok());
    config->dataset = folder_.path() / "data.hdf5";
    config->environment = "hopper";
    ASSERT_TRUE(make_folder(run_ / "diagnostics").ok());
    ASSERT_TRUE(write_json(run_ / "config.json", to_json(*config)).ok());
    WeightReport report;
    report.step = 40;
    report.sources = {"random", "expert"};
    report.trajectory_weight = {0.25, 0.75, 0.5};
    report.trajectory_return = {1.0, 9.0, 9.0};
    report.trajectory_source = {0, 1, 1};
    EpisodeTable episodes;
    episodes.first = {0, 2, 5};
    episodes.length = {2, 3, 1};
    ASSERT_TRUE(write_trajectory_weights(diagnostics_file(run_, 40), report, episodes).ok());
  }
  void write_data() { ASSERT_TRUE(write_dataset(folder_.path() / "data.hdf5", columns_).ok()); }

  vaco::testing::TemporaryFolder folder_;
  fs::path run_ = folder_.path() / "run";
  DatasetColumns columns_;
};

TEST_F(RecordedTrajectories, AreReadWithTheirStatesAndRanks) {
  write_data();
  const auto read = read_recorded_trajectory(run_, 40, 1);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->source, "expert");
  EXPECT_EQ(read->count, 3);
  EXPECT_EQ(read->first, 2);
  EXPECT_EQ(read->length, 3);
  EXPECT_EQ(read->weight, 0.75);
  EXPECT_EQ(read->weight_rank, 1);
  EXPECT_EQ(read->return_rank, 1);
  EXPECT_EQ(read_recorded_trajectory(run_, 40, 0)->weight_rank, 3);
  EXPECT_EQ(read_recorded_trajectory(run_, 40, 2)->return_rank, 1);  // shared
  EXPECT_EQ(read_recorded_trajectory(run_, 40, 0)->return_rank, 3);
  ASSERT_TRUE(read->states) << read->why_no_states;
  EXPECT_THAT(read->states->qpos, ElementsAre(2, 20, 3, 30, 4, 40));
  EXPECT_THAT(read->states->qvel, ElementsAre(200, 300, 400));
  EXPECT_THAT(read->states->rewards, ElementsAre(2, 3, 4));
  EXPECT_THAT(read->states->actions, ElementsAre(0.25f, 0.375f, 0.5f));
  EXPECT_EQ(read->states->action_dim, 1);
  EXPECT_EQ(read->states->nq, 2);
}

TEST_F(RecordedTrajectories, WithoutStatesAreStillToldOf) {
  columns_.qpos.clear();
  columns_.qpos_dim = 0;
  write_data();
  const auto read = read_recorded_trajectory(run_, 40, 1);
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->weight, 0.75);
  EXPECT_FALSE(read->states);
  EXPECT_THAT(read->why_no_states, HasSubstr("infos/qpos"));
}

TEST_F(RecordedTrajectories, StatesThatAreNoNumbersAreNotPlayed) {
  columns_.qvel[3] = std::nan("");
  write_data();
  EXPECT_THAT(read_recorded_trajectory(run_, 40, 1)->why_no_states, HasSubstr("no numbers"));
  EXPECT_TRUE(read_recorded_trajectory(run_, 40, 0)->states);
}

TEST_F(RecordedTrajectories, TheDatasetMayBeGoneAndTheTrajectoryMayNotExist) {
  EXPECT_THAT(read_recorded_trajectory(run_, 40, 1)->why_no_states, HasSubstr("no such file"));
  for (const int64_t index : {-1, 3}) {
    const auto read = read_recorded_trajectory(run_, 40, index);
    ASSERT_FALSE(read.ok());
    EXPECT_EQ(read.error().code, ErrorCode::bad_data);
  }
  EXPECT_FALSE(read_recorded_trajectory(run_, 41, 1).ok());
}

}  // namespace
}  // namespace vaco
