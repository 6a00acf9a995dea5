// SPDX-License-Identifier: GPL-3.0-or-later
// Every expected number here is worked out by hand from the rows of small_data().
#include "core/session/prepare_data.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace vaco {
namespace {
using ::testing::ElementsAre;
using ::testing::FloatNear;
using ::testing::HasSubstr;
using ::testing::Pointwise;

/// Two trajectories of an environment that the simulator does not know. Returns: 3 (ended), and 7 (cut: its
/// last row has no successor).
Dataset small_data() {
  Dataset data;
  data.rows = 4;
  data.obs_dim = 2;
  data.action_dim = 2;
  data.observations = {0, 5, 2, 5, 4, 5, 6, 5};
  data.next_observations = {2, 5, 3, 5, 6, 5, 6, 5};
  data.actions = {-0.9f, 2.0f, 0.8f, 2.0f, 0.1f, 2.0f, 0.2f, 2.0f};
  data.rewards = {1, 2, 3, 4};
  data.has_next = {1, 1, 1, 0};
  data.terminals = {0, 1, 0, 0};
  data.timeouts = {0, 0, 0, 0};
  data.episodes.first = {0, 2};
  data.episodes.length = {2, 2};
  data.episodes.returns = {3, 7};
  data.episodes.ended_by = {EndedBy::terminal, EndedBy::cut};
  data.environment = "lander";
  data.source = {"small.hdf5", 1, "hash", "D4RL HDF5"};
  return data;
}

/// Rows of hopper's shape, with no meaning.
Dataset hopper_data() {
  Dataset data = small_data();
  data.obs_dim = 11;
  data.action_dim = 3;
  data.observations.assign(44, 1.0f);
  data.next_observations.assign(44, 1.0f);
  data.actions.assign(12, 0.25f);
  data.environment = "hopper";
  return data;
}

RunConfig config_with(const std::vector<std::pair<std::string, std::string>>& values) {
  auto config = make_config("bc", "");
  for (const auto& [key, value] : values) EXPECT_TRUE(set_param(*config, key, value, Origin::run).ok());
  return *config;
}

TEST(PrepareData, NormalizesWithTheDeviationPlusAThousandth) {
  const auto data = prepare_data(small_data(), config_with({{"normalize_observations", "true"}}))->training;
  // First column 0, 2, 4, 6: mean 3, variance (9 + 1 + 1 + 9) / 4 = 5. The second never varies and stays as it
  // is.
  const float scale = static_cast<float>(std::sqrt(5.0) + 1e-3);
  EXPECT_THAT(data.observation_mean, ElementsAre(3.0f, 5.0f));
  ASSERT_THAT(data.observation_scale, Pointwise(FloatNear(1e-7f), {scale, 1.0f}));
  EXPECT_THAT(data.observations,
              Pointwise(FloatNear(1e-6f), {-3 / scale, 0.f, -1 / scale, 0.f, 1 / scale, 0.f, 3 / scale, 0.f}));
  // Successors by the statistics of the observations, not by their own.
  EXPECT_THAT(data.next_observations,
              Pointwise(FloatNear(1e-6f), {-1 / scale, 0.f, 0.f, 0.f, 3 / scale, 0.f, 3 / scale, 0.f}));
}

TEST(PrepareData, ActionsAreInUnitsOfTheirBoundsAndOldRunsKeepTheirs) {
  // Bounds [-1, 1] and, of the action that never varies, [1, 3].
  const auto config = config_with({{"normalize_observations", "true"}});
  const auto units = prepare_data(small_data(), config).value();
  EXPECT_THAT(units.training.actions, ElementsAre(-0.9f, 0.0f, 0.8f, 0.0f, 0.1f, 0.0f, 0.2f, 0.0f));
  EXPECT_THAT(units.training.action_low, ElementsAre(-1, -1));
  EXPECT_THAT(units.training.action_high, ElementsAre(1, 1));
  EXPECT_THAT(units.action_low, ElementsAre(-1, 1));
  EXPECT_THAT(units.action_high, ElementsAre(1, 3));
  EXPECT_EQ(units.preparation, Preparation::units);
  const auto first = prepare_data(small_data(), config, Preparation::first).value();
  EXPECT_THAT(first.training.actions, ElementsAre(-0.9f, 2.0f, 0.8f, 2.0f, 0.1f, 2.0f, 0.2f, 2.0f));
  EXPECT_THAT(first.training.action_low, ElementsAre(-1, 1));
  EXPECT_NEAR(first.training.observation_scale[1], 1e-3f, 1e-7f);
  EXPECT_EQ(first.preparation, Preparation::first);
  // Where both rules give the same numbers, the run is one of the first.
  auto hopper = hopper_data();
  for (size_t i = 0; i < hopper.observations.size(); ++i) hopper.observations[i] = static_cast<float>(i % 7);
  EXPECT_EQ(prepare_data(std::move(hopper), config)->preparation, Preparation::first);
}

TEST(PrepareData, ActionsInAnotherUnitThanTheEnvironmentsAreTold) {
  auto data = hopper_data();
  for (size_t i = 0; i < data.actions.size(); ++i) data.actions[i] = i % 2 ? 300.0f : 500.0f;
  const auto prepared = prepare_data(std::move(data), config_with({})).value();
  EXPECT_FALSE(prepared.can_evaluate);
  EXPECT_THAT(prepared.action_low, ElementsAre(300, 300, 300));
  EXPECT_THAT(prepared.training.actions, ::testing::Each(::testing::AnyOf(-1.0f, 1.0f)));
  ASSERT_EQ(prepared.notes.size(), 1u);
  EXPECT_THAT(prepared.notes[0], HasSubstr("another unit"));
}

TEST(PrepareData, RefusesNumbersThatCannotBeNormalized) {
  auto data = small_data();
  for (const size_t row : {0, 1, 2}) data.observations[2 * row] = 3e38f;
  data.observations[6] = -3e38f;
  const auto prepared = prepare_data(std::move(data), config_with({}));
  ASSERT_FALSE(prepared.ok());
  EXPECT_EQ(prepared.error().code, ErrorCode::bad_data);
  EXPECT_THAT(prepared.error().message, HasSubstr("too far from the others"));
}

TEST(PrepareData, LeavesObservationsAloneWhenTold) {
  const auto data = prepare_data(small_data(), config_with({{"normalize_observations", "false"}}))->training;
  EXPECT_THAT(data.observation_mean, ElementsAre(0.0f, 0.0f));
  EXPECT_THAT(data.observation_scale, ElementsAre(1.0f, 1.0f));
  EXPECT_EQ(data.observations, small_data().observations);
  EXPECT_EQ(data.next_observations, small_data().next_observations);
}

TEST(PrepareData, ScalesRewardsAsAsked) {
  const auto scaled = prepare_data(small_data(), config_with({{"reward_scaling", "return_range"}})).value();
  // IQL: 1000 / (highest return - lowest return) = 1000 / (7 - 3) = 250.
  EXPECT_THAT(scaled.training.rewards, ElementsAre(250, 500, 750, 1000));
  EXPECT_EQ(scaled.reward_scaling, "return_range (x 250)");
  EXPECT_THAT(scaled.training.trajectory_return, ElementsAre(3, 7));  // stay raw
  EXPECT_THAT(prepare_data(small_data(), config_with({{"reward_scaling", "antmaze"}}))->training.rewards,
              ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(prepare_data(small_data(), config_with({{"reward_scaling", "none"}}))->training.rewards,
              ElementsAre(1, 2, 3, 4));
  auto equal = small_data();
  equal.episodes.returns = {7, 7};
  const auto unscaled =
      prepare_data(std::move(equal), config_with({{"reward_scaling", "return_range"}})).value();
  EXPECT_THAT(unscaled.training.rewards, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(unscaled.reward_scaling, HasSubstr("none"));
}

TEST(PrepareData, AutomaticScalingGoesByTheEnvironment) {
  const auto automatic = config_with({{"reward_scaling", "auto"}});
  const auto first_reward = [&](Dataset data, const std::string& environment) {
    data.environment = environment;
    return prepare_data(std::move(data), automatic)->training.rewards[0];
  };
  EXPECT_EQ(first_reward(hopper_data(), "hopper"), 250.0f);
  EXPECT_EQ(first_reward(small_data(), "antmaze-umaze"), 0.0f);
  EXPECT_EQ(first_reward(small_data(), "lander"), 1.0f);
}

TEST(PrepareData, ValuesLearnOnlyFromRowsWithASuccessor) {
  const auto prepared = prepare_data(small_data(), config_with({})).value();
  EXPECT_THAT(prepared.training.td_rows, ElementsAre(0, 1, 2));
  EXPECT_THAT(prepared.training.masks, ElementsAre(1, 0, 1, 1));
  EXPECT_THAT(prepared.training.trajectory_first, ElementsAre(0, 2));
  EXPECT_THAT(prepared.training.trajectory_length, ElementsAre(2, 2));
  auto all = small_data();
  all.has_next = {1, 1, 1, 1};
  EXPECT_TRUE(prepare_data(std::move(all), config_with({}))->training.td_rows.empty());  // empty = all
  auto nothing = small_data();
  nothing.has_next = {0, 0, 0, 0};
  EXPECT_EQ(prepare_data(std::move(nothing), config_with({})).error().code, ErrorCode::bad_data);
  EXPECT_EQ(prepare_data(Dataset{}, config_with({})).error().code, ErrorCode::bad_data);
}

TEST(PrepareData, ActionBoundsAreTheEnvironmentsOrThoseOfTheData) {
  const auto known = prepare_data(hopper_data(), config_with({})).value();
  EXPECT_TRUE(known.can_evaluate);
  EXPECT_TRUE(known.notes.empty());
  EXPECT_THAT(known.training.action_low, ElementsAre(-1, -1, -1));
  EXPECT_THAT(known.training.action_high, ElementsAre(1, 1, 1));
  const auto unknown = prepare_data(small_data(), config_with({})).value();
  EXPECT_FALSE(unknown.can_evaluate);
  ASSERT_EQ(unknown.notes.size(), 1u);
  EXPECT_THAT(unknown.notes[0], HasSubstr("lander"));
  // The first action nearly fills [-1, 1]; the second never varies and gets room around it.
  EXPECT_THAT(unknown.action_low, ElementsAre(-1, 1));
  EXPECT_THAT(unknown.action_high, ElementsAre(1, 3));
}

TEST(PrepareData, RefusesDataOfAnotherShape) {
  auto config = config_with({});
  config.environment = "walker2d";
  const auto prepared = prepare_data(hopper_data(), config);
  ASSERT_FALSE(prepared.ok());
  EXPECT_EQ(prepared.error().code, ErrorCode::usage);
  EXPECT_THAT(prepared.error().message, HasSubstr("walker2d has 17 and 6"));
  EXPECT_THAT(prepared.error().message, HasSubstr("hopper would fit"));
}

TEST(PrepareData, RefusesTooFewRowsAndSaysOfWhichFile) {
  auto single = small_data();
  single.rows = 1;
  auto ends = small_data();
  std::fill(ends.has_next.begin(), ends.has_next.end(), uint8_t{0});
  for (auto* data : {&single, &ends}) {
    const auto prepared = prepare_data(std::move(*data), config_with({}));
    ASSERT_FALSE(prepared.ok());
    EXPECT_EQ(prepared.error().code, ErrorCode::bad_data);
    EXPECT_THAT(prepared.error().message, HasSubstr("small.hdf5"));
  }
}

TEST(PrepareData, RefusesDataWithErrorsAndSaysWhere) {
  auto data = small_data();
  data.rewards[2] = NAN;
  data.episodes.returns[1] = NAN;
  data.findings = {{Severity::error, "not_a_number", "1 row of rewards with a NaN or an infinity", 2, 1},
                   {Severity::warning, "last_episode_cut", "the file ends inside an episode", 3, 1}};
  const auto prepared = prepare_data(std::move(data), config_with({{"reward_scaling", "return_range"}}));
  ASSERT_FALSE(prepared.ok());
  EXPECT_EQ(prepared.error().code, ErrorCode::bad_data);
  for (const char* part : {"small.hdf5", "rewards", "row 2", "put their numbers right"})
    EXPECT_THAT(prepared.error().message, HasSubstr(part));
  EXPECT_THAT(prepared.error().message, ::testing::Not(HasSubstr("the file ends")));
}

TEST(PrepareData, EvaluatesInThePhysicsOfTheDataUnlessAskedOtherwise) {
  struct Case {
    const char *asked, *of_data, *chosen, *note;
  };
  for (const Case& c : {Case{"", "", "v2", ""},
                        {"", "v4", "v4", ""},
                        {"v4", "", "v4", ""},
                        {"v2", "v2", "v2", ""},
                        {"v2", "v4", "v2", "evaluated in v2 physics, but the data was made in v4"},
                        {"", "v9", "v2", "made in v9, which the simulator does not have"}}) {
    auto data = hopper_data();
    data.physics = c.of_data;
    auto config = config_with({});
    config.physics = c.asked;
    const auto prepared = prepare_data(std::move(data), config).value();
    EXPECT_EQ(prepared.physics, c.chosen);
    ASSERT_EQ(prepared.notes.size(), *c.note ? 1u : 0u) << c.asked << c.of_data;
    for (const auto& note : prepared.notes) EXPECT_THAT(note, HasSubstr(c.note));
  }
}

TEST(PrepareData, KeepsWhichPolicyMadeARow) {
  auto data = small_data();
  data.policy_ids = {1, 1, 0, 0};
  data.policy_names = {"random", "expert"};
  const auto table = prepare_data(std::move(data), config_with({}))->diagnostics;
  EXPECT_THAT(table.sources, ElementsAre("random", "expert"));
  EXPECT_THAT(table.row_source, ElementsAre(1, 1, 0, 0));
  EXPECT_THAT(table.trajectory_source, ElementsAre(1, 0));
  for (const std::vector<int32_t>& ids : {std::vector<int32_t>{}, {0, 0, 0, 2}, {0, -1, 0, 0}}) {
    auto unsound = small_data();
    unsound.policy_ids = ids;
    unsound.policy_names = {"random", "expert"};
    const auto one = prepare_data(std::move(unsound), config_with({}))->diagnostics;
    EXPECT_THAT(one.sources, ElementsAre("all"));
    EXPECT_TRUE(one.row_source.empty());
    EXPECT_THAT(one.trajectory_source, ElementsAre(0, 0));
  }
}

}  // namespace
}  // namespace vaco
