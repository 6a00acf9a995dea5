// SPDX-License-Identifier: GPL-3.0-or-later
#include <chrono>
#include <functional>
#include <limits>
#include <thread>

#include "core/records/checkpoint.h"
#include "core/records/run_folder.h"
#include "tests/cli/program.h"

namespace vaco {
namespace {
using namespace vaco::testing;

TEST_F(Program, AnswersAndRefusesInTheRightWay) {
  EXPECT_EQ(run({"--version"}).out.substr(0, 5), "vaco ");
  EXPECT_EQ(run({"--help"}).exit_code, 0);
  EXPECT_EQ(run({}).exit_code, 2);
  EXPECT_EQ(run({"fly"}).exit_code, 2);
  auto ended = run({"train", "--algorithm", "ppo", "--dataset", data()});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("vaco train: "), std::string::npos);
  EXPECT_EQ(run({"train", "--algorithm", "bc", "--dataset", data(), "--set", "log_interval"}).exit_code, 2);
  const std::string missing = "/does/not/exist.hdf5";
  EXPECT_EQ(run({"train", "--algorithm", "bc", "--dataset", missing}).exit_code, 3);
  EXPECT_EQ(run({"inspect", missing}).exit_code, 3);
  EXPECT_EQ(run({"mix", (folder() / "mixed.hdf5").string(), missing}).exit_code, 3);
  for (const char* seed : {"-1", "1.5", "99999999999999999999999", "x"})
    EXPECT_EQ(run({"train", "--algorithm", "bc", "--dataset", data(), "--seed", seed}).exit_code, 2) << seed;
  ended = run({"collect", "--environment", "hopper", "--policy", "random", "--steps", "1000000000", "--out",
               (folder() / "no such folder/x.hdf5").string()});
  EXPECT_EQ(ended.exit_code, 1) << ended.err;  // told at once, not after a billion steps
  EXPECT_EQ(run({"collect", "--environment", "hopper", "--steps", "10", "--out", (folder() / "x").string()})
                .exit_code,
            2);
  EXPECT_EQ(run({"collect", "--train", "sac", "--environment", "hopper", "--out", (folder() / "x").string()})
                .exit_code,
            2);
  EXPECT_EQ(
      run({"collect", "--train", "td3", "--environment", "moon", "--out", (folder() / "x").string()}).exit_code,
      2);
  EXPECT_FALSE(fs::exists(folder() / "x"));
  EXPECT_EQ(run({"collect", "--resume", (folder() / "nothing").string()}).exit_code, 3);
  const auto garbage = folder() / "garbage.hdf5";
  std::ofstream(garbage) << "no HDF5";
  ended =
      run({"train", "--algorithm", "bc", "--dataset", garbage.string(), "--out", (folder() / "bad").string()});
  EXPECT_EQ(ended.exit_code, 3) << ended.err;
  EXPECT_NE(ended.err.find("is not an HDF5 file"), std::string::npos) << ended.err;
  EXPECT_EQ(ended.out, "");
  EXPECT_FALSE(fs::exists(folder() / "bad"));
  EXPECT_EQ(run({"resume", folder().string()}).exit_code, 3);
  for (const auto& words : {std::vector<std::string>{"inspect", data(), "--environment", "foo"},
                            {"train", "--algorithm", "bc", "--dataset", data(), "--environment", "hoppr",
                             "--out", (folder() / "bad").string()},
                            {"evaluate", "expert", "--environment", "hoppr"}}) {
    ended = run(words);
    EXPECT_EQ(ended.exit_code, 2) << ended.err;
    EXPECT_NE(ended.err.find("Known are hopper, walker2d, halfcheetah"), std::string::npos) << ended.err;
  }
  EXPECT_FALSE(fs::exists(folder() / "bad"));
}

TEST_F(Program, RefusesDataWithNanAndSaysWhere) {
  const auto broken = (folder() / "hopper broken.hdf5").string();
  DatasetColumns columns;
  columns.rows = 40;
  columns.obs_dim = 11;
  columns.action_dim = 3;
  for (int i = 0; i < 40 * 11; ++i) columns.observations.push_back(static_cast<float>(i % 7));
  columns.next_observations = columns.observations;
  columns.actions.assign(40 * 3, 0.5f);
  columns.rewards.assign(40, 1.0f);
  columns.rewards[17] = std::numeric_limits<float>::quiet_NaN();
  columns.terminals.assign(40, 0);
  columns.timeouts.assign(40, 0);
  columns.timeouts[19] = columns.timeouts[39] = 1;
  ASSERT_TRUE(write_dataset(broken, columns).ok());
  for (const auto& words :
       {std::vector<std::string>{"train", "--algorithm", "bc", "--dataset", broken, "--out",
                                 (folder() / "broken").string()},
        {"evaluate", "expert", "--environment", "hopper", "--fqe", "--fqe-steps", "10", "--dataset", broken}}) {
    const auto ended = run(words);
    EXPECT_EQ(ended.exit_code, 3) << ended.err;
    EXPECT_EQ(ended.out, "") << "no table for what never began";
    EXPECT_NE(ended.err.find("1 row of rewards with a NaN"), std::string::npos) << ended.err;
    EXPECT_NE(ended.err.find("row 17"), std::string::npos) << ended.err;
    EXPECT_EQ(ended.err.find("same return"), std::string::npos) << ended.err;
  }
}

TEST_F(Program, CollectsByTrainingStopsAndGoesOn) {
  const auto run_folder = folder() / "online";
  std::vector<std::string> words{"collect", "--train", "td3",    "--env", "hopper", "--steps",          "10000",
                                 "--seed",  "2",       "--rows", "100",   "--out",  run_folder.string()};
  for (const char* set : {"hidden_width=16", "batch_size=16", "random_steps=100", "eval_interval=200",
                          "eval_episodes=1", "log_interval=50"})
    words.insert(words.end(), {"--set", set});
  const pid_t child = start(words, folder() / "out", folder() / "err");
  int status = 0;
  while (!fs::exists(run_folder / "policies/step_000000200.h5") && ::waitpid(child, &status, WNOHANG) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(child, SIGINT);
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  ASSERT_EQ(WEXITSTATUS(status), 130) << slurp(folder() / "err");
  EXPECT_EQ(run(words).exit_code, 2);  // the folder exists
  const auto ended = run({"collect", "--resume", run_folder.string(), "--json"});
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const auto result = Json::parse(ended.out);
  ASSERT_EQ(result["datasets"].size(), 5u);
  for (const Json& set : result["datasets"]) EXPECT_TRUE(fs::exists(set["file"].get<std::string>()));
  EXPECT_EQ(run({"collect", "--resume", run_folder.string()}).exit_code, 2);  // finished
}

TEST_F(Program, ParamsAreCompleteJson) {
  const auto ended = run({"params", "--json"});
  ASSERT_EQ(ended.exit_code, 0);
  const Json json = Json::parse(ended.out);
  for (const char* algorithm : {"vaco", "bc"}) {
    ASSERT_TRUE(json.contains(algorithm));
    bool found = false;
    for (const auto& spec : json[algorithm]["params"]) found = found || spec["key"] == "eval_interval";
    EXPECT_TRUE(found);
  }
  EXPECT_EQ(run({"params", "--algorithm", "ppo"}).exit_code, 2);
  EXPECT_NE(run({"params", "--algorithm", "bc"}).out.find("bc_steps"), std::string::npos);
}

TEST_F(Program, TrainsStopsResumesAndExports) {
  const auto whole = run(training("bc", "bc-whole"));
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  const Json result = Json::parse(whole.out.substr(whole.out.rfind('\n', whole.out.size() - 2) + 1));
  EXPECT_EQ(result["status"], "finished");
  EXPECT_TRUE(result["normalized_score"]["last"].is_number());
  EXPECT_TRUE(result["pearson_r"].is_null());
  const std::string run_folder = result["run"];
  EXPECT_EQ(run({"resume", run_folder}).exit_code, 2);  // finished

  const auto policy = folder() / "policy.h5";
  ASSERT_EQ(run({"export", run_folder, "--policy", policy.string()}).exit_code, 0);
  EXPECT_EQ(slurp(policy), slurp(fs::path(run_folder) / "policy.h5"));
  EXPECT_EQ(run({"export", run_folder}).exit_code, 2);

  // The same policy judged from data alone: the run's own, or a file's.
  const auto fqe = run({"evaluate", run_folder, "--fqe", "--fqe-steps", "60", "--critics", "2", "--json"});
  ASSERT_EQ(fqe.exit_code, 0) << fqe.err;
  const Json estimate = Json::parse(fqe.out);
  EXPECT_EQ(estimate["critics"].size(), 2u);
  EXPECT_EQ(estimate["algorithm"], "bc");
  EXPECT_LE(estimate["discounted_return"]["low"], estimate["discounted_return"]["high"]);
  EXPECT_EQ(run({"evaluate", policy.string(), "--fqe"}).exit_code, 2);
  EXPECT_EQ(run({"evaluate", run_folder, "--fqe-steps", "60"}).exit_code, 2);

  // SIGINT while it runs: saved, 130; resumed it is the same run.
  auto words = training("bc", "bc-stopped");
  words.insert(words.end(), {"--set", "bc_steps=4000"});
  auto twin = training("bc", "bc-unstopped");
  twin.insert(twin.end(), {"--set", "bc_steps=4000"});
  const auto stopped = folder() / "runs/bc-stopped";
  const pid_t child = start(words, folder() / "out2", folder() / "err2");
  int status = 0;
  while (checkpoint_files(stopped).empty() && ::waitpid(child, &status, WNOHANG) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(child, SIGINT);
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  ASSERT_EQ(WEXITSTATUS(status), 130) << slurp(folder() / "err2");
  ASSERT_EQ(run({"resume", stopped.string()}).exit_code, 0);
  ASSERT_EQ(run(twin).exit_code, 0);
  EXPECT_EQ(timeless(stopped / "metrics.jsonl"), timeless(folder() / "runs/bc-unstopped/metrics.jsonl"));
  EXPECT_EQ(slurp(stopped / "eval.jsonl"), slurp(folder() / "runs/bc-unstopped/eval.jsonl"));
}

/// Runs the words again and again, resumed, and kills it each time as soon as it has got a little further.
void run_with_kills(const fs::path& killed, const std::function<pid_t(bool fresh)>& start) {
  for (int attempt = 0; attempt < 60; ++attempt) {
    const bool fresh = !fs::exists(killed / "manifest.json");
    if (fresh) fs::remove_all(killed);
    const auto step = [&] {
      const auto files = checkpoint_files(killed);
      return files.empty() ? 0 : std::stoll(files[0].stem().string().substr(5));
    };
    const auto before = step();
    const pid_t child = start(fresh);
    int status = 0;
    bool ended = false;
    while (!(ended = ::waitpid(child, &status, WNOHANG) == child) && step() < before + 25)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (!ended) {
      std::this_thread::sleep_for(std::chrono::milliseconds(3 * attempt));
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
    }
    if (WIFEXITED(status)) {
      EXPECT_EQ(WEXITSTATUS(status), 0);
      EXPECT_GT(attempt, 0) << "it was never killed";
      return;
    }
    // Killed between the last line and the end of the process is finished as well.
    if ((*read_json(killed / "manifest.json"))["status"] == "finished") return;
  }
  ADD_FAILURE() << "it never finished";
}

TEST_F(Program, KilledRunsGoOnBitForBit) {
  for (const std::string algorithm : {"vaco", "bc"}) {
    SCOPED_TRACE(algorithm);
    const auto killed = folder() / "runs" / (algorithm + "-killed");
    run_with_kills(killed, [&](bool fresh) {
      return start(fresh ? training(algorithm, algorithm + "-killed")
                         : std::vector<std::string>{"resume", killed.string(), "--json"},
                   folder() / "out3", folder() / "err3");
    });
    if (HasFailure()) FAIL() << slurp(folder() / "err3");
    const auto whole = run(training(algorithm, algorithm + "-unkilled"));
    ASSERT_EQ(whole.exit_code, 0) << whole.err;
    const auto other = folder() / "runs" / (algorithm + "-unkilled");
    EXPECT_EQ(timeless(killed / "metrics.jsonl"), timeless(other / "metrics.jsonl"));
    for (const char* file : {"eval.jsonl", "weights.jsonl", "policy.h5", "best_policy.h5"})
      EXPECT_TRUE(slurp(killed / file) == slurp(other / file)) << file;
    EXPECT_FALSE(slurp(killed / "policy.h5").empty());
    const auto files = checkpoint_files(other);
    ASSERT_GE(files.size(), 2u);
    for (const auto& file : files)
      EXPECT_TRUE(read_checkpoint(killed / "checkpoints" / file.filename())->state ==
                  read_checkpoint(file)->state)
          << file.filename();
  }
}

TEST_F(Program, TheDemoComparesVacoWithCloning) {
  const auto home = folder() / "home";
  ::setenv("VACO_HOME", home.c_str(), 1);
  std::vector<std::string> words{"demo",   "--out",   (folder() / "demo").string(),
                                 "--json", "--quiet", "--no-figures"};
  for (const char* set : {"value_steps=40", "warmup_steps=10", "bilevel_steps=30", "cloning_steps=10",
                          "bc_steps=40", "eval_interval=0", "eval_episodes=1", "diagnostics_interval=20"})
    words.insert(words.end(), {"--set", set});
  auto wrong = words;
  wrong.insert(wrong.end(), {"--set", "wings=2"});
  EXPECT_EQ(run(wrong).exit_code, 2);
  EXPECT_FALSE(fs::exists(home / "datasets")) << "a wrong request must not make data first";

  const auto ended = run(words);
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const Json results = Json::parse(ended.out);
  ASSERT_EQ(results.size(), 2u);
  EXPECT_EQ(results[0]["algorithm"], "vaco");
  EXPECT_EQ(results[1]["algorithm"], "bc");
  for (const auto& result : results) {
    EXPECT_EQ(result["status"], "finished");
    EXPECT_TRUE(result["normalized_score"]["last"].is_number());
    const fs::path run_folder = result["run"].get<std::string>();
    EXPECT_TRUE(fs::exists(run_folder / "policy.h5"));
    const Json config = *read_json(run_folder / "config.json");
    EXPECT_EQ(config["preset"], "demo");
  }
  EXPECT_TRUE(results[0]["pearson_r"].is_number());
  // The data is of the three behaviors in equal parts, and is made once.
  fs::path data;
  for (const auto& entry : fs::directory_iterator(home / "datasets")) data = entry.path();
  const auto inspected = run({"inspect", data.string(), "--json"});
  ASSERT_EQ(inspected.exit_code, 0) << inspected.err;
  EXPECT_EQ(Json::parse(inspected.out)["rows"], 60000);
  const auto made = fs::last_write_time(data);
  ASSERT_EQ(run(words).exit_code, 0);
  EXPECT_EQ(fs::last_write_time(data), made);
  ::unsetenv("VACO_HOME");
}

}  // namespace
}  // namespace vaco
