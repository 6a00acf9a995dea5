// SPDX-License-Identifier: GPL-3.0-or-later
// A run of real algorithms on a tiny dataset, explained from its folder.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/explain/explained_run.h"
#include "core/explain/row_table.h"
#include "core/explain/trajectory_history.h"
#include "core/records/run_reader.h"
#include "core/session/training_session.h"
#include "tests/support/fake_parts.h"
#include "tests/ui/tiny_data.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using ::testing::HasSubstr;

class ExplainedRuns : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    folder() = std::make_unique<testing::TemporaryFolder>();
    ASSERT_TRUE(ui::test::writeTinyDataset(data()).ok());
    for (const char* algorithm : {"vaco", "bc"}) {
      SessionOptions options;
      options.out = folder()->path();
      options.folder_name = algorithm;
      auto session = TrainingSession::create(ui::test::tinyConfig(data(), algorithm), options);
      ASSERT_TRUE(session.ok()) << session.error().message;
      ASSERT_EQ(testing::run_to_end(**session), RunState::finished);
    }
  }
  static void TearDownTestSuite() { folder().reset(); }
  static std::unique_ptr<testing::TemporaryFolder>& folder() {
    static std::unique_ptr<testing::TemporaryFolder> made;
    return made;
  }
  static fs::path data() { return folder()->path() / "hopper_tiny-v2.hdf5"; }
  static fs::path run(const char* algorithm) { return folder()->path() / algorithm; }
};

TEST_F(ExplainedRuns, TellOfEveryRowWhatTheRunRecordedOfTrajectories) {
  const auto explained = explain_run(run("vaco"), 1);
  ASSERT_TRUE(explained.ok()) << explained.error().message;
  const size_t rows = ui::test::kEpisodes * ui::test::kEpisodeSteps;
  EXPECT_EQ(explained->step, 720);
  EXPECT_EQ(explained->phase, "cloning");
  for (const auto* column : {&explained->rewards, &explained->weight, &explained->rows.q, &explained->rows.v,
                             &explained->rows.alignment, &explained->rows.response})
    EXPECT_EQ(column->size(), rows);
  EXPECT_EQ(explained->source_of(1), "good");
  // The last weight report was made of the same checkpoint.
  const auto record = read_run(run("vaco"));
  ASSERT_TRUE(record.ok());
  const auto means = trajectory_means(explained->table.episodes, explained->weight);
  const auto& last = record->weights.back();
  ASSERT_EQ(last.step, 720);
  for (size_t t = 0; t < means.size(); ++t) EXPECT_NEAR(means[t], last.trajectory_weight[t], 1e-6);
}

TEST_F(ExplainedRuns, HandOutTheCriticsThatWereAsked) {
  const auto explained = explain_run(run("vaco"), 1);
  ASSERT_TRUE(explained.ok());
  ASSERT_TRUE(explained->values);
  EXPECT_EQ(explained->values->step, 720);
  const auto dataset = read_dataset(data());
  ASSERT_TRUE(dataset.ok());
  ValueReader reader(*explained->values);
  for (size_t row = 0; row < explained->rows.q.size(); row += 7)
    EXPECT_NEAR(reader.value(std::span(dataset->observations).subspan(row * 11, 11),
                             std::span(dataset->actions).subspan(row * 3, 3)),
                explained->rows.q[row], 1e-4)
        << row;
  EXPECT_FALSE(explain_run(run("bc"), 1)->values);
}

