// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/fit_to_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace vaco {
namespace {

using testing::HasSubstr;

DatasetHead head(int64_t obs_dim, int64_t action_dim, const std::string& environment,
                 const std::string& physics = {}) {
  DatasetHead head;
  head.obs_dim = obs_dim;
  head.action_dim = action_dim;
  head.environment = environment;
  head.physics = physics;
  return head;
}

RunConfig fitted(const DatasetHead& data, const std::string& asked_physics = {}) {
  RunConfig config;
  config.physics = asked_physics;
  const auto fits = fit_to_data(config, data);
  EXPECT_TRUE(fits) << fits.error().message;
  return config;
}

TEST(FitToData, TakesTheVersionThatObservesWhatTheDataHolds) {
  EXPECT_EQ(fitted(head(11, 2, "reacher")).physics, "v2");
  EXPECT_EQ(fitted(head(10, 2, "reacher")).physics, "v5");
  EXPECT_EQ(fitted(head(9, 1, "inverteddoublependulum")).physics, "v5");
  EXPECT_EQ(fitted(head(105, 8, "ant")).physics, "v5");
  EXPECT_EQ(fitted(head(11, 3, "hopper")).physics, "v2");
  EXPECT_EQ(fitted(head(11, 3, "hopper", "v4")).physics, "v4");
  EXPECT_EQ(fitted(head(11, 3, "hopper", "v4"), "v2").physics, "v2");
  EXPECT_EQ(fitted(head(8, 2, "pointmaze-umaze")).physics, "v4");
}

TEST(FitToData, NamesTheVariantOfTheTask) {
  EXPECT_EQ(fitted(head(111, 8, "ant")).environment, "ant-contact");
  EXPECT_EQ(fitted(head(27, 8, "ant")).environment, "");
}

TEST(FitToData, LearnsFromLayoutsThatAreNotSimulatedButNotFromOtherShapes) {
  const auto other = fitted(head(2, 2, "pointmaze-umaze"));
  EXPECT_FALSE(*simulated("pointmaze-umaze", other.physics, {2, 2}));
  RunConfig config;
  EXPECT_THAT(fit_to_data(config, head(5, 2, "pointmaze-umaze")).error().message, HasSubstr("has 8 and 2"));
  config.physics = "v4";
  EXPECT_THAT(fit_to_data(config, head(10, 2, "reacher")).error().message, HasSubstr("use --physics v5"));
}

}  // namespace
}  // namespace vaco
