// SPDX-License-Identifier: GPL-3.0-or-later
// What the program says of runs that are there: on stdout what came out, on stderr what is wrong with it.
#include <algorithm>

#include "tests/cli/program.h"

namespace vaco {
namespace {
using namespace vaco::testing;

class Results : public Program {
 protected:
  static size_t times(const std::string& text, const std::string& part) {
    size_t count = 0;
    for (size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
  }
};

TEST_F(Results, DamagedLinesAreToldOnceAFile) {
  ASSERT_EQ(run(training("bc", "damaged")).exit_code, 0);
  const fs::path run_folder = folder() / "runs/damaged", out = folder() / "damaged report";
  for (const char* name : {"metrics.jsonl", "eval.jsonl"}) {
    const std::string lines = slurp(run_folder / name);
    std::ofstream(run_folder / name) << "{\"st\n[]\n" << lines;
  }
  const Ended report = run({"report", run_folder.string(), "--out", out.string(), "--no-figures"});
  EXPECT_EQ(report.exit_code, 0);
  EXPECT_NE(report.out.find("Score of the last policy"), std::string::npos);
  // A report reads no metrics, however long they are, and so says nothing of them.
  EXPECT_EQ(times(report.err, "warning: "), 1u) << report.err;
  EXPECT_EQ(times(report.err, "eval.jsonl: 2 of "), 1u) << report.err;
  EXPECT_EQ(times(report.err, "the first is line 1"), 1u) << report.err;

  if (!fs::exists(program().parent_path() / "vaco-workbench")) GTEST_SKIP() << "nothing draws here";
  const Ended figures =
      run({"export", run_folder.string(), "--figures", (out / "figures").string(), "--format", "csv"});
  EXPECT_EQ(figures.exit_code, 0) << figures.err;
  EXPECT_EQ(times(figures.out + figures.err, "evaluation_return.csv"), 1u) << figures.out << figures.err;
  EXPECT_EQ(times(figures.err, "warning: "), 2u) << figures.err;
  EXPECT_EQ(times(figures.err, "eval.jsonl: 2 of "), 1u) << figures.err;
}

TEST_F(Results, AnEvaluationIsFilmed) {
  if (!fs::exists(program().parent_path() / "vaco-workbench")) GTEST_SKIP() << "nothing draws here";
  ASSERT_EQ(run(training("bc", "filmed")).exit_code, 0);
  const std::string run_folder = (folder() / "runs/filmed").string();
  const auto frames = folder() / "frames";
  const Ended told = run({"evaluate", run_folder, "--episodes", "1", "--seed", "5", "--json", "--film",
                          frames.string(), "--film-size", "96x64"});
  if (told.err.find("OpenGL") != std::string::npos) GTEST_SKIP() << "nothing draws here";
  ASSERT_EQ(told.exit_code, 0) << told.err;
  // A picture every 1/30 s of the episode, and its last state.
  const auto steps = Json::parse(told.out)["mean_length"].get<double>();
  const auto pictures = std::distance(fs::directory_iterator(frames), fs::directory_iterator());
  EXPECT_NEAR(static_cast<double>(pictures), steps * 0.008 * 30.0 + 1.0, 1.5) << steps;
  EXPECT_TRUE(fs::exists(frames / "000000.png"));
  // What is there is not replaced.
  EXPECT_NE(run({"evaluate", run_folder, "--episodes", "1", "--film", frames.string()}).exit_code, 0);
}

TEST_F(Results, AFilmThatIsBrokenOffLeavesNothing) {
  if (!fs::exists(program().parent_path() / "vaco-workbench")) GTEST_SKIP() << "nothing draws here";
  const auto frames = folder() / "broken off", part = folder() / ".broken off.part";
  const pid_t child = start({"evaluate", "expert", "--environment", "hopper", "--episodes", "1", "--film",
                             frames.string(), "--film-size", "1920x1080"},
                            folder() / "out", folder() / "err");
  const auto parts = [&] {
    return std::ranges::count_if(entries_of(folder()), [&](const fs::path& entry) {
      return entry.string().starts_with(part.string()) && !entries_of(entry).empty();
    });
  };
  int status = 0;
  while (parts() == 0 && ::waitpid(child, &status, WNOHANG) == 0)
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  if (slurp(folder() / "err").find("OpenGL") != std::string::npos) GTEST_SKIP() << "nothing draws here";
  ASSERT_EQ(parts(), 1) << slurp(folder() / "err");
  ::kill(child, SIGINT);
  ::waitpid(child, &status, 0);
  ASSERT_TRUE(WIFEXITED(status)) << "ended by signal " << WTERMSIG(status);
  EXPECT_EQ(WEXITSTATUS(status), 130) << slurp(folder() / "err");
  EXPECT_EQ(parts(), 0);
  EXPECT_FALSE(fs::exists(frames));
}

TEST_F(Results, UnusualValuesAreToldAsPeopleReadThem) {
  auto words = training("bc", "unusual");
  std::replace(words.begin(), words.end(), data(), std::string("nowhere.hdf5"));
  words.insert(words.end(), {"--set", "policy_lr=0.5", "--set", "bc_steps=2e8"});
  const Ended refused = run(words);
  EXPECT_NE(refused.err.find("warning: bc_steps = 200,000,000 is unusual: "), std::string::npos) << refused.err;
  EXPECT_NE(refused.err.find("warning: policy_lr = 0.5 is unusual: "), std::string::npos) << refused.err;
  words = training("bc", "usual");
  std::erase(words, "--json");
  const Ended usual = run(words);
  ASSERT_EQ(usual.exit_code, 0);
  EXPECT_NE(usual.out.find("\nnext: vaco export " + (folder() / "runs/usual").string()), std::string::npos)
      << usual.out;
  const Ended forked = run({"fork", (folder() / "runs/usual").string(), "--set", "policy_lr=0.5", "--set",
                            "bc_steps=220", "--out", (folder() / "runs").string(), "--name", "forked"});
  EXPECT_EQ(forked.exit_code, 0) << forked.err;
  EXPECT_NE(forked.err.find("warning: policy_lr = 0.5 is unusual: "), std::string::npos) << forked.err;
}

}  // namespace
}  // namespace vaco
