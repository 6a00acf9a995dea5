// SPDX-License-Identifier: GPL-3.0-or-later
// Every array of tests/golden, made with independent models of the same robots, against ours.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/sim/environment.h"
#include "tests/sim/array_file.h"
#include "tests/sim/inspection.h"

namespace vaco {
namespace {

struct Case {
  const char* environment;
  Physics physics;
  size_t contacts = 6;  // rows in contact that the file has at the least
};

std::ostream& operator<<(std::ostream& out, const Case& c) {
  return out << c.environment << to_text(c.physics);
}

class Golden : public testing::TestWithParam<Case> {
 protected:
  std::unique_ptr<Environment> env_ = make_environment(GetParam().environment, GetParam().physics).value();
  ArrayFile file_{std::string(VACO_TEST_GOLDEN) + "/" + GetParam().environment +
                  (GetParam().physics == Physics::v2 ? "_legacy-v2" : "_" + to_text(GetParam().physics)) +
                  ".h5"};

  size_t obs() const { return static_cast<size_t>(env_->info().obs_dim); }
  size_t nq() const { return static_cast<size_t>(env_->info().nq); }
  size_t nv() const { return static_cast<size_t>(env_->info().nv); }
  size_t actions() const { return static_cast<size_t>(env_->info().action_dim); }
  std::vector<double> observation() const {
    std::vector<double> o(obs());
    std::as_const(*env_).observe(std::span<double>(o));
    return o;
  }
};

// Largest difference, relative where the expected number is larger than one.
double distance(std::span<const double> ours, const double* expected) {
  double worst = 0.0;
  for (size_t i = 0; i < ours.size(); ++i) {
    const double d = std::abs(ours[i] - expected[i]) / std::max(1.0, std::abs(expected[i]));
    worst = std::isfinite(d) ? std::max(worst, d) : INFINITY;
  }
  return worst;
}

TEST_P(Golden, OneStepFromEachState) {
  const auto qpos = file_.read("os_qpos"), qvel = file_.read("os_qvel"), action = file_.read("os_action"),
             qpos_next = file_.read("os_qpos_next"), qvel_next = file_.read("os_qvel_next"),
             obs_next = file_.read("os_obs_next"), reward = file_.read("os_reward"),
             terminated = file_.read("os_terminated"), contacts = file_.read("os_ncon");
  const size_t count = qpos.shape[0];
  ASSERT_GE(count, 30u);
  double worst = 0.0;
  size_t in_contact = 0;
  for (size_t i = 0; i < count; ++i) {
    env_->set_state({qpos.at(i), nq()}, {qvel.at(i), nv()});
    const auto result = step_exactly(*env_, {action.at(i), actions()});
    worst = std::max({worst, distance(env_->qpos(), qpos_next.at(i)), distance(env_->qvel(), qvel_next.at(i)),
                      distance(observation(), obs_next.at(i)),
                      std::abs(result.reward - reward.values[i]) / std::max(1.0, std::abs(reward.values[i]))});
    EXPECT_LT(worst, 1e-9) << "row " << i;
    EXPECT_EQ(result.terminated, terminated.values[i] != 0) << "row " << i;
    EXPECT_EQ(contact_count(*env_), contacts.values[i]) << "row " << i;
    in_contact += contacts.values[i] > 0;
  }
  EXPECT_GE(in_contact, GetParam().contacts) << "the file does not exercise contacts";
  RecordProperty("worst", std::to_string(worst));
}

TEST_P(Golden, OpenLoopWhileNotChaotic) {
  const auto actions_in = file_.read("actions"), qpos0 = file_.read("qpos0"), qvel0 = file_.read("qvel0"),
             obs0 = file_.read("obs0"), qpos = file_.read("qpos"), qvel = file_.read("qvel"),
             obs_in = file_.read("obs"), reward = file_.read("reward"), terminated = file_.read("terminated"),
             sensitivity = file_.read("sens");
  const size_t sequences = actions_in.shape[0], steps = actions_in.shape[1];
  size_t compared = 0;
  for (size_t s = 0; s < sequences; ++s) {
    env_->set_state({qpos0.at(s), nq()}, {qvel0.at(s), nv()});
    EXPECT_LT(distance(observation(), obs0.at(s)), 1e-12);
    for (size_t t = 0; t < steps && sensitivity.at(s, t)[0] < 1e-6; ++t) {
      const auto result = step_exactly(*env_, {actions_in.at(s, t), actions()});
      // A difference of rounding grows as the 1e-10 change of the recording did; allow it the same growth.
      const double allowed = 1e-9 + 10.0 * sensitivity.at(s, t)[0];
      ASSERT_LT(distance(env_->qpos(), qpos.at(s, t)), allowed) << s << " " << t;
      ASSERT_LT(distance(env_->qvel(), qvel.at(s, t)), 1e3 * allowed) << s << " " << t;
      ASSERT_LT(distance(observation(), obs_in.at(s, t)), 1e3 * allowed + 1e-6) << s << " " << t;
      ASSERT_NEAR(result.reward, reward.at(s, t)[0], 1e3 * allowed) << s << " " << t;
      ASSERT_EQ(result.terminated, terminated.at(s, t)[0] != 0) << s << " " << t;
      ++compared;
    }
  }
  EXPECT_GT(compared, 100u);
}

INSTANTIATE_TEST_SUITE_P(All, Golden,
                         testing::Values(Case{"hopper", Physics::v2}, Case{"hopper", Physics::v4},
                                         Case{"walker2d", Physics::v2}, Case{"walker2d", Physics::v4},
                                         Case{"halfcheetah", Physics::v2}, Case{"halfcheetah", Physics::v4},
                                         Case{"walker2d", Physics::v5}, Case{"ant", Physics::v4},
                                         Case{"invertedpendulum", Physics::v4, 0}),
                         [](const auto& instance) {
                           return std::string(instance.param.environment) + to_text(instance.param.physics);
                         });

}  // namespace
}  // namespace vaco
