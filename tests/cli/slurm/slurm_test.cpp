// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <thread>

#include "core/base/files.h"
#include "core/study/plan.h"
#include "core/study/program_output.h"
#include "core/study/slurm_queue.h"
#include "tests/cli/program.h"
#include "tests/cli/same_runs.h"

namespace vaco {
namespace {
using namespace vaco::testing;
using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

/// Starts a Slurm for all tests of the file. Where it cannot be started the tests fail: a cluster nobody tried
/// is no cluster that works.
class SlurmProgram : public Program {
 protected:
  static void SetUpTestSuite() {
    Program::SetUpTestSuite();
    const auto started = run_program({VACO_ONE_NODE, "start", (folder() / "node").string(), "4"});
    ASSERT_TRUE(started.ok()) << started.error().message;
    ASSERT_EQ(started->exit_code, 0) << started->out;
    ::setenv("SLURM_CONF", (folder() / "node/slurm.conf").c_str(), 1);
  }
  static void TearDownTestSuite() {
    (void)run_program({VACO_ONE_NODE, "stop", (folder() / "node").string()});
    std::this_thread::sleep_for(500ms);  // its daemons write until they end
    Program::TearDownTestSuite();
  }

  static fs::path plan(const std::string& name, const Json& algorithms, const Json& seeds) {
    const fs::path file = folder() / name;
    const Json json{{"datasets", {{{"path", fs::path(data()).filename()}, {"name", "tiny"}}}},
                    {"algorithms", algorithms},
                    {"seeds", seeds},
                    {"set",
                     {{"bc_steps", 200},
                      {"value_steps", 100},
                      {"warmup_steps", 20},
                      {"bilevel_steps", 100},
                      {"cloning_steps", 40},
                      {"eval_interval", 50},
                      {"eval_episodes", 2},
                      {"log_interval", 7},
                      {"diagnostics_interval", 20},
                      {"checkpoint_interval", 25}}}};
    EXPECT_TRUE(write_json(file, json).ok());
    return file;
  }
  static std::vector<std::string> words(const fs::path& plan_file, const fs::path& out) {
    return {"sweep", plan_file.string(), "--out",  out.string(), "--slurm",       "--jobs", "2", "--memory",
            "500M",  "--json",           "--time", "1",          "--save-before", "15"};
  }
  static Json last_line(const std::string& out) {
    return Json::parse(out.substr(out.rfind('\n', out.size() - 2) + 1));
  }
  /// Polls until it is so; false after the time.
  static bool wait_until(std::chrono::seconds most, const std::function<bool()>& so,
                         std::chrono::milliseconds every = 250ms) {
    const auto end = std::chrono::steady_clock::now() + most;
    while (!so()) {
      if (std::chrono::steady_clock::now() > end) return false;
      std::this_thread::sleep_for(every);
    }
    return true;
  }
  static SlurmTask task(const std::string& job, size_t number) {
    const auto tasks = ask_slurm({job});
    EXPECT_TRUE(tasks.ok()) << tasks.error().message;
    const auto found = tasks->find({job, number});
    return found == tasks->end() ? SlurmTask{} : found->second;
  }
  /// The process that trains there once it has written a line, held where it is: so it cannot be finished when
  /// the queue gets at it, however fast or busy the machine is.
  static pid_t hold(const fs::path& run) {
    EXPECT_TRUE(wait_until(
        60s, [&] { return !slurp(run / "metrics.jsonl").empty(); }, 10ms))
        << run;
    const pid_t process = std::atoi(slurp(run / "run.lock").c_str());
    EXPECT_GT(process, 1);
    EXPECT_EQ(::kill(process, SIGSTOP), 0);
    return process;
  }
  static bool was_told_to_end(pid_t process) {
    const std::string status = slurp("/proc/" + std::to_string(process) + "/status");
    for (const char* key : {"ShdPnd:\t", "SigPnd:\t"})
      if (const auto at = status.find(key); at != std::string::npos)
        if (std::stoull(status.substr(at + 8, 16), nullptr, 16) >> (SIGTERM - 1) & 1u) return true;
    return false;
  }
  static size_t count_queue(const std::string& job, const std::function<bool(const SlurmTask&)>& such) {
    const auto tasks = ask_slurm({job});
    EXPECT_TRUE(tasks.ok()) << tasks.error().message;
    return static_cast<size_t>(
        std::count_if(tasks->begin(), tasks->end(), [&](const auto& entry) { return such(entry.second); }));
  }
};

TEST_F(SlurmProgram, TwelveCellsThroughLimitAndCancelAreTheRunsOfALocalSweep) {
  const auto file = plan("plan.json", {"bc", "vaco"}, {0, 1, 2, 3, 4, 5});
  const auto cluster = folder() / "cluster", local = folder() / "local";
  const auto first = run(words(file, cluster));
  ASSERT_EQ(first.exit_code, 0) << first.err;
  Json told = last_line(first.out);
  const std::string job = told["job"];
  for (const auto& cell : told["cells"]) EXPECT_EQ(cell["queue"], "submitted");
  const auto parsed = read_plan(file);
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  std::vector<std::string> names;
  for (const auto& cell : parsed->cells) names.push_back(cell.name);
  ASSERT_EQ(names.size(), 12u);

  // The second is held until Slurm has its time limit told to it; it saves itself and queues again.
  const pid_t limited = hold(cluster / names[1]);
  // The first VACO run after it is cancelled.
  const pid_t cancelled = hold(cluster / names[3]);
  EXPECT_THAT(task(job, 5).detail, HasSubstr("JobArrayTaskLimit"));
  EXPECT_EQ(run_program({"scancel", job + "_3"})->exit_code, 0);
  ::kill(cancelled, SIGCONT);
  EXPECT_TRUE(wait_until(60s, [&] { return task(job, 3).state == "CANCELLED"; }));

  // Called again, with all the others queued, running or finished.
  const auto second = run(words(file, cluster));
  ASSERT_EQ(second.exit_code, 0) << second.err;
  told = last_line(second.out);
  for (size_t i = 0; i < names.size(); ++i) {
    SCOPED_TRACE(names[i]);
    EXPECT_EQ(told["cells"][i]["queue"] == "submitted", i == 3);
  }
  EXPECT_EQ(told["cells"][3]["status"], "stopped");
  EXPECT_EQ(told["cells"][3]["message"], "Slurm ended it: CANCELLED");
  EXPECT_THAT(told["cells"][1]["queue"], HasSubstr("RUNNING"));
  const std::string again = told["job"];
  EXPECT_NE(again, job);

  size_t most = 0;
  EXPECT_TRUE(wait_until(120s, [&] {
    most = std::max(most, count_queue(job, [](const SlurmTask& one) { return one.state == "RUNNING"; }));
    return was_told_to_end(limited);
  }));
  ::kill(limited, SIGCONT);
  const auto queued = [](const SlurmTask& one) { return one.is_queued(); };
  EXPECT_TRUE(wait_until(240s, [&] {
    most = std::max(most, count_queue(job, [](const SlurmTask& one) { return one.state == "RUNNING"; }));
    return count_queue(job, queued) + count_queue(again, queued) == 0;
  }));
  EXPECT_LE(most, 2u);
  EXPECT_THAT(run_program({"scontrol", "--oneliner", "show", "job", job + "_1"})->out,
              HasSubstr("Restarts=1 "));

  // Nothing is missing now, so the call shows the result and submits nothing.
  const auto third = run(words(file, cluster));
  ASSERT_EQ(third.exit_code, 0) << third.err;
  told = last_line(third.out);
  EXPECT_EQ(told["finished"], 12);
  EXPECT_EQ(told["job"], "");
  ASSERT_EQ(run({"sweep", file.string(), "--out", local.string(), "--jobs", "2", "--quiet"}).exit_code, 0);
  expect_same_runs(cluster, local, names);
}

TEST_F(SlurmProgram, WhatFailsSaysWhyAndIsSubmittedAgain) {
  const auto file = plan("failing.json", {"bc", "vaco"}, {0});
  const auto out = folder() / "failing";
  auto held = words(file, out);
  held.insert(held.end(), {"--sbatch", "hold"});
  const auto first = run(held);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  const std::string job = last_line(first.out)["job"];
  const fs::path away = folder() / "away.hdf5";
  fs::rename(data(), away);
  EXPECT_EQ(run_program({"scontrol", "release", job})->exit_code, 0);
  EXPECT_TRUE(wait_until(60s, [&] { return task(job, 0).state == "FAILED"; }));
  fs::rename(away, data());

  const auto second = run(held);
  ASSERT_EQ(second.exit_code, 0) << second.err;
  const Json cell = last_line(second.out)["cells"][0];
  EXPECT_EQ(cell["queue"], "submitted");
  EXPECT_THAT(cell["message"], HasSubstr("hopper tiny.hdf5"));
  EXPECT_EQ(run_program({"scancel", last_line(second.out)["job"]})->exit_code, 0);
}

TEST_F(SlurmProgram, ADryRunPrintsTheScriptAndSubmitsNothing) {
  const auto file = plan("dry.json", {"bc", "vaco"}, {0});
  auto dry = words(file, folder() / "dry");
  dry.push_back("--dry-run");
  const auto printed = run(dry);
  EXPECT_EQ(printed.exit_code, 0) << printed.err;
  EXPECT_THAT(printed.out, HasSubstr("#SBATCH --array=0-1%2\n"));
  EXPECT_FALSE(fs::exists(folder() / "dry"));
}

TEST_F(SlurmProgram, WithoutSlurmNothingIsBegun) {
  const auto file = plan("nowhere.json", {"bc", "vaco"}, {0});
  const std::string path = ::getenv("PATH");
  ::setenv("PATH", "/nowhere", 1);
  const auto ended = run(words(file, folder() / "nowhere"));
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_THAT(ended.err,
              HasSubstr("cannot start sbatch: No such file or directory; --slurm works where sbatch does"));
}

}  // namespace
}  // namespace vaco
