// SPDX-License-Identifier: GPL-3.0-or-later
// One step from states that others recorded with mujoco-py (v2) and with Gymnasium (v4).
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/sim/environment.h"
#include "tests/sim/array_file.h"
#include "tests/sim/inspection.h"

namespace vaco {
namespace {

struct Errors {
  double median = 0.0, largest = 0.0, reward = 0.0;
};

// Max-norm errors of the next observation and, over all rows, of the reward.
Errors replay(const std::string& environment, const std::string& recorded, Physics physics) {
  const ArrayFile file(std::string(VACO_TEST_DATA) + "/recorded/" + environment + "-" + recorded + ".hdf5");
  const auto observations = file.read("observations"), actions = file.read("actions"),
             next = file.read("next_observations"), rewards = file.read("rewards");
  auto env = make_environment(environment, physics).value();
  const auto& info = env->info();
  const auto nq = static_cast<size_t>(info.nq), nv = static_cast<size_t>(info.nv);
  const size_t hidden = nq + nv - static_cast<size_t>(info.obs_dim);
  std::vector<double> qpos(nq), qvel(nv), after(static_cast<size_t>(info.obs_dim)), errors;
  Errors result;
  for (size_t row = 0; row < observations.shape[0]; ++row) {
    // Where on the floor it was is not recorded; nothing but itself depends on it.
    std::copy_n(observations.at(row), nq - hidden, qpos.begin() + static_cast<std::ptrdiff_t>(hidden));
    std::copy_n(observations.at(row) + nq - hidden, nv, qvel.begin());
    env->set_state(qpos, qvel);
    const auto step = step_exactly(*env, {actions.at(row), actions.shape[1]});
    std::as_const(*env).observe(std::span<double>(after));
    double worst = 0.0;
    for (size_t i = 0; i < after.size(); ++i) worst = std::max(worst, std::abs(after[i] - next.at(row)[i]));
    errors.push_back(worst);
    result.reward = std::max(result.reward, std::abs(step.reward - rewards.values[row]));
  }
  std::sort(errors.begin(), errors.end());
  result.median = errors[errors.size() / 2];
  result.largest = errors.back();
  return result;
}

class Recorded : public testing::TestWithParam<const char*> {};

TEST_P(Recorded, GymnasiumIsMatchedToRounding) {
  const auto errors = replay(GetParam(), "v4", Physics::v4);
  EXPECT_LT(errors.largest, 1e-11);
  // The rewards were kept as float32, and the ant's speed is measured from where its torso was a substep ago.
  EXPECT_TRUE(GetParam() == std::string("ant") || errors.reward < 1e-6);
}

TEST_P(Recorded, MujocoPyIsMatchedToFloat32) {
  const auto errors = replay(GetParam(), "v2", Physics::v2);
  EXPECT_LT(errors.median, 2e-6);
  // A few states of walker and cheetah lie on a contact's or a limit's edge, where float32 decides the side.
  const bool has_edges = GetParam() != std::string("hopper");
  EXPECT_LT(errors.largest, has_edges ? 2e-2 : 5e-6);
  EXPECT_TRUE(GetParam() == std::string("ant") || errors.reward < (has_edges ? 2e-3 : 1e-6));
}

TEST_P(Recorded, TheOtherPhysicsIsVisiblyAnother) {
  EXPECT_GT(replay(GetParam(), "v2", Physics::v4).median, 1e-3);
  EXPECT_GT(replay(GetParam(), "v4", Physics::v2).median, 1e-3);
}

INSTANTIATE_TEST_SUITE_P(All, Recorded, testing::Values("hopper", "walker2d", "halfcheetah", "ant"),
                         [](const auto& instance) { return std::string(instance.param); });

}  // namespace
}  // namespace vaco
