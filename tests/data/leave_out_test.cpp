// SPDX-License-Identifier: GPL-3.0-or-later
// Leaving episodes out gives what a file without their rows gives.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "tests/data/d4rl_fixture.h"

namespace vaco {
namespace {

using testing::D4rlReader;
using ::testing::ElementsAre;
using testing::H5Writer;
using ::testing::HasSubstr;

/// Episodes of 3, 4, 5, 6 and 7 rows; the third has a NaN, every second one ends by time.
struct Rows {
  std::vector<float> observations, actions, rewards;
  std::vector<int8_t> terminals, timeouts;
  std::vector<int32_t> policies;
  explicit Rows(const std::vector<int>& episodes) {
    for (const int e : episodes)
      for (int i = 0; i < 3 + e; ++i) {
        const float value = static_cast<float>(100 * e + i);
        observations.insert(observations.end(), {value, e == 2 && i == 1 ? NAN : -value});
        actions.push_back(0.001f * value);
        rewards.push_back(value);
        const bool last = i == 2 + e;
        terminals.push_back(last && e % 2 == 0);
        timeouts.push_back(last && e % 2 == 1);
        policies.push_back(e % 2);
      }
  }
  void write(H5Writer& file) const {
    const hsize_t n = terminals.size();
    file.floats("observations", {n, 2}, observations);
    file.floats("actions", {n, 1}, actions);
    file.floats("rewards", {n}, rewards);
    file.flags("terminals", terminals);
    file.flags("timeouts", timeouts);
    file.put("infos/policy", H5T_STD_I32LE, H5T_NATIVE_INT32, {n}, policies.data());
  }
};

class LeaveOut : public D4rlReader {
 protected:
  std::filesystem::path file(const std::vector<int>& episodes, const std::string& name) {
    return make([&](H5Writer& to) { Rows(episodes).write(to); }, name);
  }
  static ReadOptions without(const std::vector<int64_t>& episodes) {
    ReadOptions options;
    options.exclude = EpisodeList::of(episodes);
    return options;
  }
};

TEST_F(LeaveOut, GivesWhatAFileWithoutThemGives) {
  const auto whole = file({0, 1, 2, 3, 4}, "whole.hdf5");
  const Dataset left = read(whole, without({0, 2, 4})), truth = read(file({1, 3}, "part.hdf5"));
  ASSERT_EQ(left.rows, 4 + 6);
  EXPECT_EQ(left.observations, truth.observations);
  EXPECT_EQ(left.actions, truth.actions);
  EXPECT_EQ(left.rewards, truth.rewards);
  EXPECT_EQ(left.next_observations, truth.next_observations);
  EXPECT_EQ(left.has_next, truth.has_next);
  EXPECT_EQ(left.terminals, truth.terminals);
  EXPECT_EQ(left.timeouts, truth.timeouts);
  EXPECT_EQ(left.episodes.first, truth.episodes.first);
  EXPECT_EQ(left.episodes.length, truth.episodes.length);
  EXPECT_EQ(left.episodes.returns, truth.episodes.returns);
  EXPECT_EQ(left.episodes.ended_by, truth.episodes.ended_by);
  ASSERT_EQ(left.policy_ids.size(), truth.policy_ids.size());
  for (size_t i = 0; i < left.policy_ids.size(); ++i)
    EXPECT_EQ(left.policy_names[static_cast<size_t>(left.policy_ids[i])],
              truth.policy_names[static_cast<size_t>(truth.policy_ids[i])]);
  EXPECT_EQ(left.source.hash, read(whole).source.hash) << "the file is the same";
}

TEST_F(LeaveOut, FindingsAreOfWhatIsLeftByTheRowsOfTheFile) {
  const auto whole = file({0, 1, 2, 3, 2}, "two.hdf5");
  const auto row_of_nan = [](const Dataset& d) {
    for (const auto& finding : d.findings)
      if (finding.key == "not_a_number") return finding.row;
    return int64_t{-1};
  };
  EXPECT_EQ(row_of_nan(read(whole)), 3 + 4 + 1);
  EXPECT_EQ(row_of_nan(read(whole, without({2}))), 3 + 4 + 5 + 6 + 1);
  EXPECT_EQ(row_of_nan(read(whole, without({2, 4}))), -1) << "and then it can be learned from";
}

TEST_F(LeaveOut, EpisodesThatAreNotThereAreNamed) {
  const auto whole = file({0, 1, 3}, "three.hdf5");
  const auto beyond = read_dataset(whole, without({1, 3}));
  ASSERT_FALSE(beyond.ok());
  EXPECT_EQ(beyond.error().code, ErrorCode::usage);
  EXPECT_THAT(beyond.error().message,
              HasSubstr("episode 3 is to be left out, but there are 3 episodes, 0 to 2"));
  EXPECT_THAT(read_dataset(whole, without({0, 1, 2})).error().message, HasSubstr("nothing would be left"));
}

}  // namespace
}  // namespace vaco
