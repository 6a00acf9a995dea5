// SPDX-License-Identifier: GPL-3.0-or-later
// A run folder is there whole or not at all.
#include "core/records/run_folder.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <fstream>

#include "core/records/run_reader.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

class RunFolders : public ::testing::Test {
 protected:
  RunFolders() {
    std::string name = (fs::temp_directory_path() / "vaco-runs-XXXXXX").string();
    out_ = ::mkdtemp(name.data());
  }
  ~RunFolders() override { fs::remove_all(out_); }
  [[nodiscard]] Result<RunFolder> draft(const std::string& name, bool exact = true) const {
    return RunFolder::draft(out_, name, exact, *make_config("bc", ""), {{"status", "created"}});
  }
  [[nodiscard]] auto entries() const {
    return std::distance(fs::directory_iterator(out_), fs::directory_iterator());
  }
  fs::path out_;
};

TEST_F(RunFolders, ADraftIsNoRunUntilItHasItsName) {
  auto folder = draft("mine");
  ASSERT_TRUE(folder.ok()) << folder.error().message;
  EXPECT_FALSE(fs::exists(out_ / "mine"));
  EXPECT_TRUE(find_runs(out_).empty());
  ASSERT_TRUE(folder->publish().ok());
  EXPECT_EQ(folder->path(), out_ / "mine");
  EXPECT_EQ(find_runs(out_), std::vector{out_ / "mine"});
  EXPECT_TRUE(is_being_written(out_ / "mine"));
  EXPECT_EQ(entries(), 1);
  { const RunFolder moved = std::move(*folder); }
  EXPECT_TRUE(fs::exists(out_ / "mine/config.json"));
}

TEST_F(RunFolders, ADraftThatIsGivenUpLeavesNothing) {
  { const auto folder = draft("mine"); }
  EXPECT_EQ(entries(), 0);
}

TEST_F(RunFolders, WhatCannotBeReadNowIsNotTakenForLost) {
  auto folder = draft("mine");
  ASSERT_TRUE(folder->publish().ok());
  ASSERT_TRUE(folder->open_records(nullptr).ok());
  Checkpoint checkpoint;
  checkpoint.algorithm = "bc";
  checkpoint.phase = "bc";
  for (checkpoint.step = 100; checkpoint.step <= 200; checkpoint.step += 100)
    ASSERT_TRUE(folder->save_checkpoint(checkpoint, false).ok());
  const auto newest = out_ / "mine/checkpoints/step_000000200.h5";
  // Damaged: the one before is gone on from, and it is said.
  std::ofstream(newest) << "no checkpoint";
  EXPECT_EQ(folder->newest_checkpoint()->checkpoint->step, 100);
  EXPECT_EQ(folder->newest_checkpoint()->notes.size(), 1u);
  // Not to be read for another reason: nothing is known of it, so nothing is given up.
  fs::remove(newest);
  fs::create_directory(newest);
  EXPECT_THAT(folder->newest_checkpoint().error().message, HasSubstr("step_000000200.h5"));
  fs::remove_all(out_ / "mine/checkpoints");
  fs::create_directory_symlink("checkpoints", out_ / "mine/checkpoints");
  EXPECT_THAT(folder->newest_checkpoint().error().message, HasSubstr("cannot list"));
}

TEST_F(RunFolders, TwoDraftsOfOneNameDoNotMeet) {
  auto first = draft("mine"), second = draft("mine"), third = draft("mine", false);
  ASSERT_TRUE(first->publish().ok());
  const auto refused = second->publish();
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, ErrorCode::usage);
  EXPECT_THAT(refused.error().message, HasSubstr("vaco resume"));
  ASSERT_TRUE(third->publish().ok());
  EXPECT_EQ(third->path(), out_ / "mine_2");
}

TEST_F(RunFolders, WhatIsInTheWayIsCalledARunOnlyIfItIsOne) {
  fs::create_directory(out_ / "mine");
  EXPECT_THAT(draft("mine").error().message, AllOf(HasSubstr("exists already"), Not(HasSubstr("resume"))));
  EXPECT_THAT(RunFolder::open(out_ / "mine").error().message, HasSubstr("is no run folder"));
  EXPECT_FALSE(draft(std::string(300, 'n')).ok());
  EXPECT_FALSE(draft("").ok());
  EXPECT_FALSE(draft("../mine").ok());
  EXPECT_EQ(entries(), 1);
}

TEST_F(RunFolders, DraftsOfKilledProcessesAreRemovedInTime) {
  const auto old = out_ / ".draft-1", young = out_ / ".draft-2";
  for (const auto& left : {old, young}) {
    fs::create_directories(left / "checkpoints");
    std::ofstream(left / "run.lock") << "1";
  }
  fs::last_write_time(old, fs::file_time_type::clock::now() - std::chrono::hours(3));
  const auto folder = draft("mine");
  EXPECT_FALSE(fs::exists(old));
  EXPECT_TRUE(fs::exists(young));
}

}  // namespace
}  // namespace vaco
