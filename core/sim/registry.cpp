// SPDX-License-Identifier: GPL-3.0-or-later
#include <mujoco/mujoco.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <utility>

#include "core/sim/mujoco_environment.h"
#include "core/sim/task_file.h"
#include "core/tasks/catalogue.h"
#include "core/tasks/physics_name.h"
#include "core/tasks/task_names.h"

namespace vaco {
namespace {

using SetupPtr = std::shared_ptr<const EnvironmentSetup>;

const EnvironmentRules* find_rules(const std::string& name) {
  const auto& all = all_rules();
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const auto& rules) { return rules.name == name; });
  return found == all.end() ? nullptr : &*found;
}

Result<SetupPtr> build_setup(const EnvironmentRules& rules, Physics physics) {
  auto model = build_model(rules, physics);
  if (!model) return model.error();
  const Task& task = *find_task(rules.name);
  try {
    auto setup = std::make_shared<EnvironmentSetup>();
    setup->rules = rules;
    setup->info = describe(rules, physics, **model);
    setup->info.label = task.label;
    setup->info.max_episode_steps = static_cast<int>(task.step_limit);
    setup->physics = physics;
    setup->model = std::move(*model);
    return SetupPtr(std::move(setup));
  } catch (const MujocoError& error) {
    return Error{ErrorCode::failed, "MuJoCo cannot set up '" + rules.name + "': " + error.what()};
  }
}

std::string versions(const Task& task) {
  std::string text;
  for (const auto version : task.physics)
    if (!version.empty()) text.append(text.empty() ? "" : ", ").append(version);
  return text;
}

Result<SetupPtr> find_setup(const std::string& name, Physics physics) {
  static std::mutex mutex;
  static std::map<std::pair<std::string, Physics>, SetupPtr> built;
  if (is_task_file(name)) return read_task_file(name);
  const Task* task = find_task(name);
  const EnvironmentRules* rules = find_rules(name);
  if (!task || !rules)
    return Error{ErrorCode::usage,
                 "unknown environment '" + name + "': use one of " + simulated_environments()};
  if (!task->has_physics(to_text(physics)))
    return Error{ErrorCode::usage,
                 std::string(task->label) + " has no " + to_text(physics) + " physics: use " + versions(*task)};
  // Compiling is guarded too: MuJoCo's compiler keeps state of its own.
  const std::lock_guard lock(mutex);
  SetupPtr& setup = built[{name, physics}];
  if (setup) return setup;
  auto made = build_setup(*rules, physics);
  if (!made) return made.error();
  setup = std::move(*made);
  return setup;
}

}  // namespace

std::string to_text(Physics physics) {
  switch (physics) {
    case Physics::v1:
      return "v1";
    case Physics::v2:
      return "v2";
    case Physics::v4:
      return "v4";
    case Physics::v5:
      break;
  }
  return "v5";
}

Result<Physics> parse_physics(const std::string& text) {
  const std::string name = physics_name(text);
  for (const auto physics : {Physics::v1, Physics::v2, Physics::v4, Physics::v5})
    if (name == to_text(physics)) return physics;
  return Error{ErrorCode::usage,
               "unknown physics '" + text +
                   "': use v2 (as D4RL's data), v4 or v5 (as Gymnasium), or v1 (CartPole's own)"};
}

const std::vector<EnvironmentRules>& all_rules() {
  static const std::vector<EnvironmentRules> rules = [] {
    std::vector<EnvironmentRules> all = locomotion_rules();
    for (auto part : {pendulum_rules(), maze_rules()})
      for (auto& rules_of_one : part) all.push_back(std::move(rules_of_one));
    return all;
  }();
  return rules;
}

const std::vector<EnvironmentInfo>& environments() {
  static const std::vector<EnvironmentInfo> infos = [] {
    std::vector<EnvironmentInfo> all;
    for (const auto& rules : all_rules()) {
      const auto first = parse_physics(std::string(find_task(rules.name)->physics[0]));
      // Our own models: what fails here is a broken build, which make_environment() reports.
      if (auto info = environment_info(rules.name, *first)) all.push_back(std::move(*info));
    }
    return all;
  }();
  return infos;
}

Result<EnvironmentInfo> environment_info(const std::string& name, Physics physics) {
  const auto setup = find_setup(name, physics);
  if (!setup) return setup.error();
  return (*setup)->info;
}

Result<std::unique_ptr<Environment>> make_environment(const std::string& name, Physics physics) {
  const auto setup = find_setup(name, physics);
  if (!setup) return setup.error();
  try {
    return std::unique_ptr<Environment>(std::make_unique<MujocoEnvironment>(*setup));
  } catch (const MujocoError& error) {
    return Error{ErrorCode::failed, "MuJoCo cannot set up '" + name + "': " + error.what()};
  }
}

std::string simulator_version() {
  return std::string("MuJoCo ") + mj_versionString();
}

}  // namespace vaco
