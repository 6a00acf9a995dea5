// SPDX-License-Identifier: GPL-3.0-or-later
// What the program refuses, and how it says so.
#include "core/records/run_config.h"
#include "tests/cli/program.h"

namespace vaco {
namespace {
using namespace vaco::testing;

class Requests : public Program {
 protected:
  static void expect(const std::vector<std::string>& words, int exit_code, const std::string& text) {
    const Ended ended = run(words);
    std::string line;
    for (const auto& word : words) line += word + " ";
    EXPECT_EQ(ended.exit_code, exit_code) << line << ended.err;
    EXPECT_NE(ended.err.find(text), std::string::npos) << line << ended.err;
  }
  static std::string path(const std::string& name) { return (folder() / name).string(); }
};

TEST_F(Requests, ExistingFilesAreReplacedOnlyWithForce) {
  const std::string kept = path("kept.hdf5"), a = path("a.hdf5");
  std::ofstream(kept) << "precious";
  fs::copy_file(data(), a);
  expect({"mix", kept, a}, 2, "exists; --force replaces it");
  expect({"mix", a, a, "--force"}, 2, "name another file");
  const std::vector<std::string> collect{"collect", "--environment", "hopper", "--policy", "random", "--steps",
                                         "20",      "--out",         kept};
  expect(collect, 2, "exists; --force replaces it");
  EXPECT_EQ(slurp(kept), "precious");
  EXPECT_EQ(slurp(a), slurp(data()));
  auto forced = collect;
  forced.emplace_back("--force");
  EXPECT_EQ(run(forced).exit_code, 0);
  EXPECT_EQ(run({"mix", kept, a, "--force"}).exit_code, 0);
  EXPECT_NE(slurp(kept), "precious");
}

TEST_F(Requests, ExportsReplaceNothingOfTheRun) {
  const fs::path run_folder = folder() / "run", config = run_folder / "config.json";
  fs::create_directories(run_folder / "checkpoints");
  std::ofstream(config) << "{}";
  const std::string existing = path("existing.h5");
  std::ofstream(existing) << "precious";
  expect({"export", run_folder.string(), "--checkpoint", existing}, 2, "exists; --force replaces it");
  expect({"export", run_folder.string(), "--checkpoint", config.string(), "--force"}, 2, "name another file");
  expect({"export", run_folder.string(), "--policy", path("no such/p.h5")}, 1, "there is no folder");
  expect({"export", run_folder.string(), "--policy", path("x"), "--checkpoint", path("x")}, 2, "same file");
  expect({"export", run_folder.string(), "--policy", existing, "--force"}, 3, "has not come that far");
  EXPECT_EQ(slurp(config), "{}");
  EXPECT_EQ(slurp(existing), "precious");
}

TEST_F(Requests, OptionsThatWouldBeIgnoredAreRefused) {
  const std::vector<std::string> base{
      "collect", "--environment", "hopper", "--policy", "random", "--steps", "10", "--out", path("never.hdf5")};
  const auto with = [](std::vector<std::string> words, const std::vector<std::string>& more) {
    words.insert(words.end(), more.begin(), more.end());
    return words;
  };
  expect(with(base, {"--rows", "5"}), 2, "--rows requires --train");
  expect(with(base, {"--set", "batch_size=8"}), 2, "--set requires --train");
  expect(with(base, {"--threads", "2"}), 2, "--threads requires --train or --resume");
  expect(with(base, {"--train", "td3"}), 2, "excludes");
  expect({"collect", "--train", "td3", "--environment", "hopper", "--out", path("x"), "--in-order"}, 2,
         "excludes");
  for (const auto& option : std::vector<std::vector<std::string>>{{"--environment", "hopper"},
                                                                  {"--physics", "v4"},
                                                                  {"--seed", "1"},
                                                                  {"--out", path("x")},
                                                                  {"--policy", "random"},
                                                                  {"--steps", "5"},
                                                                  {"--train", "td3"},
                                                                  {"--in-order"},
                                                                  {"--force"}})
    expect(with({"collect", "--resume", path("nothing")}, option), 2, "excludes");
  expect({"collect", "--resume", path("nothing"), "--threads", "1"}, 3, "nothing");
  EXPECT_FALSE(fs::exists(path("never.hdf5")));
}

TEST_F(Requests, UnknownWordsAreNamedWithTheNearestKnownOne) {
  expect({"trian", "--seed", "1"}, 2, "there is no command 'trian'; did you mean 'train'?");
  expect({"fly"}, 2, "there is no command 'fly'");
  expect({"train", "--algorithm", "bc", "--dataset", data(), "--set", "expectile=0.8"}, 2,
         "bc has no 'expectile'");
  expect({"evaluate", "medium"}, 2, "add --environment hopper, walker2d, halfcheetah");
  EXPECT_EQ(run({"train", "--help"}).out.find("=vaco"), std::string::npos);
  expect({"train", "--algoritm", "vaco", "--dataset", data()}, 2,
         "train has no option --algoritm; did you mean --algorithm?");
  expect({"train", "--algorithm", "bc", "--dataset", data(), "--fly=3"}, 2, "train has no option --fly");
}

TEST_F(Requests, FigureFormatsAreCheckedFirst) {
  expect({"report", path(""), "--no-figures", "--format", "jpg"}, 2, "--format takes pdf, svg, png and csv");
  expect({"report", path(""), "--format", ""}, 2, "--format names no format");
}

TEST_F(Requests, AnEnvironmentThatIsNotSimulatedMustFitTheDataToo) {
  expect({"train", "--algorithm", "bc", "--dataset", data(), "--environment", "door", "--out", path("r")}, 2,
         "are not those of door");
}

TEST_F(Requests, AFolderIsNoPlan) {
  expect({"sweep", folder().string(), "--out", path("sweep")}, 2, "is a folder; name the JSON file of a plan");
}

TEST_F(Requests, MissingFilesAreBadData) {
  const std::string missing = path("missing.json");
  expect({"sweep", missing, "--out", path("x")}, 3, "does not exist");
  expect({"evaluate", path("missing.h5")}, 3, "does not exist");
  expect({"collect", "--environment", "hopper", "--policy", path("missing.h5"), "--steps", "9", "--out",
          path("x")},
         3, "does not exist");
  expect({"resume", path("missing")}, 3, "missing");
  expect({"report", path("missing")}, 3, "does not exist");
}

TEST_F(Requests, AFilmIsRefusedBeforeTheEvaluation) {
  const std::string film = path("film.mp4");
  std::ofstream(film) << "another";
  const auto evaluated = [](const std::string& file, const std::string& size) {
    return std::vector<std::string>{"evaluate", "medium", "--environment", "hopper", "--episodes", "1",
                                    "--film",   file,     "--film-size",   size};
  };
  expect(evaluated(film, "640x480"), 2, "exists; --force replaces it");
  expect(evaluated(path("film.avi"), "640x480"), 2, "neither .mp4 nor .gif");
  expect(evaluated(path("none/film.mp4"), "640x480"), 1, "there is no folder");
  expect(evaluated(path("other.mp4"), "0x480"), 2, "a size is written as 1280x720, not '0x480'");
}

TEST_F(Requests, EpisodesHaveARange) {
  for (const char* episodes : {"0", "10001", "-1"})
    expect({"evaluate", "medium", "--environment", "hopper", "--episodes", episodes}, 2, "in range 1 to 10000");
}

TEST_F(Requests, OneEpisodeHasNoSpread) {
  const std::vector<std::string> words{"evaluate", "medium", "--environment", "hopper", "--episodes"};
  const auto evaluated = [&](const char* episodes, bool json) {
    auto all = words;
    all.emplace_back(episodes);
    if (json) all.emplace_back("--json");
    return run(all).out;
  };
  EXPECT_EQ(evaluated("1", false).find("±"), std::string::npos);
  EXPECT_NE(evaluated("2", false).find("±"), std::string::npos);
  EXPECT_TRUE(Json::parse(evaluated("1", true))["std_return"].is_null());
  EXPECT_TRUE(Json::parse(evaluated("2", true))["std_return"].is_number());
}

TEST_F(Requests, AFullDiskIsAFailure) {
  if (!fs::exists("/dev/full")) GTEST_SKIP();
  for (const auto& words :
       std::vector<std::vector<std::string>>{{"inspect", data()}, {"params", "--json"}, {"--help"}}) {
    int status = 0;
    ::waitpid(start(words, "/dev/full", folder() / "err"), &status, 0);
    EXPECT_EQ(WEXITSTATUS(status), 1) << words[0];
    EXPECT_NE(slurp(folder() / "err").find("cannot write the result: "), std::string::npos) << words[0];
  }
}

TEST_F(Requests, ParamsTellRangesAndPresets) {
  const std::string plain = run({"params", "--algorithm", "vaco"}).out;
  EXPECT_NE(plain.find("Range: "), std::string::npos);
  EXPECT_NE(plain.find("usual: "), std::string::npos);
  const auto quick = make_config("vaco", "quick");
  const std::string steps = to_text(quick->params.at("value_steps").value);
  EXPECT_NE(run({"params", "--algorithm", "vaco", "--preset", "quick"}).out.find("value_steps = " + steps),
            std::string::npos);
  const Json json = Json::parse(run({"params", "--preset", "quick", "--json"}).out);
  for (const auto& spec : json["vaco"]["params"])
    if (spec["key"] == "value_steps") {
      EXPECT_EQ(std::to_string(spec["preset_value"].get<int64_t>()), steps);
    }
  EXPECT_EQ(run({"params", "--preset", "swift"}).exit_code, 2);
  EXPECT_EQ(run({"params", "--preset", "quick", "--algorithm", "online_td3"}).exit_code, 2);
}

TEST_F(Requests, ReadersOfManyFilesStopWhenAsked) {
  const auto asked_to_stop = [](std::vector<std::string> words) {
    for (int i = 0; i < 600; ++i) words.push_back(data());
    const pid_t child = start(words, folder() / "out", folder() / "err");
    const auto catches = [&] {
      const std::string status = slurp("/proc/" + std::to_string(child) + "/status");
      const auto at = status.find("SigCgt:");
      return at != std::string::npos && (std::stoull(status.substr(at + 7), nullptr, 16) >> (SIGINT - 1) & 1);
    };
    for (int i = 0; i < 2000 && !catches(); ++i) ::usleep(5000);
    ::kill(child, SIGINT);
    int status = 0;
    ::waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  };
  EXPECT_EQ(asked_to_stop({"inspect"}), 130);
  EXPECT_EQ(asked_to_stop({"mix", path("stopped.hdf5")}), 130);
  for (const auto& entry : fs::directory_iterator(folder()))
    EXPECT_FALSE(entry.path().filename().string().starts_with("stopped.hdf5")) << entry.path();
}

TEST_F(Requests, ASecondSignalIsNoSavedStop) {
  auto words = training("bc", "signalled");
  words.insert(words.end(), {"--set", "bc_steps=100000000"});
  const pid_t child = start(words, folder() / "out", folder() / "err");
  for (int i = 0; i < 2000 && slurp(folder() / "err").find("training") == std::string::npos; ++i)
    ::usleep(5000);
  for (const int signal : {SIGSTOP, SIGINT, SIGTERM, SIGCONT}) ::kill(child, signal);
  int status = 0;
  ::waitpid(child, &status, 0);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 1);
}

TEST_F(Requests, FiguresThatCannotBeDrawnAreANote) {
  auto words = training("bc", "figureless");
  ASSERT_EQ(run(words).exit_code, 0);
  const fs::path beside = folder() / "alone/vaco", usual = program();
  fs::create_directories(beside.parent_path());
  fs::copy_file(usual, beside);
  fs::copy_file(usual.parent_path() / "vaco-engine", beside.parent_path() / "vaco-engine");
  program() = beside;
  const std::string run_folder = path("runs/figureless");
  expect({"report", run_folder, "--out", path("report")}, 0, "note: no figures: ");
  EXPECT_TRUE(fs::exists(path("report/report.md")));
  expect({"export", run_folder, "--figures", path("figures")}, 1, "vaco-workbench");
  program() = usual;
}

}  // namespace
}  // namespace vaco
