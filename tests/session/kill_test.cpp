// SPDX-License-Identifier: GPL-3.0-or-later
// A process that is killed at any moment loses nothing but time: resumed, its run is that of an uninterrupted
// one.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <fstream>
#include <thread>

#include "core/base/json_value.h"
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

SessionOptions options_in(const fs::path& folder, const std::string& name, const FakeOptions& fake) {
  SessionOptions options;
  options.out = folder;
  options.folder_name = name;
  options.parts = fake_parts(fake);
  return options;
}

/// Runs (or resumes) the run in a process of its own and kills that after a while. True when it had finished by
/// then.
bool run_and_kill(const fs::path& folder, const FakeOptions& fake, int milliseconds) {
  const pid_t child = ::fork();
  if (child == 0) {
    const auto options = options_in(folder / "runs", "killed", fake);
    auto session = fs::exists(folder / "runs/killed/manifest.json")
                       ? TrainingSession::resume(folder / "runs/killed", options)
                       : TrainingSession::create(fake_config(folder), options);
    if (!session) ::_exit(7);
    ::_exit(run_to_end(**session) == RunState::finished ? 0 : 8);
  }
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
  ::kill(child, SIGKILL);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(!WIFEXITED(status) || WEXITSTATUS(status) == 0);
  // A run that is killed between its end and that of its process is finished as well.
  const auto manifest = read_json(folder / "runs/killed/manifest.json");
  return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
         (manifest && value_or<std::string>(*manifest, "status", {}) == "finished");
}

TEST(Kill, AKilledRunGoesOnBitForBit) {
  TemporaryFolder folder;
  // Large checkpoints, so that some kills hit while one is being written.
  const FakeOptions fake{.microseconds_per_step = 400, .evaluation_milliseconds = 4, .ballast = 400000};
  Rng rng(static_cast<uint64_t>(::getpid()));
  int kills = 0;
  while (!run_and_kill(folder.path(), fake,
                       60 + (kills > 0 ? static_cast<int>(rng.index(240)) + 20 * kills : 0))) {
    ++kills;
    ASSERT_LT(kills, 200);
    const fs::path run = folder.path() / "runs/killed";
    if (fs::exists(run / "manifest.json")) {
      EXPECT_TRUE(read_run(run).ok());
    } else {
      fs::remove_all(run);  // killed while the folder was being made: there is no run yet
    }
  }
  EXPECT_GE(kills, 1);
  auto whole =
      TrainingSession::create(fake_config(folder.path()), options_in(folder.path() / "runs", "whole", fake));
  ASSERT_TRUE(whole.ok());
  ASSERT_EQ(run_to_end(**whole), RunState::finished);
  const fs::path a = folder.path() / "runs/killed", b = folder.path() / "runs/whole";
  EXPECT_EQ(timeless(a / "metrics.jsonl"), timeless(b / "metrics.jsonl"));
  EXPECT_EQ(slurp(a / "eval.jsonl"), slurp(b / "eval.jsonl"));
  EXPECT_EQ(slurp(a / "weights.jsonl"), slurp(b / "weights.jsonl"));
  EXPECT_EQ(read_checkpoint(a / "checkpoints/last.h5")->state,
            read_checkpoint(b / "checkpoints/last.h5")->state);
  EXPECT_EQ(read_policy(a / "policy.h5")->layers[0].weight, read_policy(b / "policy.h5")->layers[0].weight);
  EXPECT_EQ(read_policy(a / "best_policy.h5")->step, read_policy(b / "best_policy.h5")->step);
  for (const auto& entry : fs::recursive_directory_iterator(a))
    EXPECT_EQ(entry.path().string().find(".tmp-"), std::string::npos) << entry.path();
}

/// As a kill leaves it right behind the writing of the last checkpoint, which was the best too.
TEST(Kill, NamesOfCheckpointsThatWereLeftBehindAreMended) {
  TemporaryFolder folder;
  auto parts = *fake_parts();
  parts.evaluate = [whole = parts.evaluate](const PolicySnapshot& policy, auto&&... rest) {
    auto result = whole(policy, rest...);
    if (result) result->normalized_mean = static_cast<double>(policy.step);
    return result;
  };
  SessionOptions options = options_in(folder.path() / "runs", "run", {});
  options.parts = std::make_shared<const SessionParts>(parts);
  ASSERT_EQ(run_to_end(**TrainingSession::create(fake_config(folder.path()), options)), RunState::finished);
  const fs::path run = folder.path() / "runs/run";
  const auto files = checkpoint_files(run);
  ASSERT_EQ(files.size(), 2u);
  const fs::path last = run / "checkpoints/last.h5", best = run / "checkpoints/best.h5";
  for (const auto& name : {last, best}) {
    EXPECT_TRUE(fs::equivalent(name, files[0]));
    ASSERT_TRUE(link_or_copy(files[1], name));
    ASSERT_TRUE(fs::equivalent(name, files[1]));
  }
  auto manifest = *read_json(run / "manifest.json");
  manifest["status"] = "running";
  std::ofstream(run / "manifest.json") << manifest;
  ASSERT_EQ(run_to_end(**TrainingSession::resume(run, options)), RunState::finished);
  EXPECT_TRUE(fs::equivalent(last, files[0]));
  EXPECT_TRUE(fs::equivalent(best, files[0]));
}

}  // namespace
}  // namespace vaco
