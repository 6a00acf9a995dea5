// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <thread>

#include "core/records/run_folder.h"
#include "core/records/run_lock.h"
#include "tests/cli/program.h"
#include "tests/cli/same_runs.h"

namespace vaco {
namespace {
using namespace vaco::testing;

class SweepProgram : public Program {
 protected:
  /// Two algorithms, two seeds; a sweep of it takes some seconds.
  static fs::path plan(const std::string& name, int bc_steps) {
    const fs::path file = folder() / name;
    const Json json{{"datasets", {{{"path", fs::path(data()).filename()}, {"name", "tiny"}}}},
                    {"algorithms", {"bc", "vaco"}},
                    {"seeds", {0, 1}},
                    {"set",
                     {{"bc_steps", bc_steps},
                      {"value_steps", 60},
                      {"warmup_steps", 20},
                      {"bilevel_steps", 60},
                      {"cloning_steps", 40},
                      {"eval_interval", 50},
                      {"eval_episodes", 2},
                      {"log_interval", 7},
                      {"diagnostics_interval", 20},
                      {"checkpoint_interval", 25}}}};
    EXPECT_TRUE(write_json(file, json).ok());
    return file;
  }
  static Json last_line(const std::string& out) {
    return Json::parse(out.substr(out.rfind('\n', out.size() - 2) + 1));
  }
  static std::vector<std::string> words(const fs::path& plan_file, const fs::path& out) {
    return {"sweep", plan_file.string(), "--out", out.string(), "--jobs", "2", "--json"};
  }
  static const std::vector<std::string>& cells() {
    static const std::vector<std::string> names{"tiny__BC__s0", "tiny__VACO__s0", "tiny__BC__s1",
                                                "tiny__VACO__s1"};
    return names;
  }
  /// Checkpoints of all cells, as something that grows while a sweep goes on.
  static int64_t steps_saved(const fs::path& out) {
    int64_t sum = 0;
    for (const auto& name : cells()) {
      const auto manifest = read_json(out / name / "manifest.json");
      if (manifest) sum += (*manifest)["step"].get<int64_t>();
    }
    return sum;
  }
};

TEST_F(SweepProgram, KilledSweepsGoOnToTheSameRuns) {
  const auto file = plan("plan.json", 300);
  const auto whole = folder() / "whole", killed = folder() / "killed";
  const auto ended = run(words(file, whole));
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const Json result = last_line(ended.out);
  EXPECT_EQ(result["finished"], 4);
  ASSERT_EQ(result["cells"].size(), 4u);
  for (const auto& cell : result["cells"]) {
    EXPECT_EQ(cell["status"], "finished");
    EXPECT_TRUE(cell["result"]["normalized_score"]["last"].is_number());
  }
  EXPECT_EQ((*read_json(whole / "plan.json"))["cells"][1]["label"], "VACO");

  int kills = 0;
  for (bool finished = false; !finished; ++kills) {
    ASSERT_LT(kills, 60);
    const int64_t before = steps_saved(killed);
    const pid_t child = start(words(file, killed), folder() / "out4", folder() / "err4");
    int status = 0;
    while (!(finished = ::waitpid(child, &status, WNOHANG) == child) && steps_saved(killed) < before + 80)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (finished) {
      ASSERT_TRUE(WIFEXITED(status));
      EXPECT_EQ(WEXITSTATUS(status), 0) << slurp(folder() / "err4");
      break;
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    // Every other time at once, while the orphaned runs are still saving.
    if (kills % 2 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  EXPECT_GE(kills, 2);
  expect_same_runs(killed, whole, cells());

  // Nothing is left to do, and nothing is done again; people are told what came out.
  const auto time = fs::last_write_time(killed / "tiny__BC__s0/policy.h5");
  const Ended again = run({"sweep", file.string(), "--out", killed.string()});
  EXPECT_EQ(again.exit_code, 0);
  EXPECT_NE(again.out.find("\ntiny     BC       2      "), std::string::npos) << again.out;
  EXPECT_NE(again.out.find(" ± "), std::string::npos) << again.out;
  EXPECT_NE(again.out.find("\nruns: " + killed.string() + "\n"), std::string::npos) << again.out;
  EXPECT_NE(again.out.find("\nnext: vaco report " + killed.string() + "\n"), std::string::npos) << again.out;
  EXPECT_EQ(fs::last_write_time(killed / "tiny__BC__s0/policy.h5"), time);
  // Under the same names must be the same experiments.
  const auto other = run(words(plan("other.json", 301), killed));
  EXPECT_EQ(other.exit_code, 2);
  EXPECT_NE(other.err.find("bc_steps = 300, not 301"), std::string::npos) << other.err;
}

TEST_F(SweepProgram, RunsOfOneProcessAreThoseOfTheirOwn) {
  const auto file = plan("together.json", 300);
  const auto apart = folder() / "apart", together = folder() / "together",
             stopped = folder() / "stopped_as_one";
  ASSERT_EQ(run(words(file, apart)).exit_code, 0);
  auto as_one = words(file, together);
  as_one.emplace_back("--together");
  const auto ended = run(as_one);
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(last_line(ended.out)["finished"], 4);
  expect_same_runs(apart, together, cells());
  EXPECT_EQ((*read_json(together / cells()[0] / "manifest.json"))["command_line"][1], "train");

  // Stopped in the midst, and gone on with.
  as_one = words(file, stopped);
  as_one.emplace_back("--together");
  const pid_t child = start(as_one, folder() / "out_t", folder() / "err_t");
  int status = 0;
  while (steps_saved(stopped) < 80 && ::waitpid(child, &status, WNOHANG) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
  ::kill(child, SIGTERM);
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 130);
  const auto gone_on = run(as_one);
  ASSERT_EQ(gone_on.exit_code, 0) << gone_on.err;
  expect_same_runs(apart, stopped, cells());
}

TEST_F(SweepProgram, KilledRunsAreResumedByTheSweep) {
  const auto file = plan("plan.json", 3000);
  const auto out = folder() / "crashing";
  const pid_t child = start(words(file, out), folder() / "out5", folder() / "err5");
  // The id that run.lock holds is for people, and for this test.
  const auto victim = out / "tiny__BC__s0";
  int status = 0;
  while (steps_saved(out) < 100 && ::waitpid(child, &status, WNOHANG) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  const int id = std::atoi(slurp(victim / "run.lock").c_str());
  ASSERT_TRUE(id > 1 && is_being_written(victim)) << slurp(folder() / "err5");
  ::kill(id, SIGKILL);
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 0) << slurp(folder() / "err5");
  EXPECT_NE(slurp(folder() / "err5").find("tiny__BC__s0 crashed"), std::string::npos);
  EXPECT_EQ(last_line(slurp(folder() / "out5"))["finished"], 4);
}

TEST_F(SweepProgram, AStopSavesEveryRun) {
  const auto file = plan("long.json", 200000);
  const auto out = folder() / "stopped";
  const pid_t child = start(words(file, out), folder() / "out6", folder() / "err6");
  int status = 0;
  while (steps_saved(out) < 100 && ::waitpid(child, &status, WNOHANG) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  const auto second = run(words(file, out));
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_NE(second.err.find("another vaco sweep works in"), std::string::npos) << second.err;
  ::kill(child, SIGINT);
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130) << slurp(folder() / "err6");
  const Json manifest = *read_json(out / "tiny__BC__s0/manifest.json");
  EXPECT_EQ(manifest["status"], "stopped");
  EXPECT_EQ(read_checkpoint(out / "tiny__BC__s0/checkpoints/last.h5")->step, manifest["step"].get<int64_t>());
}

TEST_F(SweepProgram, WhatFailsIsToldAndLeftUntilAskedFor) {
  // A dataset whose content changes while the sweep is stopped: its run refuses to go on.
  const auto file = folder() / "fails.json", doomed = folder() / "doomed.hdf5", out = folder() / "failing";
  const auto run_folder = out / "doomed__BC__s0";
  fs::copy_file(data(), doomed);
  ASSERT_TRUE(
      write_json(file, {{"datasets", {"doomed.hdf5"}},
                        {"algorithms", {"bc"}},
                        {"seeds", {0}},
                        {"set", {{"bc_steps", 4000}, {"checkpoint_interval", 20}, {"eval_episodes", 0}}}})
          .ok());
  const pid_t child = start(words(file, out), folder() / "out7", folder() / "err7");
  int status = 0;
  while (checkpoint_files(run_folder).empty() && ::waitpid(child, &status, WNOHANG) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  ::kill(child, SIGINT);
  ::waitpid(child, &status, 0);
  ASSERT_EQ(WEXITSTATUS(status), 130) << slurp(folder() / "err7");
  fs::remove(doomed);
  ASSERT_EQ(run({"collect", "--environment", "hopper", "--policy", "random", "--steps", "300", "--out",
                 doomed.string()})
                .exit_code,
            0);
  auto ended = run(words(file, out));
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_NE(ended.err.find("doomed__BC__s0 failed: the dataset"), std::string::npos) << ended.err;
  EXPECT_EQ(last_line(ended.out)["failed"], 1);
  fs::copy_file(data(), doomed, fs::copy_options::overwrite_existing);
  ended = run({"sweep", file.string(), "--out", out.string()});
  EXPECT_EQ(ended.exit_code, 1);
  EXPECT_EQ(ended.err.find("resumed"), std::string::npos) << ended.err;
  EXPECT_NE(ended.out.find("0 of 1, 1 failed"), std::string::npos) << ended.out;
  EXPECT_NE(ended.out.find(" --retry-failed\n"), std::string::npos) << ended.out;
  auto again = words(file, out);
  again.emplace_back("--retry-failed");
  ended = run(again);
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  EXPECT_EQ(last_line(ended.out)["cells"][0]["status"], "finished");
}

TEST_F(SweepProgram, AWrongPlanRunsNothing) {
  const auto file = folder() / "wrong.json";
  ASSERT_TRUE(write_json(file, {{"datasets", {data()}}, {"algorithms", {"bc", "ppo"}}}).ok());
  const auto ended = run(words(file, folder() / "nothing"));
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("wrong.json: algorithms[1]: there is no algorithm 'ppo'"), std::string::npos)
      << ended.err;
  EXPECT_FALSE(fs::exists(folder() / "nothing"));
  std::ofstream(file) << "{\"datasets\": [";
  EXPECT_EQ(run(words(file, folder() / "nothing")).exit_code, 3);
}

}  // namespace
}  // namespace vaco
