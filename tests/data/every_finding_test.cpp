// SPDX-License-Identifier: GPL-3.0-or-later
// Findings that no other test provokes, each by data made odd in that way alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "core/base/rng.h"
#include "core/data/mends.h"
#include "core/data/writer.h"
#include "tests/data/d4rl_fixture.h"

namespace vaco {
namespace {

namespace fs = std::filesystem;
using testing::D4rlReader;
using testing::H5Writer;
using ::testing::HasSubstr;

const fs::path kFiles = fs::path(VACO_TEST_DATA) / "formats";

/// Episodes that begin near the origin and walk away from it, a step of one a row, with some noise.
struct Walks {
  DatasetColumns c;
  int64_t length;
  explicit Walks(int64_t episodes = 10, int64_t episode_length = 20, int64_t width = 2)
      : length(episode_length) {
    Rng rng(9);
    c.rows = episodes * length;
    c.obs_dim = width;
    c.action_dim = 1;
    for (int64_t i = 0; i < c.rows; ++i) {
      for (int64_t d = 0; d < width; ++d)
        c.observations.push_back(static_cast<float>(static_cast<double>(i % length) + 0.01 * rng.normal()));
      c.actions.push_back(static_cast<float>(rng.uniform(-0.9, 0.9)));
      c.rewards.push_back(static_cast<float>(rng.normal()));
      c.terminals.push_back(0);
      c.timeouts.push_back(i % length == length - 1);
    }
  }
  [[nodiscard]] float& observation(int64_t row, int64_t at = 0) {
    return c.observations[static_cast<size_t>(row * c.obs_dim + at)];
  }
};

class EveryFinding : public D4rlReader {
 protected:
  Dataset read_walks(const Walks& walks, const ReadOptions& options = {}) {
    const auto file = folder_ / "walks.hdf5";
    const auto written = write_dataset(file, walks.c);
    EXPECT_TRUE(written.ok());
    return read(file, options);
  }
  static void expect(const Dataset& d, const char* key, Severity severity, int64_t row, int64_t count,
                     const std::string& episodes, const std::string& text) {
    const Finding* found = find(d, key);
    ASSERT_TRUE(found) << key;
    EXPECT_EQ(found->severity, severity) << key;
    EXPECT_EQ(found->row, row) << key;
    EXPECT_EQ(found->count, count) << key;
    EXPECT_EQ(found->episodes.text(), episodes) << key;
    EXPECT_THAT(found->message, HasSubstr(text)) << key;
    EXPECT_TRUE(is_finding(key)) << key;
  }
};

TEST_F(EveryFinding, SoundWalksHaveNone) {
  const Dataset d = read_walks(Walks());
  for (const char* key :
       {"near_duplicated_episodes", "consecutive_terminals", "unmarked_resets", "timeouts_all_false",
        "episodes_too_long", "frozen_observations", "sources_mislabelled", "drift", "single_episode",
        "position_jumps", "several_discrete_actions"})
    EXPECT_FALSE(find(d, key)) << key;
}

TEST_F(EveryFinding, EpisodesThatAreAlmostAnotherAreTold) {
  Walks walks;
  for (int64_t i = 0; i < 20; ++i) {
    for (int64_t d = 0; d < 2; ++d) {
      walks.observation(i, d) = 0.5f * static_cast<float>(i);
      walks.observation(100 + i, d) = 0.5f * static_cast<float>(i) + (i == 3 ? 1e-5f : 0.0f);
    }
    walks.c.actions[static_cast<size_t>(i)] = walks.c.actions[static_cast<size_t>(100 + i)] = 0.25f;
  }
  expect(read_walks(walks), "near_duplicated_episodes", Severity::note, 100, 1, "5", "to three decimals");
}

TEST_F(EveryFinding, TerminalsInRowAfterRowAreTold) {
  Walks walks;
  for (size_t i = 43; i < 48; ++i) walks.c.terminals[i] = 1;  // row 43 ends an episode, four more are one each
  expect(read_walks(walks), "consecutive_terminals", Severity::warning, 44, 4, "3-6", "a single terminal row");
}

TEST_F(EveryFinding, ResetsWithoutAnEndAreTold) {
  Walks walks;
  walks.c.timeouts[39] = walks.c.timeouts[119] = 0;
  expect(read_walks(walks), "unmarked_resets", Severity::warning, 39, 2, "1,4", "where episodes begin");
}

TEST_F(EveryFinding, LeapsAcrossTheMazeAreTold) {
  Walks walks;
  walks.observation(57) += 30.0f;  // in and out
  ReadOptions options;
  options.environment = "antmaze";
  expect(read_walks(walks, options), "position_jumps", Severity::warning, 56, 2, "2", "the ant is elsewhere");
}

TEST_F(EveryFinding, TimeoutsThatAreNeverSetAreTold) {
  Walks walks;
  walks.c.timeouts.assign(walks.c.timeouts.size(), 0);
  walks.c.terminals[19] = 1;
  const Dataset d = read_walks(walks);
  expect(d, "timeouts_all_false", Severity::warning, -1, 0, "", "episodes end at terminals only");
  EXPECT_EQ(d.episodes.size(), 2u);
  walks.c.terminals.back() = 1;
  const Dataset all_end = read_walks(walks);
  EXPECT_TRUE(
      std::ranges::none_of(all_end.findings, [](const auto& f) { return f.key == "timeouts_all_false"; }));
}

TEST_F(EveryFinding, EpisodesBeyondTheStepLimitAreTold) {
  Walks walks(3, 1100, 11);
  walks.c.action_dim = 3;
  walks.c.actions.resize(walks.c.actions.size() * 3, 0.1f);
  walks.c.environment = "hopper";
  walks.c.timeouts[1099] = 0;
  walks.c.timeouts[999] = 1;  // the first is whole, then come 1,200 rows and 1,100
  expect(read_walks(walks), "episodes_too_long", Severity::warning, 1000, 2, "1-2",
         "longer than the 1000 steps");
}

TEST_F(EveryFinding, SensorsThatStandStillAreTold) {
  Walks walks;
  for (int64_t i = 26; i < 30; ++i)
    for (int64_t d = 0; d < 2; ++d) walks.observation(i, d) = walks.observation(25, d);
  expect(read_walks(walks), "frozen_observations", Severity::warning, 25, 4, "1", "stood still");
}

TEST_F(EveryFinding, NamesOfPoliciesThatAreSwappedAreTold) {
  Walks walks;
  walks.c.policy_names = {"expert", "random"};
  for (int64_t i = 0; i < walks.c.rows; ++i) {
    walks.c.policy_ids.push_back(i < 100 ? 0 : 1);
    walks.c.rewards[static_cast<size_t>(i)] = (i < 100 ? 1.0f : 3.0f) + (i % 2 == 0 ? 0.1f : 0.0f);
  }
  expect(read_walks(walks), "sources_mislabelled", Severity::warning, 0, 5, "0-4", "less than 'random'");
}

TEST_F(EveryFinding, ColumnsThatDriftAreTold) {
  Walks walks(60, 20);
  for (int64_t i = 0; i < walks.c.rows; ++i) walks.observation(i, 1) += 0.2f * static_cast<float>(i);
  expect(read_walks(walks), "drift", Severity::note, -1, 0, "", "observation 1 drifts along the file");
}

TEST_F(EveryFinding, AFileOfOneEndlessEpisodeIsTold) {
  Walks walks(1, 10002);
  walks.c.timeouts.back() = 0;
  expect(read_walks(walks), "single_episode", Severity::warning, 0, 10002, "0", "ends are probably missing");
}

TEST_F(EveryFinding, DataWithoutTerminalStatesIsTold) {
  expect(read_walks(Walks()), "no_terminals", Severity::note, -1, 0, "", "every value is bootstrapped");
}

TEST_F(EveryFinding, WhatIsKnownOfAnEnvironmentIsTold) {
  ReadOptions options;
  options.environment = "kitchen";
  expect(read_walks(Walks(), options), "reward_is_state_count", Severity::note, -1, 0, "", "finished tasks");
  options.environment = "maze2d-umaze";
  expect(read_walks(Walks(), options), "timeouts_mark_goals", Severity::note, -1, 0, "", "reached goals");
}

TEST_F(EveryFinding, AnExactReadingIsTold) {
  ReadOptions options;
  options.d4rl_exact = true;
  // The last row, and the nine others that end an episode by time.
  expect(read_walks(Walks(), options), "d4rl_exact", Severity::note, -1, 10, "", "d4rl.qlearning_dataset");
}

TEST_F(EveryFinding, LayoutsSayWhatOnlyTheyKnow) {
  const Dataset masks = read(kFiles / "ogbench-1.2.2/pointmaze-medium-navigate-singletask-v0.npz");
  expect(masks, "masks", Severity::note, -1, 0, "", "where the task is done");
  const Dataset states = read(kFiles / "robosuite-1.4.1/wipe_panda_demo.hdf5");
  expect(states, "states_as_observations", Severity::warning, -1, 0, "", "simulator");
  for (const char* end : {"", "-val"})
    fs::copy_file(kFiles / (std::string("ogbench-1.2.2/pointmaze-medium-navigate-v0") + end + ".npz"),
                  folder_ / (std::string("toy") + end + ".npz"));
  expect(read(folder_ / "toy.npz"), "validation_beside", Severity::note, -1, 0, "", "toy-val.npz");
  EXPECT_FALSE(find(read(folder_ / "toy-val.npz"), "validation_beside"));
}

TEST_F(EveryFinding, EpisodesOfMinariWithoutAFinalObservationAreTold) {
  const auto file = make([](H5Writer& f) {
    for (const char* episode : {"episode_0/", "episode_1/"}) {
      const std::string group = episode;
      const hsize_t observations = group == "episode_0/" ? 5 : 4;
      f.floats(group + "observations", {observations, 2}, std::vector<float>(2 * observations, 0.5f));
      f.floats(group + "actions", {4, 1}, {0.1f, 0.2f, 0.3f, 0.4f});
      f.floats(group + "rewards", {4}, {1, 2, 3, 4});
      f.flags(group + "terminations", {0, 0, 0, 0});
      f.flags(group + "truncations", {0, 0, 0, 1});
    }
  });
  const Dataset d = read(file);
  expect(d, "no_final_observations", Severity::warning, 7, 1, "", "has as many observations as actions");
  EXPECT_EQ(d.has_next[3], 1);
  EXPECT_EQ(d.has_next[7], 0);
}

TEST_F(EveryFinding, SeveralDiscreteChoicesARowAreTold) {
  const auto file = make([](H5Writer& f) {
    std::vector<float> observations;
    std::vector<int64_t> choices;
    for (int i = 0; i < 20; ++i) {
      observations.push_back(static_cast<float>(i));
      choices.insert(choices.end(), {i % 3, i % 2});
    }
    f.floats("observations", {20, 1}, observations);
    f.put("actions", H5T_STD_I64LE, H5T_NATIVE_INT64, {20, 2}, choices.data());
    f.floats("rewards", {20}, observations);
    f.flags("terminals", std::vector<int8_t>(20, 0));
  });
  const Dataset d = read(file);
  ASSERT_TRUE(find(d, "several_discrete_actions"));
  EXPECT_EQ(find(d, "several_discrete_actions")->severity, Severity::warning);
  EXPECT_EQ(d.action_count, 3);
  EXPECT_THAT(to_report(summarize(d)), ::testing::HasSubstr("discrete, 3 choices, 2 at a time"));
}

TEST_F(EveryFinding, OfEveryFixtureIsInTheTable) {
  const Json expected = *read_json(kFiles / "expected.json");
  for (const auto& [name, entry] : expected.items()) {
    const auto dataset = read_dataset(kFiles / name);
    if (!dataset) continue;
    for (const auto& finding : dataset->findings) EXPECT_TRUE(is_finding(finding.key)) << finding.key;
  }
}

}  // namespace
}  // namespace vaco
