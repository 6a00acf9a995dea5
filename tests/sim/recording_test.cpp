// SPDX-License-Identifier: GPL-3.0-or-later
// Recorded states are shown as they were recorded.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

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
