// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "core/base/files.h"
#include "core/study/program_output.h"
#include "core/study/slurm_queue.h"
#include "core/study/slurm_script.h"

namespace vaco {
namespace {
namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::Not;

SlurmArray array() {
  return {.name = "vaco-first",
          .program = "/opt/va co/vaco",
          .plan = "/data/out/slurm/1/plan.json",
          .out = "/data/out",
          .ended = "/data/out/slurm/1/ended",
          .cells = {2, 5, 11},
          .nice = 3};
}

TEST(Slurm, TheScriptAsksForWhatIsWanted) {
  const std::string text = slurm_script(array(), {.cores = 4,
                                                  .memory = "8G",
                                                  .time = "12:00:00",
                                                  .gpu = "a100:1",
                                                  .partition = "long",
                                                  .at_once = 2,
                                                  .save_before = 90,
                                                  .more = {"account=robots"}});
  for (const char* line :
       {"array=0-2%2", "requeue", "signal=B:USR1@90", "cpus-per-task=4", "mem=8G", "time=12:00:00",
        "gres=gpu:a100:1", "partition=long", "account=robots", "job-name=vaco-first"})
    EXPECT_THAT(text, HasSubstr("\n#SBATCH --" + std::string(line) + "\n"));
  EXPECT_THAT(text, HasSubstr("\ncells=(2 5 11)\n"));
  EXPECT_THAT(text,
              HasSubstr("\n'/opt/va co/vaco' sweep /data/out/slurm/1/plan.json --out /data/out --nice 3 "));
}

TEST(Slurm, WhatIsNotAskedForIsLeftToTheCluster) {
  const std::string text = slurm_script(array(), {});
  for (const char* option : {"time=", "gres=", "partition=", "%2"}) EXPECT_THAT(text, Not(HasSubstr(option)));
  EXPECT_THAT(text, HasSubstr("--array=0-2\n"));
}

/// Runs the script's own words with a stand-in for the program and for scontrol, and gives what came of it.
struct ScriptRun {
  std::string ended, requeued;
};
ScriptRun run_script(const std::string& stand_in, const std::string& before_it_ends) {
  std::string name = (fs::temp_directory_path() / "vaco-slurm-XXXXXX").string();
  if (!::mkdtemp(name.data())) return {};
  const fs::path folder = name;
  EXPECT_TRUE(make_folder(folder / "ended").ok());
  const auto program = [&](const char* file, const std::string& text) {
    EXPECT_TRUE(write_text_atomically(folder / file, "#!/bin/sh\n" + text).ok());
    std::error_code none;
    fs::permissions(folder / file, fs::perms::owner_all, none);
  };
  program("vaco", stand_in);
  // Before each of its commands the script's shell waits, so that a signal meets it as early as can be.
  EXPECT_TRUE(write_text_atomically(folder / "slowly", "trap 'sleep 0.05' DEBUG\n").ok());
  program("scontrol", "echo \"$@\" >" + name + "/requeued\nexit 1\n");
  SlurmArray one = array();
  one.program = folder / "vaco";
  one.ended = folder / "ended";
  one.out = folder;
  EXPECT_TRUE(write_text_atomically(folder / "array.sh", slurm_script(one, {})).ok());
  const auto ran = run_program(
      {"bash", "-c",
       "cd " + name +
           "; BASH_ENV=$PWD/slowly PATH=$PWD:$PATH SLURM_ARRAY_TASK_ID=1 SLURM_ARRAY_JOB_ID=7 bash array.sh & "
           "until [ -e begun ]; do sleep 0.01; done; " +
           before_it_ends + "; wait"});
  EXPECT_TRUE(ran.ok());
  const auto ended = read_text(folder / "ended/1"), requeued = read_text(folder / "requeued");
  std::error_code none;
  fs::remove_all(folder, none);
  return {ended ? *ended : "none", requeued ? *requeued : ""};
}

/// Saves for a moment when it is told to end.
constexpr const char* kSaves =
    "trap 'sleep 0.2; exit 130' TERM\necho \"$@\" >begun.part; mv begun.part begun\nwhile :; do sleep 0.05; "
    "done\n";

TEST(Slurm, ARunIsSavedAndQueuedAgainBeforeItsTimeIsUp) {
  const auto run = run_script(kSaves, "kill -USR1 $!");
  EXPECT_EQ(run.ended, "130\n");
  EXPECT_EQ(run.requeued, "requeue 7_1\n");
}

TEST(Slurm, ACancelledRunIsSavedAndNotQueuedAgain) {
  const auto run = run_script(kSaves, "kill -TERM $! $(pgrep -P $!)");
  EXPECT_EQ(run.ended, "130\n");
  EXPECT_EQ(run.requeued, "");
}

TEST(Slurm, AFailureIsLeftAsItIs) {
  const auto run = run_script("trap '' TERM\necho >begun; sleep 0.2; exit 3\n", "kill -USR1 $!");
  EXPECT_EQ(run.requeued, "");
  EXPECT_EQ(
      run_script("[ \"$*\" = \"sweep /data/out/slurm/1/plan.json --out $PWD --nice 3 --index 5\" ] && code=0\n"
                 "echo >begun; exit ${code:-9}\n",
                 ":")
          .ended,
      "0\n");
}

TEST(Slurm, TheQueueIsReadTaskByTask) {
  const auto tasks = parse_squeue(
      "slurm_load_jobs: some warning\n"
      "12|0|RUNNING|node7\n"
      "12|1|PENDING|(JobArrayTaskLimit)\n"
      "12|2|OUT_OF_MEMORY|node7\n"
      "15|N/A|RUNNING|node1\n");
  ASSERT_EQ(tasks.size(), 3u);
  EXPECT_EQ(tasks.at({"12", 1}).detail, "(JobArrayTaskLimit)");
  EXPECT_TRUE(tasks.at({"12", 0}).is_queued());
  EXPECT_TRUE(tasks.at({"12", 1}).is_queued());
  EXPECT_FALSE(tasks.at({"12", 2}).is_queued());
}

TEST(Slurm, AccountsTellOfWhatTheQueueHasForgotten) {
  const auto tasks = parse_sacct("12_0|COMPLETED\n12_1|CANCELLED by 1000\n12_[3-5%2]|PENDING\n13|RUNNING\n");
  ASSERT_EQ(tasks.size(), 2u);
  EXPECT_EQ(tasks.at({"12", 1}).state, "CANCELLED");
  EXPECT_FALSE(tasks.at({"12", 1}).is_queued());
}

TEST(Slurm, AProgramThatIsNotThereIsNamed) {
  const auto ran = run_program({"vaco-no-such-program"});
  ASSERT_FALSE(ran.ok());
  EXPECT_THAT(ran.error().message, HasSubstr("cannot start vaco-no-such-program: No such file"));
  const auto both = run_program({"sh", "-c", "echo out; echo err >&2; exit 4"});
  ASSERT_TRUE(both.ok());
  EXPECT_EQ(both->out, "out\nerr\n");
  EXPECT_EQ(both->exit_code, 4);
}

}  // namespace
}  // namespace vaco
