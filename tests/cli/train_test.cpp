// SPDX-License-Identifier: GPL-3.0-or-later
// The program itself, as a shell sees it: real data, real algorithms, tiny budgets.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "core/base/json.h"
#include "core/data/writer.h"
#include "core/run/checkpoint.h"
#include "core/run/run_folder.h"
#include "core/sim/collector.h"

extern char** environ;

namespace vaco {
namespace {
namespace fs = std::filesystem;

std::string slurp(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::string timeless(const fs::path& file) {
  std::ifstream in(file);
  std::string text;
  for (std::string line; std::getline(in, line);) {
    const Json json = Json::parse(line);
    for (const auto& [key, value] : json.items())
      if (key.find("time") == std::string::npos && key.find("per_second") == std::string::npos)
        text += key + "=" + value.dump() + " ";
    text += "\n";
  }
  return text;
}

struct Ended {
  int exit_code = -1;
  std::string out, err;
};

class Program : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    std::string name = (fs::temp_directory_path() / "vaco-cli-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    folder() = name;
    const auto rows = collect({.name = "random", .snapshot = nullptr, .action_noise = 0.0},
                              {.environment = "hopper", .physics = Physics::v2, .steps = 1500, .seed = 4});
    ASSERT_TRUE(rows.ok()) << rows.error().message;
    DatasetColumns columns;
    columns.rows = rows->rows;
    columns.obs_dim = 11;
    columns.action_dim = 3;
    columns.observations = rows->observations;
    columns.actions = rows->actions;
    columns.rewards = rows->rewards;
    columns.next_observations = rows->next_observations;
    columns.terminals = rows->terminals;
    columns.timeouts = rows->timeouts;
    columns.environment = "hopper";
    const auto written = write_dataset(data(), columns);
    ASSERT_TRUE(written.ok()) << written.error().message;
  }
  static void TearDownTestSuite() { fs::remove_all(folder()); }

  static fs::path& folder() {
    static fs::path path;
    return path;
  }
  static std::string data() { return (folder() / "hopper tiny.hdf5").string(); }

  static pid_t start(const std::vector<std::string>& arguments, const fs::path& out, const fs::path& err) {
    std::vector<std::string> words{std::string(VACO_BIN_DIR) + "/vaco"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);
    posix_spawn_file_actions_t actions;
    ::posix_spawn_file_actions_init(&actions);
    ::posix_spawn_file_actions_addopen(&actions, 1, out.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    ::posix_spawn_file_actions_addopen(&actions, 2, err.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0644);
    pid_t child = -1;
    EXPECT_EQ(::posix_spawn(&child, argv[0], &actions, nullptr, argv.data(), environ), 0);
    ::posix_spawn_file_actions_destroy(&actions);
    return child;
  }
  static Ended run(const std::vector<std::string>& arguments) {
    const auto out = folder() / "out", err = folder() / "err";
    int status = 0;
    ::waitpid(start(arguments, out, err), &status, 0);
    return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, slurp(out), slurp(err)};
  }
  static std::vector<std::string> training(const std::string& algorithm, const std::string& name) {
    std::vector<std::string> words{
        "train",  "--algorithm", algorithm, "--dataset", data(),  "--out", (folder() / "runs").string(),
        "--name", name,          "--seed",  "3",         "--json"};
    for (const char* set : {"value_steps=60", "warmup_steps=20", "bilevel_steps=60", "cloning_steps=40"})
      if (algorithm == "vaco") words.insert(words.end(), {"--set", set});
    if (algorithm == "bc") words.insert(words.end(), {"--set", "bc_steps=200"});
    for (const char* set : {"eval_interval=50", "eval_episodes=2", "log_interval=7", "diagnostics_interval=20",
                            "checkpoint_interval=25"})
      words.insert(words.end(), {"--set", set});
    return words;
  }
};

TEST_F(Program, AnswersAndRefusesInTheRightWay) {
  EXPECT_EQ(run({"--version"}).out.substr(0, 5), "vaco ");
  EXPECT_EQ(run({"--help"}).exit_code, 0);
  EXPECT_EQ(run({}).exit_code, 2);
  EXPECT_EQ(run({"fly"}).exit_code, 2);
  auto ended = run({"train", "--algorithm", "ppo", "--dataset", data()});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("vaco train: "), std::string::npos);
  EXPECT_EQ(run({"train", "--algorithm", "bc", "--dataset", data(), "--set", "log_interval"}).exit_code, 2);
  EXPECT_EQ(run({"train", "--algorithm", "bc", "--dataset", "/does/not/exist.hdf5"}).exit_code, 3);
  const auto garbage = folder() / "garbage.hdf5";
  std::ofstream(garbage) << "no HDF5";
  ended =
      run({"train", "--algorithm", "bc", "--dataset", garbage.string(), "--out", (folder() / "bad").string()});
  EXPECT_EQ(ended.exit_code, 3) << ended.err;
  EXPECT_EQ(run({"resume", folder().string()}).exit_code, 3);
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

TEST_F(Program, AKilledVacoRunGoesOnBitForBit) {
  const auto killed = folder() / "runs/vaco-killed";
  bool finished = false;
  for (int attempt = 0; attempt < 60 && !finished; ++attempt) {
    const bool fresh = !fs::exists(killed / "manifest.json");
    if (fresh) fs::remove_all(killed);
    const size_t before =
        checkpoint_files(killed).empty() ? 0 : read_checkpoint(checkpoint_files(killed)[0])->step;
    const pid_t child = start(
        fresh ? training("vaco", "vaco-killed") : std::vector<std::string>{"resume", killed.string(), "--json"},
        folder() / "out3", folder() / "err3");
    // Killed as soon as it has got a little further, so that every attempt gets somewhere on a slow machine
    // too.
    int status = 0;
    bool ended = false;
    for (;;) {
      ended = ::waitpid(child, &status, WNOHANG) == child;
      const auto files = checkpoint_files(killed);
      if (ended || (!files.empty() &&
                    static_cast<size_t>(std::stoll(files[0].stem().string().substr(5))) >= before + 25))
        break;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    if (!ended) {
      std::this_thread::sleep_for(std::chrono::milliseconds(3 * attempt));
      ::kill(child, SIGKILL);
      ::waitpid(child, &status, 0);
    }
    finished = WIFEXITED(status);
    if (finished) ASSERT_TRUE(WEXITSTATUS(status) == 0) << slurp(folder() / "err3");
    // Killed between the last line and the end of the process is finished as well.
    finished = finished || (*read_json(killed / "manifest.json"))["status"] == "finished";
  }
  ASSERT_TRUE(finished);
  const auto whole = run(training("vaco", "vaco-whole"));
  ASSERT_EQ(whole.exit_code, 0) << whole.err;
  const auto other = folder() / "runs/vaco-whole";
  EXPECT_EQ(timeless(killed / "metrics.jsonl"), timeless(other / "metrics.jsonl"));
  EXPECT_EQ(slurp(killed / "eval.jsonl"), slurp(other / "eval.jsonl"));
  EXPECT_EQ(slurp(killed / "weights.jsonl"), slurp(other / "weights.jsonl"));
  EXPECT_EQ(read_checkpoint(killed / "checkpoints/last.h5")->state,
            read_checkpoint(other / "checkpoints/last.h5")->state);
}

}  // namespace
}  // namespace vaco
