// SPDX-License-Identifier: GPL-3.0-or-later
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>

#include "core/data/reader.h"
#include "tests/data/h5_fixture.h"

namespace vaco {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class Csv : public ::testing::Test {
 protected:
  Result<Dataset> read(const std::string& text, const ReadOptions& options = {},
                       const std::string& name = "rows.csv") {
    std::ofstream(folder_ / name, std::ios::binary | std::ios::trunc) << text;
    return read_dataset(folder_ / name, options);
  }
  Dataset sound(const std::string& text, const ReadOptions& options = {},
                const std::string& name = "rows.csv") {
    auto dataset = read(text, options, name);
    EXPECT_TRUE(dataset.ok()) << (dataset.ok() ? "" : dataset.error().message);
    return dataset.ok() ? std::move(*dataset) : Dataset{};
  }
  static std::string mapping(const Dataset& d) {
    for (const auto& finding : d.findings)
      if (finding.key == "columns") return finding.message;
    return {};
  }
  testing::TemporaryFolder folder_;
};

TEST_F(Csv, EveryWayOfWritingTheSameRowsGivesTheSame) {
  const std::vector<std::pair<std::string, std::string>> tables = {
      {"a.csv", "obs_0,obs_1,action,reward,terminal\n0,1.5,0.25,1,0\n2,3.5,-0.5,2,1\n4,5.5,0.5,3,0\n"},
      {"b.tsv",
       "observation_0\tobservation_1\tact\trew\tterminated\r\n0\t1.5\t0.25\t1\tFalse\r\n2\t3.5\t-0."
       "5\t2\tTrue\r\n"
       "4\t5.5\t0.5\t3\tFalse\r\n"},
      {"c.csv", "state0;state1;a;r;terminal\n0;1,5;0,25;1;0\n2;3,5;-0,5;2;1\n4;5,5;0,5;3;0\n"},
      {"d.csv",
       "\xef\xbb\xbf\"obs[0]\",\"obs[1]\",\"action\",\"reward\",\"terminal\"\n\n0,1.5,0.25,1,0\n2,3.5,-0.5,2,"
       "1\n"
       "4,5.5,0.5,3,0"},
      {"e.csv",
       ",observation,action,reward,terminal\n0,[0.  1.5],[0.25],1,False\n1,\"[2.\n 3.5]\",[-0.5],2,True\n"
       "2,\"[4.0, 5.5]\",[0.5],3,False\n"},
      {"f.csv", "# obs_1, obs_0, action, reward, terminal\n1.5,0,0.25,1,0\n3.5,2,-0.5,2,1\n5.5,4,0.5,3,0\n"},
      {"h.csv",
       "# rows of mine, in time order\n# seed 3\n\nobs_0,obs_1,action,reward,terminal\n\n0,1.5,0.25,1,no\n"
       "2,3.5,-0.5,2,yes\n4,5.5,0.5,3,no\n"},
      {"i.csv",
       "# seed 3\n# obs_0,obs_1,action,reward,terminal\n0,1.5,0.25,1,0\n2,3.5,-0.5,2,1\n4,5.5,0.5,3,0\n"},
      {"g.txt", "obs_0 obs_1 action reward terminal\n0 1.5  0.25 1 0\n2 3.5 -0.5 2 1\n4 5.5 0.5 3 0\n"},
  };
  for (const auto& [name, text] : tables) {
    SCOPED_TRACE(name);
    const Dataset d = sound(text, {}, name);
    EXPECT_THAT(d.observations, ElementsAre(0, 1.5f, 2, 3.5f, 4, 5.5f));
    EXPECT_THAT(d.actions, ElementsAre(0.25f, -0.5f, 0.5f));
    EXPECT_THAT(d.rewards, ElementsAre(1, 2, 3));
    EXPECT_THAT(d.episodes.length, ElementsAre(2, 1));
    EXPECT_THAT(d.terminals, ElementsAre(0, 1, 0));
    EXPECT_EQ(d.action_count, 0);
  }
}

/// "obs2" is what follows "obs", and "s2" what follows "s", where these are alone.
TEST_F(Csv, ANumberInANameCountsWhereThereAreSeveral) {
  for (const char* names : {"obs1,obs2,a,r", "s1,s2,a,r", "s0,s2,a,r"}) {
    const Dataset d = sound(std::string(names) + "\n0,1.5,0.25,1\n2,3.5,-0.5,2\n");
    EXPECT_EQ(d.obs_dim, 2) << names;
    EXPECT_THAT(d.observations, ElementsAre(0, 1.5f, 2, 3.5f)) << names;
  }
  for (const char* names : {"obs,obs2,a,r", "s,s2,a,r"}) {
    const Dataset d = sound(std::string(names) + "\n0,1.5,0.25,1\n2,3.5,-0.5,2\n");
    EXPECT_THAT(d.observations, ElementsAre(0, 2)) << names;
    EXPECT_THAT(d.next_observations, ElementsAre(1.5f, 3.5f)) << names;
  }
}

TEST_F(Csv, NextIsSaidInFrontOrBehind) {
  for (const char* names : {"obs_0,obs_1,a,r,next_obs_0,next_obs_1", "obs_0,obs_1,a,r,obs_0_next,obs_1_next",
                            "s0,s1,a,r,s0_next,s1_next", "s0,s1,a,r,next_s0,next_s1"}) {
    const Dataset d = sound(std::string(names) + "\n0,1,0.25,1,2,3\n2,3,-0.5,2,4,5\n");
    EXPECT_THAT(d.observations, ElementsAre(0, 1, 2, 3)) << names;
    EXPECT_THAT(d.next_observations, ElementsAre(2, 3, 4, 5)) << names;
  }
}

TEST_F(Csv, EpisodesAreToldByTheirNumberOrTheirSteps) {
  for (const char* header : {"traj_id", "step"}) {
    const Dataset d = sound(std::string(header) + ",obs_0,obs_1,action,reward\n" +
                            (std::string(header) == "step" ? "0,1,1,0.5,1\n1,2,2,0.5,1\n0,3,3,0.5,1\n"
                                                           : "7,1,1,0.5,1\n7,2,2,0.5,1\n9,3,3,0.5,1\n"));
    EXPECT_THAT(d.episodes.length, ElementsAre(2, 1)) << header;
    EXPECT_EQ(d.episodes.ended_by[0], EndedBy::timeout);
    EXPECT_EQ(d.has_next[1], 0) << "the next row is another episode's";
  }
}

TEST_F(Csv, ColumnsWithoutNamesAreGuessedSaidAndChangeable) {
  const std::string rows = "0.1,0.2,1,-0.5,0\n0.3,0.4,0,-0.25,0\n0.5,0.6,1,-1,1\n";
  const Dataset guessed = sound(rows);
  EXPECT_EQ(guessed.obs_dim, 2);
  EXPECT_EQ(guessed.action_count, 2);
  EXPECT_THAT(mapping(guessed), HasSubstr("observations = 0, 1; actions = 2; rewards = 3; terminals = 4"));
  ReadOptions options;
  options.columns = "observations=1-2;actions=0;rewards=3;dones=4";
  const Dataset chosen = sound(rows, options);
  EXPECT_THAT(chosen.observations, ElementsAre(0.2f, 1, 0.4f, 0, 0.6f, 1));
  EXPECT_THAT(chosen.actions, ElementsAre(0.1f, 0.3f, 0.5f));
  options.columns = "observations=1-9;actions=0";
  EXPECT_THAT(read(rows, options).error().message, HasSubstr("no column '1-9'"));
  options.columns = "colours=1";
  EXPECT_EQ(read(rows, options).error().code, ErrorCode::usage);
  const Dataset named = sound("position,velocity,action,reward,done\n0.1,0.2,0.5,1,0\n0.2,0.3,0.5,1,1\n");
  EXPECT_THAT(mapping(named), HasSubstr("observations = position, velocity"));
}

TEST_F(Csv, WhatIsNoNumberIsNamedByLineAndColumn) {
  const auto odd = read("obs_0,obs_1,action,reward\n1,2,3,4\n1,2,fast,4\n");
  ASSERT_FALSE(odd.ok());
  EXPECT_THAT(odd.error().message, HasSubstr("line 3, column 2 (action): 'fast' is not a number"));
  EXPECT_THAT(read("obs_0,obs_1,action,reward\n1,2,3,4\n1,2,3\n").error().message,
              HasSubstr("line 3 has 3 cells"));
  const Dataset missing = sound("obs_0,obs_1,action,reward\n1,2,3.5,4\n1,,3,5\n");
  ASSERT_FALSE(missing.findings.empty());
  EXPECT_EQ(missing.findings[0].key, "not_a_number");
  EXPECT_EQ(missing.findings[0].row, 1);
}

}  // namespace
}  // namespace vaco
