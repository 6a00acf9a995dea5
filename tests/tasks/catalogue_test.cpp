// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/catalogue.h"

#include <gtest/gtest.h>

#include <set>

#include "core/tasks/task_names.h"

namespace vaco {
namespace {

TEST(Catalogue, EveryLineIsWholeAndNamesNoOtherTask) {
  std::set<std::string_view> words;
  for (const auto& task : tasks()) {
    EXPECT_TRUE(words.insert(task.name).second) << task.name;
    for (const auto alias : task.aliases) EXPECT_TRUE(alias.empty() || words.insert(alias).second) << alias;
    EXPECT_FALSE(task.label.empty()) << task.name;
    EXPECT_GT(task.shapes[0].obs_dim, 0) << task.name;
    EXPECT_GT(task.action_bound, 0.0f) << task.name;
    EXPECT_TRUE(task.step_limit > 0 || task.episodes == EpisodeRule::unknown) << task.name;
    EXPECT_TRUE(task.step_limit > 0 || !task.simulated()) << task.name << " would never end";
    EXPECT_TRUE(!task.d4rl || (*task.d4rl)[0] < (*task.d4rl)[1]) << task.name;
    EXPECT_NE(task.action_count, 1) << task.name << " would have nothing to choose";
    EXPECT_EQ(find_task(task.name), &task);
    EXPECT_EQ(guess_environment(task.name), task.name);
  }
  EXPECT_EQ(find_task("juggler"), nullptr);
  EXPECT_EQ(find_task(""), nullptr);
}

TEST(Catalogue, KnowsTheDimensionsOfTasksThatAreNotSimulatedToo) {
  EXPECT_EQ(fits_environment("hopper", 11, 3), true);
  EXPECT_EQ(fits_environment("hopper", 17, 6), false);
  EXPECT_EQ(fits_environment("door", 39, 28), true);
  for (const int64_t obs_dim : {27, 111, 105}) EXPECT_EQ(fits_environment("ant", obs_dim, 8), true);
  EXPECT_EQ(fits_environment("ant", 0, 0), false);
  EXPECT_EQ(fits_environment("juggler", 4, 2), std::nullopt);
  // CartPole and InvertedPendulum have the same dimensions.
  EXPECT_EQ(fits_environment("cartpole", 4, 1, true), true);
  EXPECT_EQ(fits_environment("cartpole", 4, 1), false);
  EXPECT_EQ(fits_environment("invertedpendulum", 4, 1, true), false);
}

TEST(Catalogue, CutsOnlyTheDataOfTasksWhoseEpisodesHaveALimit) {
  for (const char* locomotion : {"hopper", "walker2d", "halfcheetah", "ant"})
    EXPECT_EQ(step_limit(locomotion), 1000) << locomotion;
  // A file of maze2d is one run; demonstrations of the hand have lengths of their own.
  for (const char* open : {"maze2d-umaze", "door", "kitchen", "antmaze", "juggler"})
    EXPECT_EQ(step_limit(open), 0) << open;
  EXPECT_EQ(find_task("maze2d-medium")->step_limit, 600);
}

TEST(Catalogue, ScalesRewardsAsThePapersDo) {
  EXPECT_EQ(find_task("ant")->scaling, RewardScaling::return_range);
  EXPECT_EQ(find_task("antmaze")->scaling, RewardScaling::minus_one);
  EXPECT_EQ(find_task("pen")->scaling, RewardScaling::none);
}

TEST(Catalogue, TellsWhatIsSimulated) {
  EXPECT_TRUE(find_task("hopper")->has_physics("v2"));
  EXPECT_FALSE(find_task("hopper")->has_physics("v9"));
  EXPECT_FALSE(find_task("hopper")->has_physics(""));
  EXPECT_FALSE(find_task("door")->simulated());
  EXPECT_EQ(simulated_environments().rfind("hopper, walker2d", 0), 0u) << simulated_environments();
}

}  // namespace
}  // namespace vaco
