// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded states are shown as they were recorded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

#include "core/sim/rollout_show.h"
#include "tests/sim/policies.h"

namespace vaco {
namespace {

/// What a random policy does in the environment, until it falls.
std::shared_ptr<const Recording> record(Environment& env) {
  auto recording = std::make_shared<Recording>();
  recording->index = 7;
  recording->nq = env.info().nq;
  recording->nv = env.info().nv;
  Rng rng(3);
  env.reset(rng);
  for (bool over = false; !over;) {
    const auto qpos = env.qpos(), qvel = env.qvel();
    recording->qpos.insert(recording->qpos.end(), qpos.begin(), qpos.end());
    recording->qvel.insert(recording->qvel.end(), qvel.begin(), qvel.end());
    std::vector<float> action(static_cast<size_t>(env.info().action_dim));
    for (auto& a : action) a = static_cast<float>(rng.uniform(-1.0, 1.0));
    const auto result = env.step(action);
    recording->rewards.push_back(result.reward);
    over = result.terminated || result.truncated;
  }
  return recording;
}

TEST(Recording, IsShownStateByStateAndOverAgain) {
  auto env = make_environment("hopper", Physics::v2);
  ASSERT_TRUE(env.ok());
  const auto recording = record(**env);
  ASSERT_GT(recording->length(), 5);
  RolloutShow show(**env);
  EXPECT_EQ(show.set_recording(recording), "");
  EXPECT_TRUE(show.can_act());
  const auto nq = static_cast<size_t>(recording->nq);
  double total = 0.0;
  RolloutFrame frame;
  for (int64_t t = 0; t < recording->length(); ++t) {
    const auto qpos = (*env)->qpos();
    for (size_t i = 0; i < nq; ++i) ASSERT_EQ(qpos[i], recording->qpos[static_cast<size_t>(t) * nq + i]);
    show.describe(frame);
    EXPECT_EQ(frame.time_step, t);
    EXPECT_EQ(frame.trajectory, 7);
    EXPECT_EQ(frame.policy_step, -1);
    EXPECT_DOUBLE_EQ(frame.return_so_far, total);
    EXPECT_TRUE(frame.action.empty());  // not known of this one
    total += recording->rewards[static_cast<size_t>(t)];
    show.step();
  }
  show.describe(frame);
  EXPECT_DOUBLE_EQ(frame.return_so_far, total);  // the last state stays, with the whole return
  EXPECT_EQ(frame.time_step, recording->length() - 1);
  show.step();
  show.describe(frame);
  EXPECT_EQ(frame.time_step, 1);  // from the beginning
}

TEST(Recording, GivesWayToThePolicyAgain) {
  auto env = make_environment("hopper", Physics::v2);
  ASSERT_TRUE(env.ok());
  RolloutShow show(**env);
  ASSERT_EQ(show.set_policy(std::make_shared<const PolicySnapshot>(random_policy((*env)->info()))), "");
  ASSERT_EQ(show.set_recording(record(**env)), "");
  ASSERT_EQ(show.set_recording(nullptr), "");
  show.step();
  RolloutFrame frame;
  show.describe(frame);
  EXPECT_EQ(frame.policy_step, 123);
  EXPECT_EQ(frame.trajectory, -1);
  EXPECT_EQ(frame.time_step, 1);
}

TEST(Recording, ThePolicysEpisodeIsGoneThroughAgainAndActedOn) {
  auto env = make_environment("hopper", Physics::v2), alone = make_environment("hopper", Physics::v2);
  ASSERT_TRUE(env.ok() && alone.ok());
  const auto policy = std::make_shared<const PolicySnapshot>(random_policy((*env)->info()));
  RolloutShow show(**env);
  show.seek(5);  // nothing to go to yet
  ASSERT_EQ(show.set_policy(policy), "");
  // What it does by itself.
  PolicyActor actor(*policy);
  Rng rng(0, 0);
  (*alone)->reset(rng);
  std::vector<float> observation(11), action(3);
  std::vector<double> heights{(*alone)->qpos()[1]}, totals{0.0};
  for (int t = 0; t < 8; ++t) {
    (*alone)->observe(std::span<float>(observation));
    actor.act(observation, action);
    totals.push_back(totals.back() + (*alone)->step(action).reward);
    heights.push_back((*alone)->qpos()[1]);
    show.step();
  }
  RolloutFrame frame;
  const auto stands_at = [&](size_t row) {
    show.describe(frame);
    EXPECT_EQ(frame.time_step, static_cast<int>(row));
    EXPECT_EQ((*env)->qpos()[1], heights[row]);
    EXPECT_DOUBLE_EQ(frame.return_so_far, totals[row]);
    EXPECT_NEAR(frame.reward, row > 0 ? totals[row] - totals[row - 1] : 0.0, 1e-9);
    EXPECT_FALSE(frame.replayed);
  };
  stands_at(8);
  show.seek(3);
  stands_at(3);
  EXPECT_EQ(frame.last_row, 8);
  show.step_back();
  stands_at(2);
  for (int t = 0; t < 3; ++t) show.step();
  stands_at(5);
  EXPECT_EQ(frame.last_row, 8);
  show.seek(100);
  stands_at(8);
  // From there it acts, and ends as it would have.
  show.step();
  show.describe(frame);
  EXPECT_EQ(frame.last_row, 9);
  EXPECT_EQ(frame.episode, 0);
  while (!frame.over) {
    show.step();
    show.describe(frame);
  }
  const int end = frame.time_step;
  show.seek(end - 1);
  show.describe(frame);
  EXPECT_FALSE(frame.over);
  show.step();
  show.describe(frame);
  EXPECT_TRUE(frame.over);
  EXPECT_EQ(frame.time_step, end);
  EXPECT_EQ(show.rolled().size(), 1U);
}

TEST(Recording, TheTimeLimitHoldsForAnEpisodeThatWasGoneThroughAgain) {
  auto env = make_environment("halfcheetah", Physics::v2);  // never terminates
  ASSERT_TRUE(env.ok());
  RolloutShow show(**env);
  ASSERT_EQ(show.set_policy(std::make_shared<const PolicySnapshot>(random_policy((*env)->info()))), "");
  for (int t = 0; t < 10; ++t) show.step();
  show.seek(2);
  RolloutFrame frame;
  for (int t = 2; t < 1000; ++t) {
    show.describe(frame);
    ASSERT_FALSE(frame.over) << t;
    show.step();
  }
  show.describe(frame);
  EXPECT_TRUE(frame.over);
  EXPECT_FALSE(frame.falling);
  ASSERT_EQ(show.rolled().size(), 1U);
  EXPECT_EQ(show.rolled()[0]->end, RolledEnd::time_limit);
  EXPECT_EQ(show.rolled()[0]->length(), 1000);
}

TEST(Recording, TheLastEpisodesOfThePolicyAreKept) {
  auto env = make_environment("hopper", Physics::v2);
  ASSERT_TRUE(env.ok());
  RolloutShow show(**env);
  ASSERT_EQ(show.set_policy(std::make_shared<const PolicySnapshot>(random_policy((*env)->info()))), "");
  RolloutFrame frame;
  std::vector<double> totals;
  for (size_t episode = 0; episode < RolloutShow::kMostRolled + 3; ++episode) {
    do {
      show.step();
      show.describe(frame);
    } while (!frame.over);
    totals.push_back(frame.return_so_far);
  }
  ASSERT_EQ(show.rolled().size(), RolloutShow::kMostRolled);
  EXPECT_EQ(show.rolled_ever(), static_cast<int64_t>(totals.size()));
  const auto last = show.rolled().back();
  EXPECT_EQ(last->index, static_cast<int64_t>(totals.size()) - 1);
  EXPECT_EQ(last->policy_step, 123);
  EXPECT_EQ(last->end, RolledEnd::terminated);
  EXPECT_EQ(last->states(), last->length() + 1);
  EXPECT_EQ(last->actions.size(), static_cast<size_t>(last->length()) * 3);

  // One that is left half way is kept too, and one that was kept is shown again.
  show.step();
  show.step();
  const auto shown = show.rolled()[5];
  ASSERT_EQ(show.set_recording(shown), "");
  EXPECT_EQ(show.rolled().back()->end, RolledEnd::cut);
  EXPECT_EQ(show.rolled().back()->length(), 2);
  for (int64_t t = 0; t < shown->length(); ++t) show.step();
  show.describe(frame);
  EXPECT_TRUE(frame.over && frame.falling && frame.replayed);
  EXPECT_EQ(frame.trajectory, -1);
  EXPECT_EQ(frame.episode, shown->index);
  EXPECT_EQ(frame.policy_step, 123);
  EXPECT_EQ(frame.time_step, shown->length());
  EXPECT_EQ(frame.rewards, shown->rewards);
  EXPECT_EQ(frame.action, std::vector<float>(shown->actions.end() - 3, shown->actions.end()));
  EXPECT_EQ(frame.action_low, (*env)->info().action_low);
  show.seek(2);
  RolloutFrame earlier;
  show.describe(earlier);
  EXPECT_EQ(earlier.action, std::vector<float>(shown->actions.begin() + 3, shown->actions.begin() + 6));
  show.seek(0);
  RolloutFrame first;
  show.describe(first);
  EXPECT_TRUE(first.action.empty());
  EXPECT_DOUBLE_EQ(frame.return_so_far, totals[static_cast<size_t>(shown->index)]);
  EXPECT_EQ(show.rolled().size(), RolloutShow::kMostRolled);
}

TEST(Recording, CriticsAreAskedAboutTheActionThatFollows) {
  auto env = make_environment("hopper", Physics::v2);
  ASSERT_TRUE(env.ok());
  const auto policy = std::make_shared<const PolicySnapshot>(random_policy((*env)->info()));
  // Q_1 = sum of s and a, Q_2 = Q_1 + 3.
  auto values = std::make_shared<ValueSnapshot>();
  values->step = 9;
  values->obs_dim = 11;
  values->action_dim = 3;
  for (const float bias : {0.0f, 3.0f}) {
    PolicySnapshot critic;
    critic.layers = {{14, 1, std::vector<float>(14, 1.0f), {bias}}};
    critic.observation_mean.assign(14, 0.0f);
    critic.observation_scale.assign(14, 1.0f);
    critic.action_low = {-1.0f};
    critic.action_high = {1.0f};
    values->critics.push_back(critic);
  }
  RolloutShow show(**env);
  ASSERT_EQ(show.set_policy(policy), "");
  RolloutFrame frame;
  show.describe(frame);
  EXPECT_EQ(frame.values_step, -1);
  EXPECT_TRUE(std::isnan(frame.next_value));
  show.set_values(values);
  PolicyActor actor(*policy);
  const auto expected = [&] {
    std::vector<float> observation(11), action(3);
    (*env)->observe(std::span<float>(observation));
    actor.act(observation, action);
    return std::accumulate(observation.begin(), observation.end(), 0.0) +
           std::accumulate(action.begin(), action.end(), 0.0);
  };
  for (int t = 0; t < 4; ++t) {
    show.describe(frame);
    EXPECT_EQ(frame.values_step, 9);
    EXPECT_NEAR(frame.next_value, expected(), 1e-4);
    show.step();
  }
  show.seek(1);  // what was done there, again
  show.describe(frame);
  EXPECT_NEAR(frame.next_value, expected(), 1e-4);
  auto mean = std::make_shared<ValueSnapshot>(*values);
  mean->minimum = false;
  show.set_values(mean);
  show.describe(frame);
  EXPECT_NEAR(frame.next_value, expected() + 1.5, 1e-4);
  auto other = std::make_shared<ValueSnapshot>(*values);
  other->obs_dim = 10;
  show.set_values(other);
  show.describe(frame);
  EXPECT_EQ(frame.values_step, -1);
}

TEST(Recording, WithoutALoopTheEndStays) {
  auto env = make_environment("hopper", Physics::v2);
  ASSERT_TRUE(env.ok());
  RolloutShow show(**env);
  ASSERT_EQ(show.set_policy(std::make_shared<const PolicySnapshot>(random_policy((*env)->info()))), "");
  show.set_loop(false);
  RolloutFrame frame;
  for (int i = 0; i < 1000 && !show.waits(); ++i) show.advance(0.1, 1.0);
  show.describe(frame);
  ASSERT_TRUE(frame.over);
  const int end = frame.time_step;
  for (int i = 0; i < 100; ++i) show.advance(0.1, 1.0);
  show.describe(frame);
  EXPECT_EQ(frame.time_step, end);
  EXPECT_EQ(frame.episode, 0);
  show.set_loop(true);
  for (int i = 0; i < 10; ++i) show.advance(0.1, 1.0);
  show.describe(frame);
  EXPECT_EQ(frame.episode, 1);
}

TEST(Recording, OfAnotherModelIsRefused) {
  auto hopper = make_environment("hopper", Physics::v2), walker = make_environment("walker2d", Physics::v2);
  ASSERT_TRUE(hopper.ok() && walker.ok());
  const auto recording = record(**hopper);
  RolloutShow show(**walker);
  EXPECT_THAT(show.set_recording(recording), testing::HasSubstr("not recorded in Walker2d"));
  EXPECT_FALSE(show.can_act());
  auto torn = std::make_shared<Recording>(*recording);
  torn->qvel.pop_back();
  RolloutShow other(**hopper);
  EXPECT_NE(other.set_recording(torn), "");
}

}  // namespace
}  // namespace vaco
