// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/tasks/gymnasium.h"

#include <algorithm>
#include <iterator>

#include "core/tasks/catalogue.h"

namespace vaco {
namespace {

struct Known {
  std::string_view task, name, module, type;
  int64_t v4_dim, v5_dim;  ///< numbers in an observation of each version
};

constexpr Known kMujoco[] = {
    {"hopper", "Hopper", "hopper", "HopperEnv", 11, 11},
    {"walker2d", "Walker2d", "walker2d", "Walker2dEnv", 17, 17},
    {"halfcheetah", "HalfCheetah", "half_cheetah", "HalfCheetahEnv", 17, 17},
    {"ant", "Ant", "ant", "AntEnv", 27, 105},
    {"swimmer", "Swimmer", "swimmer", "SwimmerEnv", 8, 8},
    {"invertedpendulum", "InvertedPendulum", "inverted_pendulum", "InvertedPendulumEnv", 4, 4},
    {"inverteddoublependulum", "InvertedDoublePendulum", "inverted_double_pendulum",
     "InvertedDoublePendulumEnv", 11, 9},
    {"reacher", "Reacher", "reacher", "ReacherEnv", 11, 10},
};

}  // namespace

std::optional<GymnasiumEnvironment> gymnasium_environment(std::string_view environment,
                                                          std::string_view physics, int64_t obs_dim) {
  const Task* task = find_task(environment);
  if (!task) return std::nullopt;
  const std::string version(physics.empty() && task->physics[1].empty() ? task->physics[0] : physics);
  if (environment == "cartpole" && version == "v1" && obs_dim == 4)
    return GymnasiumEnvironment{"CartPole-v1", "gymnasium.envs.classic_control.cartpole:CartPoleEnv",
                                task->step_limit};
  const auto* known = std::find_if(std::begin(kMujoco), std::end(kMujoco),
                                   [&](const Known& one) { return one.task == environment; });
  if (known == std::end(kMujoco)) return std::nullopt;
  const int64_t observed = version == "v4" ? known->v4_dim : version == "v5" ? known->v5_dim : 0;
  if (observed != obs_dim || obs_dim == 0) return std::nullopt;
  return GymnasiumEnvironment{
      std::string(known->name) + "-" + version,
      "gymnasium.envs.mujoco." + std::string(known->module) + "_" + version + ":" + std::string(known->type),
      task->step_limit};
}

}  // namespace vaco
