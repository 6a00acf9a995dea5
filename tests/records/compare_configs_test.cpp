// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/compare_configs.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace vaco {
namespace {
using ::testing::ElementsAre;

RunConfig config_of(const std::string& algorithm, uint64_t seed,
                    const std::vector<std::pair<std::string, std::string>>& sets = {},
                    const std::string& preset = "quick", const std::string& dataset = "hopper.hdf5") {
  auto config = make_config(algorithm, preset);
  EXPECT_TRUE(config.ok());
  config->seed = seed;
  config->dataset = dataset;
  for (const auto& [key, value] : sets) {
    const auto set = set_param(*config, key, value, Origin::command_line);
    EXPECT_TRUE(set.ok()) << key;
  }
  return *config;
}

TEST(GroupAllButSeed, SeedsAndThreadsDoNotPartRuns) {
  std::vector<RunConfig> configs{config_of("vaco", 0), config_of("bc", 0), config_of("vaco", 1)};
  configs[2].threads = 7;
  const auto groups = group_all_but_seed(configs);
  EXPECT_THAT(groups.group_of, ElementsAre(0, 1, 0));
  EXPECT_THAT(groups.names, ElementsAre("VACO", "BC"));
}

TEST(GroupAllButSeed, NamesTellWhatDiffersAndNoMore) {
  const auto groups = group_all_but_seed(std::vector<RunConfig>{
      config_of("vaco", 0), config_of("vaco", 0, {{"expectile", "0.8"}}), config_of("bc", 3)});
  EXPECT_THAT(groups.names, ElementsAre("VACO, expectile 0.7", "VACO, expectile 0.8", "BC"));
}

TEST(GroupAllButSeed, DataIsNamedWhereItDiffers) {
  const auto groups = group_all_but_seed(std::vector<RunConfig>{
      config_of("bc", 0, {}, "quick", "a/mixed.hdf5"), config_of("bc", 0, {}, "quick", "a/medium.hdf5")});
  EXPECT_THAT(groups.names, ElementsAre("BC, mixed", "BC, medium"));
}

TEST(GroupAllButSeed, ThePresetStandsForManyParameters) {
  const auto groups =
      group_all_but_seed(std::vector<RunConfig>{config_of("vaco", 0), config_of("vaco", 0, {}, "printed")});
  EXPECT_THAT(groups.names, ElementsAre("VACO, quick", "VACO, printed"));
}

TEST(GroupAllButSeed, NoTwoGroupsShareAName) {
  // More differences than a name holds, with the first ones equal in two of the groups.
  const std::vector<std::pair<std::string, std::string>> much{
      {"value_steps", "11"}, {"bilevel_steps", "12"}, {"warmup_steps", "13"}, {"cloning_steps", "14"}};
  auto more = much;
  more.emplace_back("batch_size", "17");
  const auto groups = group_all_but_seed(
      std::vector<RunConfig>{config_of("vaco", 0), config_of("vaco", 0, much), config_of("vaco", 0, more)});
  auto names = groups.names;
  std::sort(names.begin(), names.end());
  EXPECT_EQ(std::unique(names.begin(), names.end()), names.end());
}

TEST(CompareConfigs, ShowsEverySettingOfEveryRun) {
  const std::vector<RunConfig> configs{config_of("vaco", 0), config_of("bc", 1, {{"bc_steps", "77"}})};
  const auto rows = compare_configs(configs);
  const auto row = [&](const std::string& key) {
    return *std::find_if(rows.begin(), rows.end(), [&](const auto& one) { return one.key == key; });
  };
  EXPECT_THAT(row("seed").values, ElementsAre("0", "1"));
  EXPECT_TRUE(row("seed").differs());
  EXPECT_FALSE(row("dataset").differs());
  EXPECT_THAT(row("bc_steps").values, ElementsAre("", "77"));
  EXPECT_THAT(row("expectile").values, ElementsAre("0.7", ""));
  EXPECT_FALSE(row("expectile").differs());  // only one of them has it
  for (const auto& config : configs)
    for (const auto& [key, value] : config.params) EXPECT_EQ(row(key).values.size(), 2u) << key;
  EXPECT_TRUE(compare_configs({}).empty());
}

}  // namespace
}  // namespace vaco
