// SPDX-License-Identifier: GPL-3.0-or-later
// A run that begins where another one was.
#include <gtest/gtest.h>

#include "core/data/policy_file.h"
#include "core/records/checkpoint.h"
#include "core/records/run_folder.h"
#include "core/records/run_reader.h"
#include "core/session/training_session.h"
#include "tests/support/fake_parts.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using namespace vaco::testing;

class SessionFork : public ::testing::Test {
 protected:
  [[nodiscard]] SessionOptions options(const FakeOptions& fake = {}, const std::string& name = "") const {
    SessionOptions options;
    options.out = folder_.path() / "runs";
    options.folder_name = name;
    options.parts = fake_parts(fake);
    return options;
  }
  [[nodiscard]] std::unique_ptr<TrainingSession> make(const FakeOptions& fake, const std::string& name) const {
    auto session = TrainingSession::create(fake_config(folder_.path()), options(fake, name));
    EXPECT_TRUE(session.ok()) << session.error().message;
    return std::move(*session);
  }
  TemporaryFolder folder_;
};

TEST_F(SessionFork, ExtendsAFinishedRun) {
  auto config = fake_config(folder_.path());
  ASSERT_TRUE(set_param(config, "bc_steps", "450", Origin::run).ok());
  auto longer = TrainingSession::create(config, options({}, "longer"));
  ASSERT_TRUE(longer.ok());
  ASSERT_EQ(run_to_end(**longer), RunState::finished);
  const auto parent = make({}, "parent");
  ASSERT_EQ(run_to_end(*parent), RunState::finished);
  EXPECT_EQ(TrainingSession::resume(parent->folder(), options()).error().code, ErrorCode::usage);
  auto fork = TrainingSession::fork(parent->folder(), {{"bc_steps", "450"}}, options({}, "fork"));
  ASSERT_TRUE(fork.ok()) << fork.error().message;
  ASSERT_EQ(run_to_end(**fork), RunState::finished);
  const auto manifest = *read_json((*fork)->folder() / "manifest.json");
  EXPECT_EQ(manifest["parent"]["step"], 500);
  EXPECT_EQ(manifest["parent"]["run"], parent->folder().string());
  // The parent's end (step 500) has lines of its own; but for these the history is that of the longer run.
  EXPECT_EQ(read_checkpoint((*fork)->folder() / "checkpoints/last.h5")->state.at("policy/weights"),
            read_checkpoint((*longer)->folder() / "checkpoints/last.h5")->state.at("policy/weights"));
  EXPECT_EQ(read_run((*fork)->folder())->metrics.back().step, 650);
  // Steps of a phase that is over, or fewer than were done, are refused in words.
  const auto shorter = TrainingSession::fork(parent->folder(), {{"bc_steps", "100"}}, options({}, "shorter"));
  ASSERT_FALSE(shorter.ok());
  EXPECT_EQ(shorter.error().code, ErrorCode::usage);
  EXPECT_FALSE(fs::exists(folder_.path() / "runs/shorter"));
  EXPECT_EQ(TrainingSession::fork(parent->folder(), {{"bc_stepz", "1"}}, options()).error().code,
            ErrorCode::usage);
  EXPECT_NE(
      TrainingSession::fork(parent->folder(), {}, options({}, "same")).error().message.find("nothing left"),
      std::string::npos);
  EXPECT_NE(TrainingSession::fork(parent->folder(), {{"bc_steps", "450"}, {"hidden_width", "7"}},
                                  options({}, "wider"))
                .error()
                .message.find("hidden_width is a matter of the checkpoint's networks"),
            std::string::npos);
  EXPECT_FALSE(fs::exists(folder_.path() / "runs/same") || fs::exists(folder_.path() / "runs/wider"));
  EXPECT_EQ(TrainingSession::fork(folder_.path(), {}, options()).error().code, ErrorCode::bad_data);
}

TEST_F(SessionFork, AddsAPhaseBehindAFinishedRun) {
  const auto parent = make({}, "parent");
  ASSERT_EQ(run_to_end(*parent), RunState::finished);
  const auto fork = TrainingSession::fork(parent->folder(), {}, options({.third_steps = 40}, "fork"));
  ASSERT_TRUE(fork.ok()) << fork.error().message;
  ASSERT_EQ(run_to_end(**fork), RunState::finished);
  const auto last = read_run((*fork)->folder())->metrics.back();
  EXPECT_EQ(last.step, 540);
  EXPECT_EQ(last.phase, "polishing");
  for (const FakeOptions& past : {FakeOptions{.first_steps = 199, .third_steps = 40},
                                  FakeOptions{.first_steps = 500, .third_steps = 40}}) {
    const auto refused = TrainingSession::fork(parent->folder(), {}, options(past, "refused"));
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().code, ErrorCode::usage);
    EXPECT_FALSE(fs::exists(folder_.path() / "runs/refused"));
  }
}

