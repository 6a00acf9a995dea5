// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/gymnasium.h"

#include <gtest/gtest.h>

#include "core/tasks/catalogue.h"

namespace vaco {
namespace {

TEST(Gymnasium, NamesTheVersionThatObservesAsTheDataDo) {
  const auto ant = gymnasium_environment("ant", "v5", 105);
  ASSERT_TRUE(ant);
  EXPECT_EQ(ant->id, "Ant-v5");
  EXPECT_EQ(ant->entry_point, "gymnasium.envs.mujoco.ant_v5:AntEnv");
  EXPECT_EQ(ant->step_limit, 1000);
  EXPECT_FALSE(gymnasium_environment("ant", "v4", 105));
  EXPECT_FALSE(gymnasium_environment("ant", "v4", 111)) << "with contact forces, which it must be told";
  EXPECT_EQ(gymnasium_environment("reacher", "v4", 11)->step_limit, 50);
  EXPECT_EQ(gymnasium_environment("cartpole", "", 4)->id, "CartPole-v1");
}

TEST(Gymnasium, HasNoEnvironmentOfD4rlsPhysicsNorOfOtherTasks) {
  EXPECT_FALSE(gymnasium_environment("hopper", "v2", 11));
  EXPECT_FALSE(gymnasium_environment("hopper", "", 11));
  EXPECT_FALSE(gymnasium_environment("maze2d-umaze", "v4", 4));
  EXPECT_FALSE(gymnasium_environment("juggler", "v4", 11));
  EXPECT_FALSE(gymnasium_environment("", "", 0));
}

TEST(Gymnasium, ObservesOnlyWhatTheCatalogueKnows) {
  for (const Task& task : tasks())
    for (int64_t dim = 1; dim < 200; ++dim)
      for (const char* version : {"v1", "v4", "v5"})
        if (gymnasium_environment(task.name, version, dim)) {
          EXPECT_TRUE(task.has_physics(version)) << task.name;
          EXPECT_TRUE(task.has_shape(dim, task.shapes[0].action_dim, task.action_count > 0)) << task.name;
        }
}

}  // namespace
}  // namespace vaco
