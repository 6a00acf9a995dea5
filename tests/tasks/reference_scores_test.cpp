// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/reference_scores.h"

#include <gtest/gtest.h>

namespace vaco {
namespace {

TEST(ReferenceScores, NormalizeAsD4rlDoes) {
  const auto hopper = reference_scores("hopper");
  ASSERT_TRUE(hopper);
  EXPECT_DOUBLE_EQ(hopper->normalized(3234.3), 100.0);
  EXPECT_DOUBLE_EQ(hopper->normalized(-20.272305), 0.0);
  EXPECT_NEAR(hopper->normalized_spread(325.4572305), 10.0, 1e-9) << "a deviation knows no offset";
  EXPECT_FALSE(reference_scores("juggler"));
}

TEST(ReferenceScores, GuessesFromTheNamesPeopleUse) {
  EXPECT_EQ(guess_environment("hopper_medium_expert-v2.hdf5"), "hopper");
  EXPECT_EQ(guess_environment("Ant_maze_u-maze_noisy_multistart_False.hdf5"), "antmaze");
  EXPECT_EQ(guess_environment("walker_mixed.hdf5"), "walker2d");
  EXPECT_EQ(guess_environment("ant_medium-v2"), "ant");
  EXPECT_EQ(guess_environment("antmaze-large-play-v0"), "antmaze");
  EXPECT_EQ(guess_environment("HalfCheetah-v4"), "halfcheetah");
  EXPECT_EQ(guess_environment("walker2d-random"), "walker2d");
  EXPECT_EQ(guess_environment("maze2d_large-dense.hdf5"), "maze2d-large");
  EXPECT_EQ(guess_environment("pendulum"), "");
  EXPECT_EQ(guess_environment("expand.hdf5"), "");
  EXPECT_EQ(guess_environment(""), "");
}

TEST(ReferenceScores, AMisspeltEnvironmentIsRefusedWithTheNearestName) {
  for (const char* name : {"", "hopper", "ant", "maze2d-umaze"})
    EXPECT_TRUE(check_environment_name(name)) << name;
  for (const auto& [given, meant] : {std::pair{"hoppr", "hopper"},
                                     {"Walker2D", "walker2d"},
                                     {"hopper-medium-v2", "hopper"},
                                     {"halfchetah", "halfcheetah"}}) {
    const auto checked = check_environment_name(given);
    ASSERT_FALSE(checked) << given;
    EXPECT_EQ(checked.error().code, ErrorCode::usage);
    for (const std::string& part : {"'" + std::string(given) + "'", "mean '" + std::string(meant) + "'",
                                    std::string("halfcheetah, hopper, walker2d")})
      EXPECT_NE(checked.error().message.find(part), std::string::npos) << checked.error().message;
  }
  EXPECT_EQ(check_environment_name("xylophonist").error().message.find("did you mean"), std::string::npos);
}

}  // namespace
}  // namespace vaco
