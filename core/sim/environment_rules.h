// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mujoco/mujoco.h>

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/base/rng.h"
#include "core/sim/environment.h"

namespace vaco {

/// What the rules of an environment look at.
struct Scene {
  const mjModel& model;
  const mjData& data;
  Physics physics;
};

/// A step that was made, for the reward.
struct StepView {
  Scene scene;                     ///< after the step
  std::span<const double> action;  ///< [nu] raw
  double dt;                       ///< seconds the step took
  double watched;                  ///< what watch() said before the step
  std::span<const double> qpos_before, qvel_before;
  bool terminated;
};

/// A state to start from. Holds the model's own state and no velocity when it is handed over.
struct StartState {
  std::vector<double> qpos, qvel;
  std::vector<double> mocap;  ///< [3 per mocap body] positions: goals
};

/// Everything that tells one environment from another beside its model and its line in the catalogue of tasks.
/// The plain fields say what a walking robot needs; a function, where there is one, takes their place.
struct EnvironmentRules {
  std::string name;             ///< in the catalogue
  int frame_skip = 1;           ///< simulation steps per environment step
  double total_mass = 0.0;      ///< kg the model is rescaled to, 0 = as its shapes give
  int hidden_positions = 0;     ///< leading qpos that are not observed
  bool clip_velocity = false;   ///< observed velocities are clipped to ±10
  double alive_bonus = 0.0;     ///< reward per step; v5 does not pay it for the step that terminates
  double control_cost = 0.0;    ///< times the squared norm of the raw action
  double position_noise = 0.0;  ///< reset: qpos += U(−noise, noise)
  double velocity_noise = 0.0;  ///< reset: qvel = U(−noise, noise), or noise · N(0, 1)
  bool gaussian_velocity = false;
  double speed_limit = 0.0;  ///< velocities are clipped to ± this before a step, 0 = never
  int choices = 0;           ///< an action is one of so many, 0: it is continuous

  std::string model = {};  ///< resources/mjcf/<model>.xml, if it is not called as the environment
  std::function<std::string()> mjcf = {};              ///< the model's text, where no file holds it
  std::function<void(mjModel&, Physics)> adjust = {};  ///< what a version has changed in the model
  /// Moves the state by one step of dt, in place of MuJoCo, which then only draws it.
  std::function<void(std::span<const double> action, double dt, std::span<double> qpos, std::span<double> qvel)>
      equations = {};
  std::function<bool(const Scene&)> healthy = {};       ///< false terminates; none: nothing does
  std::function<double(const Scene&)> watch = {};       ///< whose speed is the reward; none: qpos[0]
  std::function<bool(Physics)> contact_forces = {};     ///< whether cfrc_ext is computed after each step
  std::function<double(const Scene&)> extra_cost = {};  ///< taken off the reward
  std::function<double(const StepView&)> reward = {};   ///< in place of speed, bonus and costs
  std::function<void(const Scene&, std::vector<double>&)> observe = {};  ///< appends; in place of qpos and qvel
  std::function<void(const mjModel&, Rng&, StartState&)> reset = {};     ///< in place of the noise
  /// The state from an observation (see restep.h), where it is not plainly qpos and qvel; false: it does not
  /// tell.
  std::function<bool(std::span<const float>, StartState&)> recover = {};
  int shown = 0;  ///< leading numbers of an observation that show the state; 0: all positions and velocities
};

/// An environment in one of its physics, ready to be stepped. Shared by all who roll it out.
struct EnvironmentSetup {
  EnvironmentRules rules;
  EnvironmentInfo info;
  Physics physics = Physics::v2;
  std::shared_ptr<const mjModel> model;
};

/// The current observation in double precision, appended.
void append_observation(const EnvironmentRules& rules, const Scene& scene, std::vector<double>& observation);

/// Sizes and bounds as the compiled model has them; no label and no step limit yet. May throw MujocoError.
EnvironmentInfo describe(const EnvironmentRules& rules, Physics physics, const mjModel& model);

/// The rules of every environment, in the order in which environments() lists them.
const std::vector<EnvironmentRules>& all_rules();
/// Parts of it, by file.
std::vector<EnvironmentRules> locomotion_rules();
std::vector<EnvironmentRules> pendulum_rules();
std::vector<EnvironmentRules> maze_rules();

}  // namespace vaco
