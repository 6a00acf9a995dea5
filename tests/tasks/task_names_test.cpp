// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/task_names.h"

#include <gtest/gtest.h>

namespace vaco {
namespace {

TEST(TaskNames, GuessesFromTheNamesPeopleUse) {
  EXPECT_EQ(guess_environment("hopper_medium_expert-v2.hdf5"), "hopper");
  EXPECT_EQ(guess_environment("Ant_maze_u-maze_noisy_multistart_False.hdf5"), "antmaze");
  EXPECT_EQ(guess_environment("walker_mixed.hdf5"), "walker2d");
  EXPECT_EQ(guess_environment("ant_medium-v2"), "ant");
  EXPECT_EQ(guess_environment("antmaze-large-play-v0"), "antmaze");
  EXPECT_EQ(guess_environment("HalfCheetah-v4"), "halfcheetah");
  EXPECT_EQ(guess_environment("walker2d-random"), "walker2d");
  EXPECT_EQ(guess_environment("maze2d_large-dense.hdf5"), "maze2d-large");
  EXPECT_EQ(guess_environment("half_cheetah_medium"), "halfcheetah");
  EXPECT_EQ(guess_environment("D4RL/door/human-v2"), "door");
  EXPECT_EQ(guess_environment("InvertedDoublePendulum-v5"), "inverteddoublependulum");
  EXPECT_EQ(guess_environment("D4RL/pointmaze/umaze-v2"), "pointmaze-umaze");
  EXPECT_EQ(guess_environment("PointMaze_Large-v3"), "pointmaze-large");
  EXPECT_EQ(guess_environment("robots/my_hopper.json"), "") << "a user's own task";
  EXPECT_EQ(guess_environment("pendulum"), "");
  EXPECT_EQ(guess_environment("expand.hdf5"), "");
  EXPECT_EQ(guess_environment(""), "");
}

TEST(TaskNames, AMisspeltEnvironmentIsRefusedWithTheNearestName) {
  for (const char* name : {"", "hopper", "ant", "maze2d-umaze", "robots/mine.json"})
    EXPECT_TRUE(check_environment_name(name)) << name;
  for (const auto& [given, meant] : {std::pair{"hoppr", "hopper"},
                                     {"Walker2D", "walker2d"},
                                     {"hopper-medium-v2", "hopper"},
                                     {"halfchetah", "halfcheetah"}}) {
    const auto checked = check_environment_name(given);
    ASSERT_FALSE(checked) << given;
    EXPECT_EQ(checked.error().code, ErrorCode::usage);
    for (const std::string& part : {"'" + std::string(given) + "'", "mean '" + std::string(meant) + "'",
                                    std::string("hopper, walker2d, halfcheetah")})
      EXPECT_NE(checked.error().message.find(part), std::string::npos) << checked.error().message;
  }
  EXPECT_EQ(check_environment_name("xylophonist").error().message.find("did you mean"), std::string::npos);
}

}  // namespace
}  // namespace vaco
