// SPDX-License-Identifier: GPL-3.0-or-later
#include <mujoco/mujoco.h>

#include <algorithm>

#include "core/sim/mujoco_environment.h"
#include "core/tasks/catalogue.h"
#include "core/tasks/physics_name.h"

namespace vaco {
namespace {

// Sizes and bounds as the compiled model has them; our own models, so what fails here is a broken build.
EnvironmentInfo describe(const EnvironmentRules& rules) {
  EnvironmentInfo info;
  info.name = rules.name;
  const Task* task = find_task(rules.name);
  info.label = task->label;
  info.max_episode_steps = static_cast<int>(task->step_limit);
  const auto model = shared_model(rules.name, Physics::v4, rules.total_mass);
  if (!model) return info;
  const mjModel& m = **model;
  info.nq = static_cast<int>(m.nq);
  info.nv = static_cast<int>(m.nv);
  info.obs_dim = info.nq - rules.hidden_positions + info.nv;
  info.action_dim = static_cast<int>(m.nu);
  info.dt = m.opt.timestep * rules.frame_skip;
  for (int i = 0; i < info.action_dim; ++i) {
    info.action_low.push_back(static_cast<float>(m.actuator_ctrlrange[2 * i]));
    info.action_high.push_back(static_cast<float>(m.actuator_ctrlrange[2 * i + 1]));
  }
  return info;
}

}  // namespace

std::string to_text(Physics physics) {
  return physics == Physics::v2 ? "v2" : "v4";
}

Result<Physics> parse_physics(const std::string& text) {
  const std::string name = physics_name(text);
  if (name == "v2") return Physics::v2;
  if (name == "v4") return Physics::v4;
  return Error{ErrorCode::usage,
               "unknown physics '" + text + "': use v2 (as D4RL's data) or v4 (as Gymnasium)"};
}

const std::vector<EnvironmentInfo>& environments() {
  static const std::vector<EnvironmentInfo> infos = [] {
    std::vector<EnvironmentInfo> all;
    for (const auto& rules : all_rules()) all.push_back(describe(rules));
    return all;
  }();
  return infos;
}

Result<std::unique_ptr<Environment>> make_environment(const std::string& name, Physics physics) {
  const auto& infos = environments();
  const auto found =
      std::find_if(infos.begin(), infos.end(), [&](const auto& info) { return info.name == name; });
  if (found == infos.end()) {
    std::string known;
    for (const auto& info : infos) known += (known.empty() ? "" : ", ") + info.name;
    return Error{ErrorCode::usage, "unknown environment '" + name + "': use one of " + known};
  }
  const auto& rules = all_rules()[static_cast<size_t>(found - infos.begin())];
  auto model = shared_model(name, physics, rules.total_mass);
  if (!model) return model.error();
  try {
    return std::unique_ptr<Environment>(std::make_unique<MujocoEnvironment>(rules, *found, physics, *model));
  } catch (const MujocoError& error) {
    return Error{ErrorCode::failed, "MuJoCo cannot set up '" + name + "': " + error.what()};
  }
}

std::string simulator_version() {
  return std::string("MuJoCo ") + mj_versionString();
}

}  // namespace vaco
