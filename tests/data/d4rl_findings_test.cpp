// SPDX-License-Identifier: GPL-3.0-or-later
// What reading says about data that is odd.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/data/d4rl_fixture.h"

namespace vaco {
namespace {

using testing::D4rlReader;
using testing::H5Writer;
using ::testing::HasSubstr;
using testing::LongRows;
using testing::SmallRows;

TEST_F(D4rlReader, FindingsReadWellForOneRowAndHugeNumbers) {
  const Dataset d = read(make([](H5Writer& f) {
    SmallRows rows;
    rows.rewards.assign(SmallRows::kRows, 3e38f);
    rows.timeouts[8] = 1;
    rows.write(f);
  }));
  ASSERT_TRUE(find(d, "last_episode_cut") && find(d, "constant_rewards"));
  EXPECT_THAT(find(d, "last_episode_cut")->message, HasSubstr("its last 1 row has no end"));
  EXPECT_THAT(find(d, "constant_rewards")->message, HasSubstr("all rewards are 3e+38:"));
}

TEST_F(D4rlReader, FindsWhereStoredSuccessorsDoNotChain) {
  const Dataset d = read(make([](H5Writer& f) {
    SmallRows rows;
    rows.next_observations[2 * 1] += 1e-3f;
    rows.next_observations[2 * 3] = 77.0f;  // of a terminal row: nothing follows it anyway
    rows.write(f);
    f.floats("next_observations", {10, 2}, rows.next_observations);
  }));
  expect_small(d);
  ASSERT_TRUE(find(d, "next_observations_do_not_chain"));
  EXPECT_EQ(find(d, "next_observations_do_not_chain")->row, 1);
  EXPECT_EQ(find(d, "next_observations_do_not_chain")->count, 1);
}

TEST_F(D4rlReader, BoundsAreThoseOfAnEnvironmentThatFitsOnly) {
  const Dataset d = read(make(
      [](H5Writer& f) {
        SmallRows rows;
        rows.actions[0] = 3.0f;
        rows.write(f);
      },
      "hopper.hdf5"));
  EXPECT_TRUE(find(d, "unlike_environment"));
  EXPECT_FALSE(find(d, "actions_outside_bounds"));
}

TEST_F(D4rlReader, FindsWhatIsOddAboutTheNumbers) {
  const Dataset d = read(make(
      [](H5Writer& f) {
        LongRows rows(300);
        rows.observations[5 * 11 + 2] = std::numeric_limits<float>::quiet_NaN();
        rows.actions[3 * 7] = 1.5f;
        rows.actions[3 * 9 + 1] = -2.0f;
        for (size_t i = 0; i < rows.rewards.size(); ++i) rows.rewards[i] = static_cast<float>(i % 7);
        rows.rewards[20] = 1e6f;
        std::copy_n(rows.observations.begin() + 40 * 11, 11, rows.observations.begin() + 47 * 11);
        rows.write(f);
        std::vector<int8_t> timeouts(300, 0);
        timeouts[99] = timeouts[299] = 1;
        f.flags("timeouts", timeouts);
      },
      "hopper.hdf5"));
  ASSERT_TRUE(find(d, "not_a_number"));
  EXPECT_EQ(find(d, "not_a_number")->row, 5);
  EXPECT_EQ(find(d, "not_a_number")->severity, Severity::error);
  ASSERT_TRUE(find(d, "actions_outside_bounds"));
  EXPECT_EQ(find(d, "actions_outside_bounds")->row, 7);
  EXPECT_EQ(find(d, "actions_outside_bounds")->count, 2);
  ASSERT_TRUE(find(d, "reward_outliers"));
  EXPECT_EQ(find(d, "reward_outliers")->row, 20);
  EXPECT_EQ(find(d, "reward_outliers")->count, 1);
  ASSERT_TRUE(find(d, "duplicated_rows"));
  EXPECT_EQ(find(d, "duplicated_rows")->row, 47);
  EXPECT_EQ(find(d, "duplicated_rows")->count, 1);
  ASSERT_TRUE(find(d, "short_timeouts"));
  EXPECT_EQ(find(d, "short_timeouts")->count, 2);
  EXPECT_EQ(d.findings.front().severity, Severity::error) << "the worst comes first";
}

TEST_F(D4rlReader, ShortTimeoutsOfOurOwnDataAreNoSurprise) {
  const auto findings_with = [&](const std::string& provenance) {
    return read(make(
        [&](H5Writer& f) {
          LongRows(300).write(f);
          std::vector<int8_t> timeouts(300, 0);
          timeouts[99] = timeouts[299] = 1;
          f.flags("timeouts", timeouts);
          f.text("metadata/provenance", provenance);
        },
        "hopper.hdf5"));
  };
  EXPECT_FALSE(find(findings_with(R"({"program": "vaco-workbench 0.1.0"})"), "short_timeouts"));
  for (const char* other : {R"({"made_by": "vaco mix"})", R"({"program": 7})", "no JSON"})
    EXPECT_TRUE(find(findings_with(other), "short_timeouts")) << other;
}

TEST_F(D4rlReader, OddFlagsAreSaid) {
  const float flags[10] = {0, 0, 0, 0.5f, 0, 0, 0, 0, 0, 0};
  const Dataset d = read(make([&](H5Writer& f) {
    const SmallRows rows;
    f.floats("observations", {10, 2}, rows.observations);
    f.floats("actions", {10}, rows.actions);
    f.floats("rewards", {10}, rows.rewards);
    f.put("terminals", H5T_IEEE_F32LE, H5T_NATIVE_FLOAT, {10}, flags);
    f.flags("timeouts", rows.timeouts);
  }));
  EXPECT_EQ(d.terminals[3], 1);
  ASSERT_TRUE(find(d, "odd_flags"));
  EXPECT_EQ(find(d, "odd_flags")->row, 3);
}

}  // namespace
}  // namespace vaco
