// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/phase_fit.h"

#include <gtest/gtest.h>

namespace vaco {
namespace {

TEST(Phases, FollowFromTheConfigurationAlone) {
  for (const auto& info : algorithms()) {
    const auto phases = phases_of(SessionParts(), *make_config(info.key, "demo"));
    ASSERT_TRUE(phases.ok()) << info.key << ": " << phases.error().message;
    EXPECT_FALSE(phases->empty()) << info.key;
  }
  const auto fits = [](int64_t step, const char* phase, int64_t start, const std::vector<PhaseInfo>& phases) {
    Checkpoint checkpoint;
    checkpoint.step = step;
    checkpoint.phase = phase;
    checkpoint.phase_start = start;
    return check_phases(checkpoint, phases).ok();
  };
  EXPECT_TRUE(fits(10, "bilevel", 10, {{"value", "", 10}, {"warmup", "", 5}, {"bilevel", "", 20}}));
  EXPECT_FALSE(fits(11, "bilevel", 10, {{"value", "", 10}, {"warmup", "", 5}, {"bilevel", "", 20}}));
  EXPECT_TRUE(fits(30, "bilevel", 10, {{"value", "", 10}, {"bilevel", "", 20}, {"cloning", "", 5}}));
  EXPECT_TRUE(fits(15, "bilevel", 10, {{"value", "", 10}, {"bilevel", "", 40}}));
  EXPECT_FALSE(fits(30, "bilevel", 10, {{"value", "", 10}, {"bilevel", "", 10}, {"cloning", "", 50}}));
  EXPECT_FALSE(fits(30, "bilevel", 10, {{"value", "", 10}, {"bilevel", "", 19}}));
}

}  // namespace
}  // namespace vaco
