// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/sim/environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/sim/inspection.h"
#include "core/sim/model_library.h"
#include "resources/resources.h"

namespace vaco {
namespace {

using testing::HasSubstr;

std::unique_ptr<Environment> make(const std::string& name, Physics physics = Physics::v2) {
  return make_environment(name, physics).value();
}

TEST(Environments, DescribeThemselves) {
  ASSERT_EQ(environments().size(), 3u);
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
  const auto missing = shared_model("unicorn", Physics::v2, 0.0);
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
  const auto first = shared_model("hopper", Physics::v2, 0.0).value();
  EXPECT_EQ(first, shared_model("hopper", Physics::v2, 0.0).value());
  EXPECT_NE(first, shared_model("hopper", Physics::v4, 0.0).value());
}

}  // namespace
}  // namespace vaco
