// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/state_map.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/rng.h"
#include "core/explain/replay.h"
#include "core/sim/environment.h"

namespace vaco {
namespace {

TEST(StateMap, ShowsTheTwoDirectionsOfLargestVariance) {
  // Three independent normals of deviations 3, 2 and 1 along known orthogonal directions.
  const double directions[3][3] = {
      {2.0 / 3, 1.0 / 3, 2.0 / 3}, {-2.0 / 3, 2.0 / 3, 1.0 / 3}, {1.0 / 3, 2.0 / 3, -2.0 / 3}};
  Rng rng(3);
  std::vector<float> points;
  for (int i = 0; i < 20000; ++i) {
    double point[3] = {5.0, -1.0, 0.0};
    for (int k = 0; k < 3; ++k) {
      const double along = (3.0 - k) * rng.normal();
      for (int d = 0; d < 3; ++d) point[d] += along * directions[k][d];
    }
    points.insert(points.end(),
                  {static_cast<float>(point[0]), static_cast<float>(point[1]), static_cast<float>(point[2])});
  }
  const auto axes = principal_axes(points, 3);
  for (int k = 0; k < 2; ++k) {
    double product = 0.0;
    for (size_t d = 0; d < 3; ++d) product += axes.axis[static_cast<size_t>(k)][d] * directions[k][d];
    EXPECT_NEAR(std::abs(product), 1.0, 1e-3);
    EXPECT_GT(axes.axis[static_cast<size_t>(k)][0], 0.0);
  }
  EXPECT_NEAR(axes.share[0], 9.0 / 14, 0.01);
  EXPECT_NEAR(axes.share[1], 4.0 / 14, 0.01);
  EXPECT_NEAR(axes.mean[0], 5.0, 0.1);
}

TEST(StateMap, TakesEvenRowsAndNamesTheirEpisodes) {
  EpisodeTable episodes;
  episodes.first = {0, 6};
  episodes.length = {6, 4};
  std::vector<float> observations;
  for (int i = 0; i < 10; ++i) observations.insert(observations.end(), {static_cast<float>(i), 0.0f});
  const auto map = make_state_map(observations, 2, episodes, 5);
  EXPECT_EQ(map.rows, (std::vector<int64_t>{0, 2, 4, 6, 8}));
  EXPECT_EQ(map.episode, (std::vector<int32_t>{0, 0, 0, 1, 1}));
  EXPECT_EQ(map.time, (std::vector<int32_t>{0, 2, 4, 0, 2}));
  EXPECT_FLOAT_EQ(map.x[4] - map.x[0], 8.0f);
  EXPECT_NEAR(map.share[0], 1.0, 1e-9);
}

/// Steps of hopper from rest, as a dataset without states.
Dataset hopper_rows(int steps) {
  auto env = std::move(*make_environment("hopper", Physics::v2));
  Rng rng(1);
  env->reset(rng);
  Dataset data;
  data.obs_dim = 11;
  data.action_dim = 3;
  data.rows = steps;
  std::vector<float> observation(11);
  for (int i = 0; i < steps; ++i) {
    env->observe(std::span<float>(observation));
    data.observations.insert(data.observations.end(), observation.begin(), observation.end());
    const std::vector<float> action{0.1f, -0.2f, 0.3f};
    data.rewards.push_back(static_cast<float>(env->step(action).reward));
  }
  data.episodes.first = {0};
  data.episodes.length = {steps};
  data.source.path = "nowhere.hdf5";
  return data;
}

TEST(Replay, RebuildsStatesOfObservationsAndSaysSo) {
  const auto data = hopper_rows(5);
  const auto states = episode_states(episode_rows(data, 0), "hopper", "v2");
  ASSERT_TRUE(states.ok()) << states.error().message;
  EXPECT_TRUE(states->rebuilt);
  ASSERT_EQ(states->states->length(), 5);
  // Hopper's observation: positions without the first, then velocities.
  for (int i = 0; i < 5; ++i) {
    const auto row = static_cast<size_t>(i);
    EXPECT_EQ(states->states->qpos[6 * row], 0.0);
    for (size_t k = 0; k < 5; ++k)
      EXPECT_EQ(states->states->qpos[6 * row + 1 + k], data.observations[11 * row + k]);
    for (size_t k = 0; k < 6; ++k)
      EXPECT_EQ(states->states->qvel[6 * row + k], data.observations[11 * row + 5 + k]);
  }
  const auto unknown = episode_states(episode_rows(data, 0), "", "v2");
  ASSERT_FALSE(unknown.ok());
  EXPECT_EQ(unknown.error().code, ErrorCode::unavailable);
}

TEST(Replay, APolicyGoesOnFromAStateAsTheSimulatorDoes) {
  const auto data = hopper_rows(4);
  const auto states = episode_states(episode_rows(data, 0), "hopper", "v2");
  ASSERT_TRUE(states.ok());
  // A policy that always does what the rows did: a network of biases alone.
  PolicySnapshot policy;
  policy.layers = {{.inputs = 11, .outputs = 3, .weight = std::vector<float>(33, 0.0f), .bias = {}}};
  for (const float a : {0.1f, -0.2f, 0.3f}) policy.layers[0].bias.push_back(std::atanh(a));
  policy.observation_mean.assign(11, 0.0f);
  policy.observation_scale.assign(11, 1.0f);
  policy.action_low.assign(3, -1.0f);
  policy.action_high.assign(3, 1.0f);
  const auto acted = act_from(policy, "hopper", "v2", *states->states, 1, 3);
  ASSERT_TRUE(acted.ok()) << acted.error().message;
  ASSERT_EQ((*acted)->length(), 3);
  for (size_t k = 0; k < 3; ++k) EXPECT_NEAR((*acted)->rewards[k], data.rewards[k + 1], 1e-3);
  EXPECT_EQ(act_from(policy, "hopper", "v2", *states->states, 4, 3).error().code, ErrorCode::usage);
}

TEST(Replay, EpisodesBeginAsEvaluationsDoAndRecordingsGoOnFromARow) {
  auto env = make_environment("hopper", Physics::v2);
  ASSERT_TRUE(env.ok());
  Rng rng(9, 4);
  (*env)->reset(rng);
  const auto start = episode_start("hopper", "v2", 4, 9);
  ASSERT_TRUE(start.ok());
  EXPECT_EQ((*start)->states(), 1);
  EXPECT_TRUE(std::equal((*env)->qpos().begin(), (*env)->qpos().end(), (*start)->qpos.begin()));
  EXPECT_EQ(episode_start("nowhere", "v2", 4).error().code, ErrorCode::unavailable);

  Recording whole;
  whole.nq = 2;
  whole.nv = 1;
  whole.action_dim = 1;
  whole.qpos = {0, 1, 10, 11, 20, 21};  // with the state after the last step
  whole.qvel = {0, 1, 2};
  whole.rewards = {5, 6};
  whole.actions = {7, 8};
  const auto rest = recording_from(whole, 1);
  EXPECT_EQ(rest->qpos, (std::vector<double>{10, 11, 20, 21}));
  EXPECT_EQ(rest->qvel, (std::vector<double>{1, 2}));
  EXPECT_EQ(rest->rewards, (std::vector<double>{6}));
  EXPECT_EQ(rest->actions, (std::vector<float>{8}));
}

}  // namespace
}  // namespace vaco