TEST_F(SessionFork, TellsOfNoBestPolicyThatItDoesNotHave) {
  const auto parent = make({}, "parent");
  ASSERT_EQ(run_to_end(*parent), RunState::finished);
  // As if the parent's best were newer than the checkpoint.
  auto newer = *read_policy(parent->folder() / "best_policy.h5");
  newer.step = 10000;
  ASSERT_TRUE(write_policy(parent->folder() / "best_policy.h5", newer).ok());
  const auto fork = TrainingSession::fork(parent->folder(), {{"bc_steps", "450"}}, options({}, "fork"));
  ASSERT_TRUE(fork.ok()) << fork.error().message;
  ASSERT_EQ(run_to_end(**fork), RunState::finished);
  const auto best = read_policy((*fork)->folder() / "best_policy.h5");
  ASSERT_TRUE(best.ok()) << best.error().message;
  EXPECT_GT(best->step, 500);
  EXPECT_EQ((*(*fork)->result())["evaluated_step"]["best"], best->step);
}

TEST_F(SessionFork, FallsBackToAnOlderSoundCheckpointAsAResumeDoes) {
  const auto parent = make({}, "parent");
  ASSERT_EQ(run_to_end(*parent), RunState::finished);
  const auto files = checkpoint_files(parent->folder());
  ASSERT_EQ(files.size(), 2u);
  const int64_t older = read_checkpoint(files[1])->step;
  fs::resize_file(files[0], fs::file_size(files[0]) / 2);
  auto fork = TrainingSession::fork(parent->folder(), {{"bc_steps", "450"}}, options({}, "fork"));
  ASSERT_TRUE(fork.ok()) << fork.error().message;
  EXPECT_EQ((*read_json((*fork)->folder() / "manifest.json"))["parent"]["step"], older);
  (*fork)->start();
  (*fork)->wait();
  bool told = false;
  for (const auto& event : (*fork)->take_events())
    if (const auto* alarm = std::get_if<Alarm>(&event)) told = told || alarm->key == "damaged_checkpoint";
  EXPECT_TRUE(told);
  EXPECT_EQ((*fork)->state(), RunState::finished);
  // Where none is sound there is nothing to begin with, and no folder is left.
  fs::resize_file(files[1], 100);
  const auto none = TrainingSession::fork(parent->folder(), {}, options({}, "none"));
  ASSERT_FALSE(none.ok());
  EXPECT_NE(none.error().message.find("no checkpoint of "), std::string::npos) << none.error().message;
  EXPECT_FALSE(fs::exists(folder_.path() / "runs/none"));
}

TEST_F(SessionFork, LeavesNoFolderWhereTheHistoryCannotBeCopied) {
  const auto parent = make({}, "parent");
  ASSERT_EQ(run_to_end(*parent), RunState::finished);
  // A folder in the place of a file fails for root, too.
  fs::remove(parent->folder() / "weights.jsonl");
  fs::create_directory(parent->folder() / "weights.jsonl");
  const auto fork = TrainingSession::fork(parent->folder(), {{"bc_steps", "450"}}, options({}, "fork"));
  ASSERT_FALSE(fork.ok());
  EXPECT_NE(fork.error().message.find("weights.jsonl"), std::string::npos) << fork.error().message;
  size_t folders = 0;
  for (const auto& entry : fs::directory_iterator(folder_.path() / "runs")) {
    EXPECT_EQ(entry.path().filename(), "parent");
    ++folders;
  }
  EXPECT_EQ(folders, 1u);
}

TEST_F(SessionFork, ACopyOfAReadOnlyRunCanBeWritten) {
  const auto parent = make({}, "parent");
  ASSERT_EQ(run_to_end(*parent), RunState::finished);
  for (const auto& entry : fs::recursive_directory_iterator(parent->folder()))
    if (entry.is_regular_file()) fs::permissions(entry.path(), fs::perms::owner_read);
  const auto fork = TrainingSession::fork(parent->folder(), {{"bc_steps", "450"}}, options({}, "fork"));
  ASSERT_TRUE(fork.ok()) << fork.error().message;
  for (const auto& entry : fs::recursive_directory_iterator((*fork)->folder()))
    EXPECT_NE(entry.status().permissions() & fs::perms::owner_write, fs::perms::none) << entry.path();
}

}  // namespace
}  // namespace vaco
