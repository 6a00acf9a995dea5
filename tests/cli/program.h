// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

// The program itself, as a shell sees it: real data, real algorithms, tiny budgets.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/data/writer.h"
#include "core/sim/collector.h"

extern char** environ;

namespace vaco::testing {
namespace fs = std::filesystem;

inline std::string slurp(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

inline std::string timeless(const fs::path& file) {
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

/// Runs the built program; one folder with a tiny dataset for all tests of a file.
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
  /// What is run; a test may put another copy in its place.
  static fs::path& program() {
    static fs::path path = fs::path(VACO_BIN_DIR) / "vaco";
    return path;
  }
  static std::string data() { return (folder() / "hopper tiny.hdf5").string(); }

  static pid_t start(const std::vector<std::string>& arguments, const fs::path& out, const fs::path& err) {
    std::vector<std::string> words{program().string()};
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

}  // namespace vaco::testing
