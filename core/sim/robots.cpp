// SPDX-License-Identifier: GPL-3.0-or-later
// The rules of everything that walks or swims on one page; the bodies are in resources/mjcf/<name>.xml.
#include <algorithm>
#include <cmath>

#include "core/sim/environment_rules.h"

namespace vaco {
namespace {

// qpos of hopper, walker2d and halfcheetah: x, height, pitch, then the joints.
bool hopper_is_up(const Scene& scene) {
  const double *qpos = scene.data.qpos, *qvel = scene.data.qvel;
  const auto sane = [](double v) { return std::isfinite(v) && std::abs(v) < 100.0; };
  return std::isfinite(qpos[0]) && std::isfinite(qpos[1]) &&
         std::all_of(qpos + 2, qpos + scene.model.nq, sane) && std::all_of(qvel, qvel + scene.model.nv, sane) &&
         qpos[1] > 0.7 && std::abs(qpos[2]) < 0.2;
}

bool walker_is_up(const Scene& scene) {
  const double* qpos = scene.data.qpos;
  return qpos[1] > 0.8 && qpos[1] < 2.0 && qpos[2] > -1.0 && qpos[2] < 1.0;
}

bool ant_is_up(const Scene& scene) {
  const auto finite = [](double v) { return std::isfinite(v); };
  const double *qpos = scene.data.qpos, *qvel = scene.data.qvel;
  return std::all_of(qpos, qpos + scene.model.nq, finite) && std::all_of(qvel, qvel + scene.model.nv, finite) &&
         qpos[2] >= 0.2 && qpos[2] <= 1.0;
}

// As the simulation left it, a substep behind qpos: that is what Gym measures the ant's speed by.
double ant_position(const Scene& scene) {
  return scene.data.xpos[3];
}

// v5 walks with both feet equally rough.
void even_feet(mjModel& model, Physics physics) {
  if (physics != Physics::v5) return;
  const int foot = mj_name2id(&model, mjOBJ_GEOM, "foot");
  model.geom_friction[3 * foot] = 1.9;
}

double clipped(double force) {
  return std::clamp(force, -1.0, 1.0);
}

void observe_ant(const Scene& scene, int first_body, bool forces, std::vector<double>& out) {
  out.insert(out.end(), scene.data.qpos + 2, scene.data.qpos + scene.model.nq);
  out.insert(out.end(), scene.data.qvel, scene.data.qvel + scene.model.nv);
  const auto begin = 6 * first_body, end = 6 * static_cast<int>(scene.model.nbody);
  for (int i = begin; i < end; ++i) out.push_back(forces ? clipped(scene.data.cfrc_ext[i]) : 0.0);
}

double contact_cost(const Scene& scene) {
  double squares = 0.0;
  for (int i = 0; i < 6 * scene.model.nbody; ++i) squares += std::pow(clipped(scene.data.cfrc_ext[i]), 2);
  return 5e-4 * squares;
}

EnvironmentRules ant() {
  return {.name = "ant",
          .frame_skip = 5,
          .hidden_positions = 2,
          .alive_bonus = 1.0,
          .control_cost = 0.5,
          .position_noise = 0.1,
          .velocity_noise = 0.1,
          .gaussian_velocity = true,
          .healthy = ant_is_up,
          .watch = ant_position};
}

// v5 observes and pays for the forces of contact; before that they were an option of v4 (ant-contact).
// mujoco-py left them 0 when D4RL's data was made, and so does our v2.
EnvironmentRules ant_of_every_version() {
  auto rules = ant();
  rules.contact_forces = [](Physics physics) { return physics == Physics::v5; };
  rules.extra_cost = [](const Scene& scene) {
    return scene.physics == Physics::v5 ? contact_cost(scene) : 0.0;
  };
  rules.observe = [](const Scene& scene, std::vector<double>& out) {
    const int after_world = 1;
    observe_ant(scene, scene.physics == Physics::v5 ? after_world : static_cast<int>(scene.model.nbody), true,
                out);
  };
  return rules;
}

EnvironmentRules ant_with_contact() {
  auto rules = ant();
  rules.name = "ant-contact";
  rules.model = "ant";
  rules.contact_forces = [](Physics physics) { return physics != Physics::v2; };
  rules.extra_cost = [](const Scene& scene) {
    return scene.physics != Physics::v2 ? contact_cost(scene) : 0.0;
  };
  rules.observe = [](const Scene& scene, std::vector<double>& out) {
    observe_ant(scene, 0, scene.physics != Physics::v2, out);
  };
  return rules;
}

}  // namespace

std::vector<EnvironmentRules> locomotion_rules() {
  return {{.name = "hopper",
           .frame_skip = 4,
           .hidden_positions = 1,
           .clip_velocity = true,
           .alive_bonus = 1.0,
           .control_cost = 1e-3,
           .position_noise = 0.005,
           .velocity_noise = 0.005,
           .healthy = hopper_is_up},
          {.name = "walker2d",
           .frame_skip = 4,
           .hidden_positions = 1,
           .clip_velocity = true,
           .alive_bonus = 1.0,
           .control_cost = 1e-3,
           .position_noise = 0.005,
           .velocity_noise = 0.005,
           .adjust = even_feet,
           .healthy = walker_is_up},
          {.name = "halfcheetah",
           .frame_skip = 5,
           .total_mass = 14.0,
           .hidden_positions = 1,
           .control_cost = 0.1,
           .position_noise = 0.1,
           .velocity_noise = 0.1,
           .gaussian_velocity = true},
          ant_of_every_version(),
          ant_with_contact(),
          {.name = "swimmer",
           .frame_skip = 4,
           .hidden_positions = 2,
           .control_cost = 1e-4,
           .position_noise = 0.1,
           .velocity_noise = 0.1}};
}

}  // namespace vaco