TEST_F(ExplainedRuns, TellOneTrajectoryAsATable) {
  const auto explained = explain_run(run("vaco"), 1);
  ASSERT_TRUE(explained.ok());
  const auto table = row_table(*explained, 3);
  EXPECT_EQ(table.first, 3 * ui::test::kEpisodeSteps);
  ASSERT_EQ(table.rows(), static_cast<size_t>(ui::test::kEpisodeSteps));
  EXPECT_EQ(table.find("reward")->values[0], 1.0f);
  EXPECT_FLOAT_EQ(table.find("advantage")->values[4], table.find("q")->values[4] - table.find("v")->values[4]);
  const auto csv = to_csv(table);
  EXPECT_THAT(csv, ::testing::StartsWith("row,time,reward,q,v,advantage,weight,alignment,response\n75,0,1,"));
  EXPECT_EQ(std::count(csv.begin(), csv.end(), '\n'), ui::test::kEpisodeSteps + 1);
  const auto summary = summarize_trajectory(*explained, 3);
  EXPECT_EQ(summary.source, "good");
  EXPECT_EQ(summary.ended_by, "timeout");
  EXPECT_EQ(summary.total_reward, 25.0);
  EXPECT_EQ(summary.return_rank, 1);
  EXPECT_GE(summary.weight_rank, 1);
}

TEST_F(ExplainedRuns, TellTheWeightOverTheTraining) {
  const auto record = read_run(run("vaco"));
  ASSERT_TRUE(record.ok());
  const auto history = read_trajectory_history(run("vaco"), 1);
  ASSERT_TRUE(history.ok()) << history.error().message;
  ASSERT_EQ(history->steps.size(), record->weights.size());
  EXPECT_EQ(history->steps.back(), 720);
  EXPECT_EQ(history->weight.back(), record->weights.back().trajectory_weight[1]);
  EXPECT_NEAR(history->overall.back(), record->weights.back().mean_weight, 1e-6);
  // All rows of so few are looked at: at the end, the means of what the checkpoint says.
  const auto explained = explain_run(run("vaco"), 1);
  ASSERT_TRUE(explained.ok());
  ASSERT_EQ(history->q.size(), history->steps.size());
  EXPECT_NEAR(history->q.back(), trajectory_means(explained->table.episodes, explained->rows.q)[1], 1e-4);
  EXPECT_NEAR(history->v.back(), trajectory_means(explained->table.episodes, explained->rows.v)[1], 1e-4);
  EXPECT_NEAR(history->alignment.back(),
              trajectory_means(explained->table.episodes, explained->rows.alignment)[1], 1e-5);
  EXPECT_EQ(history->advantage().back(), history->q.back() - history->v.back());
  EXPECT_NE(history->alignment.front(), history->alignment.back());
  EXPECT_TRUE(to_csv(*history).starts_with("step,weight,overall,q,v,advantage,alignment\n"));
  EXPECT_EQ(read_trajectory_history(run("vaco"), 40).error().code, ErrorCode::bad_data);
  EXPECT_TRUE(read_trajectory_history(run("bc"), 1)->steps.empty());
}

TEST_F(ExplainedRuns, SayWhatTheyCannotTell) {
  const auto explained = explain_run(run("bc"), 1);
  ASSERT_TRUE(explained.ok()) << explained.error().message;
  EXPECT_TRUE(explained->rows.q.empty());
  ASSERT_EQ(explained->notes.size(), 1u);
  EXPECT_THAT(explained->notes.front(), HasSubstr("bc has no values"));
  EXPECT_EQ(row_table(*explained, 0).columns.size(), 1u);
  EXPECT_EQ(explain_run(folder()->path() / "nowhere", 1).error().code, ErrorCode::bad_data);
}

TEST_F(ExplainedRuns, AreNotMadeOfAnotherDataset) {
  const fs::path kept = folder()->path() / "kept.hdf5";
  fs::rename(data(), kept);
  EXPECT_THAT(explain_run(run("vaco"), 1).error().message, HasSubstr("hopper_tiny"));
  DatasetColumns other;
  other.rows = 2;
  other.obs_dim = 11;
  other.action_dim = 3;
  other.observations.assign(22, 0.5f);
  other.next_observations = other.observations;
  other.actions.assign(6, 0.1f);
  other.rewards.assign(2, 1.0f);
  other.terminals = {0, 1};
  other.timeouts = {0, 0};
  ASSERT_TRUE(write_dataset(data(), other).ok());
  EXPECT_THAT(explain_run(run("vaco"), 1).error().message, HasSubstr("its content has changed"));
  fs::rename(kept, data());
}

}  // namespace
}  // namespace vaco
