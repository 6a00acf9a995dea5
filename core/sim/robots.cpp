// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of every environment on one page; the bodies are in resources/mjcf/<name>.xml.
#include <algorithm>
#include <cmath>

#include "core/sim/mujoco_environment.h"

namespace vaco {
namespace {

// qpos of all three: x, height, pitch, then the joints.
bool hopper_is_up(const double* qpos, const double* qvel, int nq, int nv) {
  const auto sane = [](double v) { return std::isfinite(v) && std::abs(v) < 100.0; };
  return std::isfinite(qpos[0]) && std::isfinite(qpos[1]) && std::all_of(qpos + 2, qpos + nq, sane) &&
         std::all_of(qvel, qvel + nv, sane) && qpos[1] > 0.7 && std::abs(qpos[2]) < 0.2;
}

bool walker_is_up(const double* qpos, const double*, int, int) {
  return qpos[1] > 0.8 && qpos[1] < 2.0 && qpos[2] > -1.0 && qpos[2] < 1.0;
}

}  // namespace

const std::vector<EnvironmentRules>& all_rules() {
  static const std::vector<EnvironmentRules> rules = {
      {.name = "hopper",
       .frame_skip = 4,
       .total_mass = 0.0,
       .hidden_positions = 1,
       .clip_velocity = true,
       .alive_bonus = 1.0,
       .control_cost = 1e-3,
       .healthy = hopper_is_up,
       .position_noise = 0.005,
       .velocity_noise = 0.005,
       .gaussian_velocity = false},
      {.name = "walker2d",
       .frame_skip = 4,
       .total_mass = 0.0,
       .hidden_positions = 1,
       .clip_velocity = true,
       .alive_bonus = 1.0,
       .control_cost = 1e-3,
       .healthy = walker_is_up,
       .position_noise = 0.005,
       .velocity_noise = 0.005,
       .gaussian_velocity = false},
      {.name = "halfcheetah",
       .frame_skip = 5,
       .total_mass = 14.0,
       .hidden_positions = 1,
       .clip_velocity = false,
       .alive_bonus = 0.0,
       .control_cost = 0.1,
       .healthy = nullptr,
       .position_noise = 0.1,
       .velocity_noise = 0.1,
       .gaussian_velocity = true},
  };
  return rules;
}

}  // namespace vaco
