// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/sim/mujoco_environment.h"
#include "core/tasks/catalogue.h"
#include "resources/resources.h"
#include "tests/sim/inspection.h"

namespace vaco {
namespace {

using testing::HasSubstr;

std::unique_ptr<Environment> make(const std::string& name, Physics physics = Physics::v2) {
  return make_environment(name, physics).value();
}

TEST(Environments, DescribeThemselves) {
  ASSERT_GE(environments().size(), 3u);
  const auto& hopper = environments()[0];
  EXPECT_EQ(hopper.name, "hopper");
  EXPECT_EQ(hopper.obs_dim, 11);
  EXPECT_EQ(hopper.action_dim, 3);
  EXPECT_DOUBLE_EQ(hopper.dt, 0.008);
  EXPECT_EQ(hopper.action_low, std::vector<float>(3, -1.0f));
  EXPECT_EQ(environments()[1].obs_dim, 17);
  EXPECT_EQ(environments()[2].action_dim, 6);
  EXPECT_DOUBLE_EQ(environments()[2].dt, 0.05);
}

TEST(Environments, AreThoseOfTheCatalogueInEveryVersionItNames) {
  size_t simulated = 0;
  for (const auto& task : tasks()) {
    simulated += task.simulated();
    for (const auto version : task.physics) {
      if (version.empty()) continue;
      const auto info = environment_info(std::string(task.name), parse_physics(std::string(version)).value());
      ASSERT_TRUE(info) << info.error().message;
      EXPECT_TRUE(task.has_shape(info->obs_dim, info->action_dim, info->action_count > 0))
          << task.name << " " << version;
      EXPECT_EQ(info->max_episode_steps, task.step_limit);
      EXPECT_EQ(info->action_count, task.action_count) << task.name;
      EXPECT_EQ(info->action_high,
                std::vector<float>(static_cast<size_t>(info->action_dim), task.action_bound));
    }
  }
  EXPECT_EQ(environments().size(), simulated);
}

TEST(Environments, AVersionThatATaskDoesNotHaveIsAUsageErrorThatNamesThoseItHas) {
  const auto made = make_environment("ant-contact", Physics::v5);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::usage);
  EXPECT_THAT(made.error().message, HasSubstr("has no v5 physics: use v2, v4"));
}

// Gymnasium's documentation of v5.
TEST(Environments, VersionsObserveWhatGymnasiumSays) {
  const auto observed = [](const char* name, Physics physics) {
    return environment_info(name, physics).value().obs_dim;
  };
  EXPECT_EQ(observed("ant", Physics::v4), 27);
  EXPECT_EQ(observed("ant", Physics::v5), 105);
  EXPECT_EQ(observed("ant-contact", Physics::v2), 111);
  EXPECT_EQ(observed("reacher", Physics::v4), 11);
  EXPECT_EQ(observed("reacher", Physics::v5), 10);
  EXPECT_EQ(observed("inverteddoublependulum", Physics::v2), 11);
  EXPECT_EQ(observed("inverteddoublependulum", Physics::v5), 9);
}

TEST(Environments, TheFifthVersionDoesNotPayForTheStepThatFalls) {
  for (const auto& [physics, bonus] : {std::pair{Physics::v4, 1.0}, {Physics::v5, 0.0}}) {
    auto env = make("hopper", physics);
    std::vector<double> qpos(env->qpos().begin(), env->qpos().end()), qvel(6);
    qpos[2] = 0.3;
    env->set_state(qpos, qvel);
    const auto step = env->step(std::vector<float>(3));
    EXPECT_TRUE(step.terminated);
    EXPECT_NEAR(step.reward, (env->qpos()[0] - qpos[0]) / 0.008 + bonus, 1e-12);
  }
}

// By hand: the arm lies along x, its tip at 0.21 m; the reward before v5 knows nothing of the step.
TEST(Environments, TheReacherPaysForTheDistanceOfItsTip) {
  for (const auto physics : {Physics::v4, Physics::v5}) {
    auto env = make("reacher", physics);
    env->set_state(std::vector<double>{0.0, 0.0, 0.21, 0.1}, std::vector<double>{0.0, 0.0, 0.0, 0.0});
    const auto step = env->step(std::vector<float>{0.5f, -0.5f});
    if (physics == Physics::v4) {
      EXPECT_NEAR(step.reward, -0.1 - 0.5, 1e-9);
    } else {
      EXPECT_GT(std::abs(step.reward + 0.1 + 0.5), 1e-6);
    }
    EXPECT_FALSE(step.terminated);
    std::vector<float> seen(static_cast<size_t>(env->info().obs_dim));
    env->observe(std::span<float>(seen));
    EXPECT_NEAR(seen[0], std::cos(env->qpos()[0]), 1e-6);
    EXPECT_NEAR(seen[3], std::sin(env->qpos()[1]), 1e-6);
    EXPECT_NEAR(seen[4], 0.21f, 1e-6);
  }
}

TEST(Environments, TheReachersTargetLiesWithinItsCircle) {
  auto env = make("reacher");
  Rng rng(3);
  double farthest = 0.0;
  for (int i = 0; i < 500; ++i) {
    env->reset(rng);
    farthest = std::max(farthest, std::hypot(env->qpos()[2], env->qpos()[3]));
    EXPECT_EQ(env->qvel()[2], 0.0);
  }
  EXPECT_LT(farthest, 0.2);
  EXPECT_GT(farthest, 0.18);
}

// At rest and upright, the tip is at 1.2 m: alive 10, less (1.2 - 2)^2.
TEST(Environments, TheDoublePendulumPaysForHeight) {
  auto env = make("inverteddoublependulum");
  env->set_state(std::vector<double>{0.0, 0.0, 0.0}, std::vector<double>{0.0, 0.0, 0.0});
  const auto step = env->step(std::vector<float>{0.0f});
  EXPECT_NEAR(step.reward, 10.0 - 0.64, 1e-4);
  EXPECT_FALSE(step.terminated);
  env->set_state(std::vector<double>{0.0, 1.2, 0.0}, std::vector<double>{0.0, 0.0, 0.0});
  EXPECT_TRUE(env->step(std::vector<float>{0.0f}).terminated);
}

TEST(Environments, TheSwimmerGlidesInItsFluid) {
  auto env = make("swimmer");
  EXPECT_NEAR(body_mass_total(*make("swimmer", Physics::v4)), 106.81415, 1e-4);
  env->set_state(std::vector<double>(5), std::vector<double>{1.0, 0.0, 0.0, 0.0, 0.0});
  const auto step = env->step(std::vector<float>{1.0f, 0.0f});
  EXPECT_NEAR(step.reward, env->qpos()[0] / 0.04 - 1e-4, 1e-12);
  EXPECT_LT(env->qvel()[0], 1.0);
}

TEST(Environments, UnknownNamesAreUsageErrorsThatNameTheKnown) {
  const auto made = make_environment("humanoid", Physics::v2);
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().code, ErrorCode::usage);
  EXPECT_THAT(made.error().message, HasSubstr("walker2d"));
  EXPECT_FALSE(parse_physics("v3"));
  EXPECT_EQ(parse_physics(to_text(Physics::v4)).value(), Physics::v4);
}

