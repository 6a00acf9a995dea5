// SPDX-License-Identifier: GPL-3.0-or-later
// How the programs start: with the threads of the numerical libraries settled before these are loaded.
#include <sys/stat.h>

#include <cstdlib>
#include <map>
#include <optional>

#include "tests/cli/program.h"

namespace vaco {
namespace {
using namespace vaco::testing;

using Settings = std::map<std::string, std::string>;

class Start : public Program {
 protected:
  /// Starts a program with these of the variables set and the others not. Gives what a library that is loaded
  /// with it found: one line each time that libraries were set up.
  static std::string seen_by_libraries(const fs::path& of, const Settings& given) {
    const fs::path found = folder() / "loaded";
    fs::remove(found);
    Settings changed = given;
    changed["LD_PRELOAD"] = VACO_START_PROBE;
    changed["VACO_START_PROBE_FILE"] = found;
    changed["QT_QPA_PLATFORM"] = "offscreen";
    const Environment environment({"OMP_WAIT_POLICY", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}, changed);
    const fs::path usual = program();
    program() = of;
    const Ended ended = run({"--version"});
    program() = usual;
    EXPECT_EQ(ended.exit_code, 0) << ended.err;
    return slurp(found);
  }

 private:
  /// Variables as asked for, put back at the end.
  class Environment {
   public:
    Environment(const std::vector<std::string>& removed, const Settings& set) {
      for (const auto& name : removed) keep(name);
      for (const auto& [name, value] : set) keep(name);
      for (const auto& name : removed) ::unsetenv(name.c_str());
      for (const auto& [name, value] : set) ::setenv(name.c_str(), value.c_str(), 1);
    }
    ~Environment() {
      for (const auto& [name, value] : kept_)
        if (value)
          ::setenv(name.c_str(), value->c_str(), 1);
        else
          ::unsetenv(name.c_str());
    }
    Environment(const Environment&) = delete;
    Environment& operator=(const Environment&) = delete;

   private:
    void keep(const std::string& name) {
      const char* value = std::getenv(name.c_str());
      kept_.try_emplace(name, value ? std::optional<std::string>(value) : std::nullopt);
    }
    std::map<std::string, std::optional<std::string>> kept_;
  };
};

TEST_F(Start, ThreadsAreSettledBeforeLibrariesAreSetUp) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers must be set up first";
#endif
  for (const char* name : {"vaco", "vaco-engine", "vaco-workbench"}) {
    SCOPED_TRACE(name);
    const fs::path file = fs::path(VACO_BIN_DIR) / name;
    if (!fs::exists(file)) continue;
    const std::string shown = std::string(name).substr(0, 15);  // as the system keeps a process's name
    // Set up once: a start that was done again later would leave two lines.
    EXPECT_EQ(seen_by_libraries(file, {}), shown + " passive 1 1\n");
    EXPECT_EQ(seen_by_libraries(file, {{"OMP_NUM_THREADS", "3"}}), shown + " passive 3 1\n");
    EXPECT_EQ(
        seen_by_libraries(
            file, {{"OMP_NUM_THREADS", "3"}, {"OMP_WAIT_POLICY", "active"}, {"OPENBLAS_NUM_THREADS", "2"}}),
        shown + " active 3 2\n");
  }
}

/// Files get the lowest free number: without care the first ones that a run opens would stand in for the closed
/// streams.
TEST_F(Start, MessagesOfClosedStreamsStayOutOfTheRunsFiles) {
  auto words = training("bc", "streamless");
  words.insert(words.begin(), {"-c", "exec \"$0\" \"$@\" <&- >&- 2>&-", program().string()});
  const fs::path usual = program(), run_folder = folder() / "runs/streamless";
  program() = "/bin/sh";
  const Ended ended = run(words);
  program() = usual;
  EXPECT_EQ(ended.exit_code, 1) << "the result could not be told";
  EXPECT_EQ((*read_json(run_folder / "manifest.json"))["status"], "finished");
  for (const char* name : {"metrics.jsonl", "eval.jsonl", "config.json", "manifest.json"})
    EXPECT_EQ(slurp(run_folder / name).find("return "), std::string::npos) << name;
  std::ifstream lines(run_folder / "metrics.jsonl");
  for (std::string line; std::getline(lines, line);) EXPECT_TRUE(Json::accept(line)) << line;
}

TEST_F(Start, TrainingOutlivesWhoeverReadsItsMessages) {
  const fs::path err = folder() / "broken pipe";
  ASSERT_EQ(::mkfifo(err.c_str(), 0600), 0);
  const int reader = ::open(err.c_str(), O_RDONLY | O_NONBLOCK);
  auto words = training("bc", "unheard");
  words.insert(words.end(), {"--set", "policy_lr=0.5"});  // a warning before anything else
  const pid_t child = start(words, folder() / "out", err);
  ::close(reader);
  int status = 0;
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 0);
}

}  // namespace
}  // namespace vaco
