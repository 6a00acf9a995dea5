// SPDX-License-Identifier: GPL-3.0-or-later
// Leaving episodes out is part of a run's configuration, and gives the numbers of a file without them.
#include "core/data/reader.h"
#include "core/records/checkpoint.h"
#include "tests/cli/program.h"

namespace vaco {
namespace {
using namespace vaco::testing;

class Exclude : public Program {
 protected:
  /// The data of the other tests without some episodes, written without the program's own selection.
  static std::string without(const std::vector<size_t>& episodes) {
    const auto file = (folder() / "hopper rest.hdf5").string();
    const auto d = read_dataset(data()).value();
    DatasetColumns rest;
    rest.obs_dim = 11;
    rest.action_dim = 3;
    rest.environment = "hopper";
    for (size_t e = 0; e < d.episodes.size(); ++e) {
      if (std::find(episodes.begin(), episodes.end(), e) != episodes.end()) continue;
      const auto take = [&](auto& to, const auto& from, int64_t width) {
        const auto first = from.begin() + d.episodes.first[e] * width;
        to.insert(to.end(), first, first + d.episodes.length[e] * width);
      };
      take(rest.observations, d.observations, 11);
      take(rest.next_observations, d.next_observations, 11);
      take(rest.actions, d.actions, 3);
      take(rest.rewards, d.rewards, 1);
      take(rest.terminals, d.terminals, 1);
      take(rest.timeouts, d.timeouts, 1);
      rest.rows += d.episodes.length[e];
    }
    const auto written = write_dataset(file, rest);
    EXPECT_TRUE(written.ok());
    return file;
  }
  static std::vector<std::string> excluding(const std::string& name, const std::string& list) {
    auto words = training("bc", name);
    words.insert(words.end(), {"--exclude", list});
    return words;
  }
  static Json json_of(const fs::path& file) { return Json::parse(slurp(file)); }
};

TEST_F(Exclude, TrainsAsOnAFileWithoutTheEpisodes) {
  const auto list = (folder() / "list.txt").string();
  std::ofstream(list) << "# fell at once\n7\n2-3\n0\n";
  const auto ended = run(excluding("left", list));
  ASSERT_EQ(ended.exit_code, 0) << ended.err;
  auto words = training("bc", "rest");
  *(std::find(words.begin(), words.end(), "--dataset") + 1) = without({0, 2, 3, 7});
  ASSERT_EQ(run(words).exit_code, 0);
  const fs::path left = folder() / "runs/left", rest = folder() / "runs/rest";
  for (const char* file : {"metrics.jsonl", "eval.jsonl"})
    EXPECT_EQ(timeless(left / file), timeless(rest / file)) << file;
  EXPECT_EQ(slurp(left / "policy.h5").size(), slurp(rest / "policy.h5").size());

  EXPECT_EQ(json_of(left / "config.json")["exclude"], "0,2-3,7") << "the list itself, not the file's name";
  EXPECT_EQ(json_of(left / "manifest.json")["dataset"]["exclude"], "0,2-3,7");
  EXPECT_NE(slurp(left / "manifest.json").find("--exclude 0,2-3,7"), std::string::npos);
  EXPECT_EQ(read_checkpoint(left / "checkpoints/last.h5")->fingerprint.at("excluded episodes"), "0,2-3,7");
}

TEST_F(Exclude, ResumesAndForksWithTheSameEpisodes) {
  ASSERT_EQ(run(excluding("parent", "1-2")).exit_code, 0);
  const fs::path parent = folder() / "runs/parent";
  const auto fork = run({"fork", parent.string(), "--set", "bc_steps=220", "--name", "child", "--out",
                         (folder() / "runs").string()});
  ASSERT_EQ(fork.exit_code, 0) << fork.err;
  EXPECT_EQ(json_of(folder() / "runs/child/config.json")["exclude"], "1-2");

  Json manifest = json_of(parent / "manifest.json"), config = json_of(parent / "config.json");
  manifest["status"] = "stopped";
  config["exclude"] = "1";
  std::ofstream(parent / "manifest.json") << manifest.dump();
  std::ofstream(parent / "config.json") << config.dump();
  const auto refused = run({"resume", parent.string()});
  EXPECT_EQ(refused.exit_code, 2) << refused.err;
  EXPECT_NE(refused.err.find("excluded episodes: 1-2 before, 1 now"), std::string::npos) << refused.err;
}

TEST_F(Exclude, WhatCannotBeLeftOutIsToldBeforeTraining) {
  auto ended = run(excluding("wrong", "3,x"));
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("is neither a file nor a list of episodes"), std::string::npos) << ended.err;
  ended = run(excluding("beyond", "100000"));
  EXPECT_EQ(ended.exit_code, 2);
  EXPECT_NE(ended.err.find("episode 100000 is to be left out, but there are"), std::string::npos) << ended.err;
}

}  // namespace
}  // namespace vaco