TEST(Environments, WeighWhatTheirPhysicsSays) {
  EXPECT_NEAR(body_mass_total(*make("hopper", Physics::v4)), 15.8200134, 1e-6);
  EXPECT_NEAR(body_mass_total(*make("hopper", Physics::v2)), 15.2649987, 1e-6);
  EXPECT_NEAR(body_mass_total(*make("walker2d", Physics::v4)), 23.6771366, 1e-6);
  EXPECT_NEAR(body_mass_total(*make("walker2d", Physics::v2)), 22.6980069, 1e-6);
  EXPECT_NEAR(body_mass_total(*make("halfcheetah", Physics::v4)), 14.0, 1e-9);
  EXPECT_NEAR(body_mass_total(*make("halfcheetah", Physics::v2)), 14.0, 1e-9);
  EXPECT_NEAR(body_mass_total(*make("ant", Physics::v4)), 0.910880083, 1e-8);
  EXPECT_NEAR(body_mass_total(*make("ant", Physics::v2)), 0.878710174, 1e-8);
  EXPECT_NEAR(body_mass_total(*make("invertedpendulum", Physics::v4)), 15.4905672, 1e-6);
}

// Moments of the reset state over many resets, against those of the distribution.
void expect_reset_noise(const std::string& name, double q_std, double v_std, double v_bound) {
  auto env = make(name);
  Rng rng(11);
  double q2 = 0, v2 = 0, v_max = 0, q_max = 0;
  constexpr int kResets = 400;
  const double height = env->qpos()[1];
  for (int i = 0; i < kResets; ++i) {
    env->reset(rng);
    for (size_t k = 0; k < env->qpos().size(); ++k) {
      const double q = env->qpos()[k] - (k == 1 ? height : 0.0);
      q2 += q * q;
      q_max = std::max(q_max, std::abs(q));
    }
    for (const double v : env->qvel()) {
      v2 += v * v;
      v_max = std::max(v_max, std::abs(v));
    }
  }
  const double count = kResets * static_cast<double>(env->info().nq);
  EXPECT_NEAR(std::sqrt(q2 / count), q_std, 0.05 * q_std) << name;
  EXPECT_NEAR(std::sqrt(v2 / count), v_std, 0.05 * v_std) << name;
  EXPECT_LE(q_max, q_std * std::sqrt(3.0)) << name;
  EXPECT_LE(v_max, v_bound) << name;
}

