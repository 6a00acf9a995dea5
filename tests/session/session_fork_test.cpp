// SPDX-License-Identifier: GPL-3.0-or-later
// A run that begins where another one was.
#include <gtest/gtest.h>

#include "core/data/policy_file.h"
#include "core/records/checkpoint.h"
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

}  // namespace
}  // namespace vaco
