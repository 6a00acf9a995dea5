// SPDX-License-Identifier: GPL-3.0-or-later
// Whatever paths, limits and signals the program meets, it ends by an exit code and one line, and never aborts.
#include <sched.h>
#include <signal.h>

#include <chrono>
#include <cstdlib>
#include <thread>

#include "core/records/run_folder.h"
#include "tests/cli/program.h"

namespace vaco {
namespace {
using namespace vaco::testing;

class Doors : public Program {
 protected:
  /// Refused with one of the exit codes, in one line.
  static void expect_refused(const std::vector<std::string>& words) {
    const Ended ended = run(words);
    std::string line;
    for (const auto& word : words) line += "'" + word.substr(0, 40) + "' ";
    EXPECT_TRUE(ended.exit_code >= 1 && ended.exit_code <= 3) << line << ended.exit_code << " " << ended.err;
    EXPECT_EQ(ended.err.find("terminate"), std::string::npos) << line << ended.err;
    EXPECT_FALSE(ended.err.empty()) << line;
  }
  static std::vector<std::string> train_into(const std::string& out) {
    return {"train", "--algorithm", "bc", "--dataset", data(), "--set", "bc_steps=5", "--out", out, "--quiet"};
  }
  /// Nothing of the user's is touched.
  void SetUp() override { ::setenv("VACO_HOME", (folder() / "home").c_str(), 1); }
  void TearDown() override { ::unsetenv("VACO_HOME"); }
  static std::string plan() {
    const auto file = folder() / "plan.json";
    EXPECT_TRUE(write_json(file, {{"datasets", {data()}}, {"algorithms", {"bc"}}, {"seeds", {0}}}).ok());
    return file.string();
  }
};

TEST_F(Doors, PathsThatLeadNowhereAreRefused) {
  const auto a = folder() / "loop-a", b = folder() / "loop-b";
  fs::create_symlink(b, a);
  fs::create_symlink(a, b);
  for (const std::string& path : {std::string(), std::string(300, 'n'), a.string(), std::string(5000, 'p')}) {
    expect_refused({"inspect", path});
    expect_refused({"resume", path});
    expect_refused({"fork", path});
    expect_refused({"export", path, "--policy", (folder() / "p.h5").string()});
    expect_refused({"report", path});
    expect_refused({"evaluate", path, "--environment", "hopper"});
    expect_refused({"sweep", path, "--out", (folder() / "s").string()});
    expect_refused(train_into(path));
    expect_refused({"sweep", plan(), "--out", path});
    expect_refused({"study", "poster", "--out", path, "--only-given", "--dataset", data()});
    expect_refused(
        {"collect", "--environment", "hopper", "--policy", "random", "--steps", "10", "--out", path});
    expect_refused({"collect", "--train", "td3", "--environment", "hopper", "--steps", "20000", "--out", path});
    expect_refused({"mix", path, data()});
    expect_refused({"demo", "--out", path, "--no-figures", "--quiet"});
  }
}

TEST_F(Doors, AWorkingFolderThatIsGoneIsToldOf) {
  const auto before = fs::current_path();
  fs::create_directory(folder() / "gone");
  fs::current_path(folder() / "gone");
  fs::remove(folder() / "gone");
  expect_refused(train_into("runs"));
  expect_refused({"resume", "run"});
  expect_refused({"sweep", plan(), "--out", "sweep"});
  // From the root it works all the same.
  const Ended ended = run(train_into((folder() / "absolute").string()));
  EXPECT_EQ(ended.exit_code, 0) << ended.err;
  fs::current_path(before);
}

TEST_F(Doors, NoTemporaryFolderIsAnError) {
  const auto out = folder() / "for figures";
  ASSERT_EQ(run(train_into(out.string())).exit_code, 0);
  const auto run_folder = fs::directory_iterator(out)->path();
  ::setenv("TMPDIR", "/gone/away", 1);
  ::unsetenv("XDG_RUNTIME_DIR");
  const Ended ended = run({"export", run_folder.string(), "--figures", (folder() / "figures").string()});
  ::unsetenv("TMPDIR");
  EXPECT_TRUE(ended.exit_code == 0 || ended.exit_code == 1) << ended.exit_code << ended.err;
  if (ended.exit_code == 1) {
    EXPECT_NE(ended.err.find("TMPDIR=/gone/away"), std::string::npos) << ended.err;
  }
}

TEST_F(Doors, AHomeThatCannotBeWrittenIsAnError) {
  const auto file = folder() / "no folder";
  std::ofstream(file) << "x";
  ::setenv("VACO_HOME", file.c_str(), 1);
  expect_refused({"demo", "--out", (folder() / "demo").string(), "--no-figures", "--quiet"});
}

TEST_F(Doors, TrainingHasOneThreadOnOneProcessor) {
  cpu_set_t before, one;
  ASSERT_EQ(::sched_getaffinity(0, sizeof before, &before), 0);
  int first = 0;
  while (!CPU_ISSET(first, &before)) ++first;
  CPU_ZERO(&one);
  CPU_SET(first, &one);
  ASSERT_EQ(::sched_setaffinity(0, sizeof one, &one), 0);
  auto words = training("bc", "affinity");
  words.insert(words.end(), {"--set", "bc_steps=1000000"});
  const pid_t child = start(words, folder() / "out", folder() / "err");
  ASSERT_EQ(::sched_setaffinity(0, sizeof before, &before), 0);
  int status = 0;
  while (checkpoint_files(folder() / "runs/affinity").empty() && ::waitpid(child, &status, WNOHANG) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  const auto tasks = fs::path("/proc") / std::to_string(child) / "task";
  const auto threads = std::distance(fs::directory_iterator(tasks), fs::directory_iterator());
  ::kill(child, SIGTERM);
  ::waitpid(child, &status, 0);
  EXPECT_EQ(threads, 2) << "the one that waits and the one that trains";
  EXPECT_EQ(WEXITSTATUS(status), 130) << slurp(folder() / "err");
}

class Signals : public Doors, public ::testing::WithParamInterface<int> {};

TEST_P(Signals, SaveAndEndATraining) {
  const std::string name = "signal" + std::to_string(GetParam());
  auto words = training("bc", name);
  words.insert(words.end(), {"--set", "bc_steps=1000000"});
  const auto run_folder = folder() / "runs" / name;
  const pid_t child = start(words, folder() / "out", folder() / "err");
  int status = 0;
  while (checkpoint_files(run_folder).size() < 2 && ::waitpid(child, &status, WNOHANG) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(child, GetParam());
  ::kill(child, GetParam());  // a terminal and a batch system send theirs more than once
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 130) << slurp(folder() / "err");
  const Json manifest = *read_json(run_folder / "manifest.json");
  EXPECT_EQ(manifest["status"], "stopped");
  EXPECT_EQ(read_checkpoint(run_folder / "checkpoints/last.h5")->step, manifest["step"].get<int64_t>());
}

INSTANTIATE_TEST_SUITE_P(OfAnEnd, Signals, ::testing::Values(SIGHUP, SIGUSR1, SIGUSR2, SIGALRM, SIGXCPU));

TEST_F(Doors, ASignalThatComesBeforeItsHandlerIsObeyed) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  GTEST_SKIP() << "sanitizers must be set up first";
#endif
  auto words = training("bc", "early");
  words.insert(words.end(), {"--set", "bc_steps=1000000"});
  ::setenv("LD_PRELOAD", VACO_START_PROBE, 1);
  for (const int signal : {SIGTERM, SIGUSR1}) {
    ::setenv("VACO_START_PROBE_SIGNAL", std::to_string(signal).c_str(), 1);
    fs::remove_all(folder() / "runs/early");
    EXPECT_EQ(run(words).exit_code, 130) << slurp(folder() / "err");
    EXPECT_EQ((*read_json(folder() / "runs/early/manifest.json"))["status"], "stopped");
    EXPECT_EQ(run({"inspect", data()}).exit_code, 130);
    // It has nothing to save.
    EXPECT_EQ(run({"params"}).exit_code, 130);
  }
  ::unsetenv("VACO_START_PROBE_SIGNAL");
  ::unsetenv("LD_PRELOAD");
}

TEST_F(Doors, OnlineTrainingEndsSoonAndGoesOn) {
  const auto out = folder() / "online";
  const pid_t child =
      start({"collect", "--train", "td3", "--environment", "hopper", "--steps", "1000000", "--out",
             out.string(), "--set", "random_steps=300", "--set", "eval_interval=100000"},
            folder() / "out", folder() / "err");
  int status = 0;
  while (!fs::exists(out / "checkpoints/last.h5") && ::waitpid(child, &status, WNOHANG) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(child, SIGUSR1);
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 130) << slurp(folder() / "err");
  const Json manifest = *read_json(out / "manifest.json");
  EXPECT_EQ(manifest["status"], "stopped");
  EXPECT_EQ(read_checkpoint(out / "checkpoints/last.h5")->step, manifest["step"].get<int64_t>());
}

TEST_F(Doors, ASignalSavesAllRunsOfASweep) {
  const auto file = folder() / "long plan.json", out = folder() / "sweep";
  ASSERT_TRUE(
      write_json(file, {{"datasets", {{{"path", data()}, {"name", "tiny"}}}},
                        {"algorithms", {"bc"}},
                        {"seeds", {0, 1}},
                        {"set", {{"bc_steps", 1000000}, {"checkpoint_interval", 20}, {"eval_episodes", 0}}}})
          .ok());
  const pid_t child =
      start({"sweep", file.string(), "--out", out.string(), "--jobs", "2"}, folder() / "out", folder() / "err");
  int status = 0;
  const auto begun = [&](const char* cell) { return checkpoint_files(out / cell).size() > 1; };
  while (!(begun("tiny__BC__s0") && begun("tiny__BC__s1")) && ::waitpid(child, &status, WNOHANG) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(child, SIGUSR1);
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 130) << slurp(folder() / "err");
  for (const char* cell : {"tiny__BC__s0", "tiny__BC__s1"})
    EXPECT_EQ((*read_json(out / cell / "manifest.json"))["status"], "stopped") << cell;
}

TEST_F(Doors, ASignalThatIsIgnoredStaysIgnored) {
  ::signal(SIGHUP, SIG_IGN);  // as nohup does; the child inherits it
  auto words = training("bc", "nohup");
  const pid_t child = start(words, folder() / "out", folder() / "err");
  ::signal(SIGHUP, SIG_DFL);
  int status = 0;
  while (checkpoint_files(folder() / "runs/nohup").empty() && ::waitpid(child, &status, WNOHANG) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  ::kill(child, SIGHUP);
  ::waitpid(child, &status, 0);
  EXPECT_EQ(WEXITSTATUS(status), 0) << slurp(folder() / "err");
}

TEST_F(Doors, HopelessRequestsAreRefusedBeforeTheyTakeTime) {
  const auto out = folder() / "hopeless";
  const Ended ended =
      run({"collect", "--train", "td3", "--environment", "hopper", "--steps", "5000", "--out", out.string()});
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("5000 steps are too few"), std::string::npos) << ended.err;
  EXPECT_FALSE(fs::exists(out));
}

TEST_F(Doors, AFolderInTheWayIsCalledWhatItIs) {
  const auto out = folder() / "names";
  auto words = train_into(out.string());
  words.insert(words.end(), {"--name", "mine"});
  fs::create_directories(out / "mine");
  Ended ended = run(words);
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_EQ(ended.err.find("resume"), std::string::npos) << ended.err;
  fs::remove(out / "mine");
  ASSERT_EQ(run(words).exit_code, 0);
  ended = run(words);
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("vaco resume"), std::string::npos) << ended.err;
}

TEST_F(Doors, TheDatasEnvironmentNamesTheFolder) {
  const auto file = folder() / "nameless.hdf5", out = folder() / "named by data";
  fs::copy_file(data(), file);
  auto words = train_into(out.string());
  words[4] = file.string();
  ASSERT_EQ(run(words).exit_code, 0);
  EXPECT_TRUE(fs::directory_iterator(out)->path().filename().string().starts_with("hopper__nameless__bc__s0__"))
      << fs::directory_iterator(out)->path();
}

TEST_F(Doors, NumbersAreUnderstoodInBothSpellings) {
  auto words = training("bc", "spelling");
  words.insert(words.end(), {"--set", "policy_lr=0,001"});
  const Ended ended = run(words);
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  const Json config = *read_json(folder() / "runs/spelling/config.json");
  EXPECT_EQ(config["params"]["policy_lr"]["value"], 0.001) << config["params"]["policy_lr"];
}

}  // namespace
}  // namespace vaco
