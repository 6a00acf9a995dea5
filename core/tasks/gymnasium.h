// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace vaco {

/// What Gymnasium needs to make an environment again.
struct GymnasiumEnvironment {
  std::string id;           ///< "Hopper-v4"
  std::string entry_point;  ///< "gymnasium.envs.mujoco.hopper_v4:HopperEnv"
  int64_t step_limit = 0;
};

/// Gymnasium's environment for a task in a version of the simulator, if it has one that observes so much: v4
/// and v5 of MuJoCo's (v2, D4RL's, it has no more), and CartPole. An empty physics is that of a task with one
/// alone.
std::optional<GymnasiumEnvironment> gymnasium_environment(std::string_view environment,
                                                          std::string_view physics, int64_t obs_dim);

}  // namespace vaco