TEST(Environments, ResetWithTheirNoise) {
  const double uniform = 1.0 / std::sqrt(3.0);
  expect_reset_noise("hopper", 0.005 * uniform, 0.005 * uniform, 0.005);
  expect_reset_noise("walker2d", 0.005 * uniform, 0.005 * uniform, 0.005);
  expect_reset_noise("halfcheetah", 0.1 * uniform, 0.1, 0.6);
}

TEST(Environments, StartUprightAtTheirHeight) {
  EXPECT_DOUBLE_EQ(make("hopper")->qpos()[1], 1.25);
  EXPECT_DOUBLE_EQ(make("walker2d")->qpos()[1], 1.25);
  EXPECT_DOUBLE_EQ(make("halfcheetah")->qpos()[1], 0.0);
}

TEST(Environments, TheTimeLimitIsATruncationAndResetRestartsTheCount) {
  auto env = make("halfcheetah");
  Rng rng(0);
  const std::vector<float> rest(6);
  for (int round = 0; round < 2; ++round) {
    env->reset(rng);
    for (int t = 1; t < 1000; ++t) {
      const auto step = env->step(rest);
      ASSERT_FALSE(step.truncated || step.terminated) << t;
    }
    const auto last = env->step(rest);
    EXPECT_TRUE(last.truncated);
    EXPECT_FALSE(last.terminated);
  }
}

TEST(Environments, AFallTerminatesAndStillPaysTheBonus) {
  auto env = make("hopper");
  std::vector<double> qpos(env->qpos().begin(), env->qpos().end()), qvel(6);
  qpos[2] = 0.3;
  env->set_state(qpos, qvel);
  const auto step = env->step(std::vector<float>(3));
  EXPECT_TRUE(step.terminated);
  EXPECT_FALSE(step.truncated);
  EXPECT_NEAR(step.reward, (env->qpos()[0] - qpos[0]) / 0.008 + 1.0, 1e-12);
}

