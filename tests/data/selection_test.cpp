// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/data/mixer.h"
#include "tests/data/d4rl_fixture.h"

namespace vaco {
namespace {

using testing::D4rlReader;
using ::testing::ElementsAre;
using testing::H5Writer;
using ::testing::HasSubstr;

/// Five episodes of 2, 4, 6, 8 and 10 rows that return 10, 20, 30, 40 and 50; the fourth repeats nothing but
/// has a NaN, the first two are by "random".
class SelectionTest : public D4rlReader {
 protected:
  Dataset dataset() {
    std::vector<float> observations, actions, rewards;
    std::vector<int8_t> terminals, timeouts;
    std::vector<int32_t> policies;
    for (int e = 0; e < 5; ++e)
      for (int i = 0; i < 2 * (e + 1); ++i) {
        observations.insert(observations.end(),
                            {static_cast<float>(100 * e + i), e == 3 && i == 2 ? NAN : 1.0f});
        actions.push_back(0.01f * static_cast<float>(10 * e + i));
        rewards.push_back(5.0f);
        terminals.push_back(0);
        timeouts.push_back(i == 2 * e + 1);
        policies.push_back(e < 2 ? 0 : 1);
      }
    const hsize_t n = rewards.size();
    Dataset d = read(make([&](H5Writer& file) {
      file.floats("observations", {n, 2}, observations);
      file.floats("actions", {n, 1}, actions);
      file.floats("rewards", {n}, rewards);
      file.flags("terminals", terminals);
      file.flags("timeouts", timeouts);
      file.put("infos/policy", H5T_STD_I32LE, H5T_NATIVE_INT32, {n}, policies.data());
    }));
    d.policy_names = {"random", "expert"};
    return d;
  }
  static std::vector<int> taken(const Dataset& d, const Selection& selection,
                                std::span<const double> weights = {}) {
    const auto chosen = select_episodes(d, selection, weights);
    EXPECT_TRUE(chosen.ok()) << (chosen ? "" : chosen.error().message);
    std::vector<int> episodes;
    for (size_t e = 0; chosen && e < chosen->size(); ++e)
      if ((*chosen)[e]) episodes.push_back(static_cast<int>(e));
    return episodes;
  }
  static std::string refusal(const Dataset& d, const Selection& selection) {
    const auto chosen = select_episodes(d, selection);
    EXPECT_FALSE(chosen.ok());
    return chosen ? "" : chosen.error().message;
  }
};

TEST_F(SelectionTest, EveryConditionHolds) {
  const Dataset d = dataset();
  EXPECT_THAT(taken(d, {}), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_FALSE(Selection().chooses());
  EXPECT_THAT(taken(d, {.least_return = 20.0, .most_return = 40.0}), ElementsAre(1, 2, 3));
  EXPECT_THAT(taken(d, {.least_length = 4, .most_length = 8}), ElementsAre(1, 2, 3));
  EXPECT_THAT(taken(d, {.sources = {"random"}}), ElementsAre(0, 1));
  EXPECT_THAT(taken(d, {.sources = {"random", "expert"}, .least_return = 20.0}), ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(taken(d, {.without_findings = {"not_a_number"}}), ElementsAre(0, 1, 2, 4));
  EXPECT_THAT(taken(d, {.only = EpisodeList::of({4, 0}), .exclude = EpisodeList::of({4})}), ElementsAre(0));
  EXPECT_THAT(taken(d, {.without_findings = {"duplicated_episodes"}}), ElementsAre(0, 1, 2, 3, 4))
      << "a fault that the data does not have";
}

TEST_F(SelectionTest, TheBestHaveTheirShareOfTheRows) {
  const Dataset d = dataset();  // 30 rows
  const auto best = [](double share) { return Selection{.rank = Selection::Rank::by_return, .keep = share}; };
  EXPECT_THAT(taken(d, best(1.0)), ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(taken(d, best(0.6)), ElementsAre(3, 4));
  EXPECT_THAT(taken(d, best(0.3)), ElementsAre(4)) << "10 rows are nearer to 9 than 18 are";
  EXPECT_THAT(taken(d, best(0.01)), ElementsAre(4)) << "one at least";
  Selection of_random = best(0.5);
  of_random.sources = {"random"};
  EXPECT_THAT(taken(d, of_random), ElementsAre(1)) << "of those that are taken";

  const double none = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> weights{0.9, 0.2, 0.8, 0.1, none};
  Selection weighed = best(0.3);
  weighed.rank = Selection::Rank::by_weight;
  EXPECT_THAT(taken(d, weighed, weights), ElementsAre(0, 2));
  weighed.keep = 1.0;
  EXPECT_THAT(taken(d, weighed, weights), ElementsAre(0, 1, 2, 3, 4));
}

TEST_F(SelectionTest, WhatIsNotThereIsNamed) {
  const Dataset d = dataset();
  EXPECT_THAT(refusal(d, {.sources = {"medium"}}), HasSubstr("the file names random, expert"));
  EXPECT_THAT(refusal(d, {.least_return = 51.0}), HasSubstr("none of its 5 episodes"));
  EXPECT_THAT(refusal(d, {.without_findings = {"outlier"}}), HasSubstr("there is no finding 'outlier'"));
  EXPECT_THAT(refusal(d, {.without_findings = {"unknown_environment"}}),
              HasSubstr("no episodes in particular"));
  EXPECT_THAT(refusal(d, {.only = EpisodeList::of({5})}), HasSubstr("there is no episode 5, only 0 to 4"));
  EXPECT_THAT(refusal(d, {.exclude = EpisodeList::of({9})}), HasSubstr("there is no episode 9"));
}

TEST_F(SelectionTest, AMixTakesOnlyWhatIsChosen) {
  std::vector<MixPart> parts;
  parts.push_back({dataset(), 1.0, "a", {true, false, false, true, false}});
  const auto ordered = mix_datasets(parts, {.keep_order = true, .chosen = {{"why", "test"}}});
  ASSERT_TRUE(ordered.ok()) << ordered.error().message;
  EXPECT_EQ(ordered->rows, 2 + 8);
  EXPECT_THAT(std::vector<float>(ordered->actions.begin(), ordered->actions.begin() + 4),
              ElementsAre(0.0f, 0.01f, 0.01f * 30, 0.01f * 31));
  EXPECT_THAT(ordered->provenance, HasSubstr(R"("why":"test")"));
  EXPECT_THAT(mix_datasets(parts, {.rows = 11}).error().message, HasSubstr("has only 10"));
}

}  // namespace
}  // namespace vaco
