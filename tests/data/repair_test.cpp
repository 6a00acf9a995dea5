// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/repair.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/data/lint_report.h"
#include "tests/data/d4rl_fixture.h"

namespace vaco {
namespace {

using testing::D4rlReader;
using ::testing::ElementsAre;
using testing::H5Writer;
using ::testing::HasSubstr;

/// Episodes of three rows; the rows of episode e count up from 10 e.
struct Episodes {
  std::vector<float> observations, actions, rewards;
  std::vector<int8_t> terminals, timeouts;
  explicit Episodes(int count = 15) {
    for (int i = 0; i < count; ++i) {
      const float value = static_cast<float>(10 * (i / 3) + i % 3);
      observations.insert(observations.end(), {value, -value});
      actions.push_back(0.01f * static_cast<float>(i));
      rewards.push_back(static_cast<float>(i));
      terminals.push_back(0);
      timeouts.push_back(i % 3 == 2);
    }
  }
  void write(H5Writer& file) const {
    const hsize_t n = terminals.size();
    file.floats("observations", {n, 2}, observations);
    file.floats("actions", {n, 1}, actions);
    file.floats("rewards", {n}, rewards);
    file.flags("terminals", terminals);
    file.flags("timeouts", timeouts);
  }
};

class Repair : public D4rlReader {
 protected:
  Dataset with(const std::function<void(Episodes&)>& change) {
    Episodes rows;
    change(rows);
    return read(make([&](H5Writer& file) { rows.write(file); }));
  }
  Dataset mended(const Dataset& dataset, const RepairOptions& options = {}) {
    auto repaired = repair(dataset, options);
    EXPECT_TRUE(repaired.ok()) << (repaired.ok() ? "" : repaired.error().message);
    if (!repaired) return {};
    done_ = repaired->done;
    EXPECT_TRUE(write_dataset(folder_ / "mended.hdf5", repaired->columns).ok());
    return read(folder_ / "mended.hdf5");
  }
  std::vector<std::string> done_;
};

TEST_F(Repair, SoundRowsStayAsTheyAre) {
  const Dataset sound = with([](Episodes&) {});
  const Dataset same = mended(sound);
  EXPECT_TRUE(done_.empty());
  EXPECT_EQ(same.observations, sound.observations);
  EXPECT_EQ(same.rewards, sound.rewards);
  EXPECT_EQ(same.episodes.length, sound.episodes.length);
}

TEST_F(Repair, LeavesOutWhatCannotBeLearnedFrom) {
  const Dataset odd = with([](Episodes& rows) {
    rows.observations[2 * 4] = std::numeric_limits<float>::quiet_NaN();
    std::copy_n(rows.observations.begin(), 6, rows.observations.begin() + 2 * 9);
    std::copy_n(rows.actions.begin(), 3, rows.actions.begin() + 9);
  });
  ASSERT_TRUE(find(odd, "not_a_number"));
  ASSERT_TRUE(find(odd, "duplicated_episodes"));
  EXPECT_EQ(find(odd, "duplicated_episodes")->row, 9);
  EXPECT_EQ(find(odd, "duplicated_episodes")->count, 1);
  const Dataset good = mended(odd);
  EXPECT_THAT(good.rewards, ElementsAre(0, 1, 2, 6, 7, 8, 12, 13, 14));
  EXPECT_FALSE(find(good, "not_a_number"));
  EXPECT_FALSE(find(good, "duplicated_episodes"));
  EXPECT_THAT(done_, ElementsAre(HasSubstr("1 episode with a NaN"), HasSubstr("repeat")));
}

TEST_F(Repair, TimeLimitsStoredAsTerminalsAreFoundAndParted) {
  const Dataset odd = with([](Episodes& rows) { std::swap(rows.terminals, rows.timeouts); });
  ASSERT_TRUE(find(odd, "terminals_at_one_length"));
  EXPECT_EQ(find(odd, "terminals_at_one_length")->row, 2);
  EXPECT_EQ(find(odd, "terminals_at_one_length")->count, 5);
  EXPECT_THAT(mended(odd).terminals, ElementsAre(0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1, 0, 0, 1));
  const Dataset good = mended(odd, {.time_limits = true});
  EXPECT_THAT(good.terminals, ::testing::Each(0));
  EXPECT_THAT(good.episodes.length, ElementsAre(3, 3, 3, 3, 3));
}

TEST_F(Repair, CutTailsGetAnEnd) {
  const Dataset odd = with([](Episodes& rows) { rows.timeouts.back() = 0; });
  ASSERT_TRUE(find(odd, "last_episode_cut"));
  const Dataset good = mended(odd);
  EXPECT_EQ(good.timeouts.back(), 1);
  EXPECT_FALSE(find(good, "last_episode_cut"));
}

TEST_F(Repair, RewardsOneRowLateAreFoundAndMoved) {
  const Dataset odd = with([](Episodes& rows) {
    rows = Episodes(300);
    std::fill(rows.rewards.begin(), rows.rewards.end(), 0.0f);
    for (const size_t first : {3u, 6u, 9u, 12u}) rows.rewards[first] = 1.0f;
  });
  ASSERT_TRUE(find(odd, "rewards_shifted"));
  EXPECT_EQ(find(odd, "rewards_shifted")->row, 3);
  EXPECT_EQ(find(odd, "rewards_shifted")->count, 4);
  const Dataset good = mended(odd, {.shift_rewards = true});
  EXPECT_EQ(good.rewards[2], 1.0f);
  EXPECT_EQ(good.rewards[3], 0.0f);
  EXPECT_FALSE(find(good, "rewards_shifted"));
}

TEST_F(Repair, LintReportsNameRowCountAndMend) {
  const Dataset odd = with([](Episodes& rows) { rows.rewards[7] = std::numeric_limits<float>::infinity(); });
  const auto summary = summarize(odd);
  EXPECT_THAT(to_lint_text(summary), HasSubstr("first at row 7"));
  EXPECT_THAT(to_lint_text(summary), HasSubstr("mend: vaco repair"));
  EXPECT_THAT(to_lint_markdown(summary), HasSubstr("| error | `not_a_number` | 7 | 1 |"));
}

/// OGBench's own relabelling of the same rows is the truth: the goal of its first task, reached within 1.
TEST_F(Repair, RewardsOfAGoalAreOgbenchs) {
  const std::filesystem::path folder = std::filesystem::path(VACO_TEST_DATA) / "formats/ogbench-1.2.2";
  const auto truth = read_dataset(folder / "pointmaze-medium-navigate-singletask-v0.npz");
  const auto without = read_dataset(folder / "pointmaze-medium-navigate-v0_regular.npz");
  ASSERT_TRUE(truth.ok() && without.ok());
  ASSERT_TRUE(find(*without, "no_rewards"));
  EXPECT_THAT(std::count(truth->rewards.begin(), truth->rewards.end(), 0.0f), 3);
  const auto mended = repair(*without, {.goal = {20.0, 20.0}, .goal_radius = 1.0});
  ASSERT_TRUE(mended.ok()) << mended.error().message;
  EXPECT_EQ(mended->columns.rewards, truth->rewards);
  EXPECT_THAT(mended->done.back(), HasSubstr("of the goal (3 rows)"));
  EXPECT_THAT(repair(*without, {.goal = {1, 2, 3}}).error().message, HasSubstr("only 2"));
}

}  // namespace
}  // namespace vaco