TEST(Environments, TheCostUsesTheRawActionWhileTheMotorIsClamped) {
  auto env = make("hopper");
  const std::vector<double> qpos(env->qpos().begin(), env->qpos().end()), qvel(6);
  env->set_state(qpos, qvel);
  const auto bounded = env->step(std::vector<float>{1, 1, 1});
  const std::vector<double> after(env->qpos().begin(), env->qpos().end());
  env->set_state(qpos, qvel);
  const auto beyond = env->step(std::vector<float>{2, 2, 2});
  EXPECT_THAT(after, testing::ElementsAreArray(env->qpos()));
  EXPECT_NEAR(bounded.reward - beyond.reward, 1e-3 * (12 - 3), 1e-12);
}

TEST(Environments, TwoOfThemDoNotDisturbEachOther) {
  auto a = make("walker2d"), b = make("walker2d", Physics::v4), c = make("walker2d");
  Rng ra(5), rb(6), rc(5);
  a->reset(ra);
  b->reset(rb);
  for (int t = 0; t < 20; ++t) {
    a->step(std::vector<float>(6, 0.3f));
    b->step(std::vector<float>(6, -0.3f));
  }
  c->reset(rc);
  for (int t = 0; t < 20; ++t) c->step(std::vector<float>(6, 0.3f));
  EXPECT_THAT(std::vector<double>(a->qpos().begin(), a->qpos().end()), testing::ElementsAreArray(c->qpos()));
}

void expect_terminated_but_alive(Environment& env, const std::vector<float>& action) {
  testing::internal::CaptureStdout();
  testing::internal::CaptureStderr();
  const auto step = env.step(action);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
  EXPECT_TRUE(step.terminated);
  EXPECT_TRUE(std::isfinite(step.reward));
  for (const double q : env.qpos()) EXPECT_TRUE(std::isfinite(q));
  Rng rng(0);
  env.reset(rng);
  EXPECT_FALSE(env.step(std::vector<float>(action.size())).terminated);
}

TEST(Environments, ANaNActionEndsTheEpisodeAndNothingElse) {
  auto env = make("halfcheetah");
  std::vector<float> action(6);
  action[2] = std::numeric_limits<float>::quiet_NaN();
  expect_terminated_but_alive(*env, action);
  action[2] = std::numeric_limits<float>::infinity();
  expect_terminated_but_alive(*env, action);
}

TEST(Environments, DivergenceEndsTheEpisodeSilently) {
  auto env = make("halfcheetah");
  std::vector<double> qpos(9), qvel(9);
  qvel[4] = 1e12;  // beyond what MuJoCo calls a bad velocity
  env->set_state(qpos, qvel);
  expect_terminated_but_alive(*env, std::vector<float>(6));
}

TEST(Models, AWrongNameOrTextIsAnErrorThatNamesIt) {
  EnvironmentRules unicorn;
  unicorn.name = "unicorn";
  const auto missing = build_model(unicorn, Physics::v2);
  ASSERT_FALSE(missing);
  EXPECT_THAT(missing.error().message, HasSubstr("mjcf/unicorn.xml"));
  testing::internal::CaptureStdout();
  const auto broken = compile_model("broken", "<mujoco><worldbody><geom type='cube'/></worldbody></mujoco>");
  ASSERT_FALSE(broken);
  EXPECT_EQ(broken.error().code, ErrorCode::bad_data);
  EXPECT_THAT(broken.error().message, HasSubstr("broken"));
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "");
  EXPECT_FALSE(compile_model("empty", ""));
}

TEST(Models, AreCompiledOnceAndShared) {
  const auto model = [](Physics physics) {
    const auto env = make("hopper", physics);
    return &static_cast<MujocoEnvironment&>(*env).model();
  };
  EXPECT_EQ(model(Physics::v2), model(Physics::v2));
  EXPECT_NE(model(Physics::v2), model(Physics::v4));
}

}  // namespace
}  // namespace vaco
