// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/fit_to_data.h"

#include "core/tasks/catalogue.h"
#include "core/tasks/physics_name.h"
#include "core/tasks/task_names.h"

namespace vaco {

std::string physics_for(const std::string& asked, const std::string& of_data, const std::string& environment) {
  if (!asked.empty()) return physics_name(asked);
  if (is_task_file(environment)) return to_text(Physics::v4);
  const std::string said = physics_name(of_data);
  const Task* task = find_task(environment);
  if (task && task->simulated()) return task->has_physics(said) ? said : std::string(task->physics[0]);
  return parse_physics(said) ? said : to_text(Physics::v2);
}

Result<std::optional<EnvironmentInfo>> simulated(const std::string& environment, const std::string& physics,
                                                 int64_t obs_dim, int64_t action_dim) {
  const std::optional<EnvironmentInfo> none;
  const auto version = parse_physics(physics);
  if (!version) return none;
  auto info = environment_info(environment, *version);
  if (!info && info.error().code != ErrorCode::usage) return info.error();
  if (!info || info->obs_dim != obs_dim || info->action_dim != action_dim) return none;
  return std::optional(std::move(*info));
}

Result<void> check_actions(int64_t action_count, const std::string& dataset) {
  if (action_count == 0) return {};
  return Error{ErrorCode::bad_data,
               dataset +
                   ": its actions are discrete choices (whole numbers), and every algorithm here learns "
                   "continuous ones, which would take choice 2 for twice choice 1; nothing was trained"};
}

namespace {

bool fits(std::string_view task, std::string_view version, int64_t obs_dim, int64_t action_dim) {
  const auto info = simulated(std::string(task), std::string(version), obs_dim, action_dim);
  return info && *info;
}

/// "hopper" or "reacher in v5": what data of these dimensions could be of.
std::string fitting(int64_t obs_dim, int64_t action_dim) {
  std::string text;
  for (const auto& task : tasks()) {
    if (!task.has_shape(obs_dim, action_dim)) continue;
    for (const auto version : task.physics) {
      if (version.empty() || !fits(task.name, version, obs_dim, action_dim)) continue;
      text.append(text.empty() ? "" : " or ").append(task.name);
      if (version != task.physics[0]) text.append(" in ").append(version);
      break;
    }
  }
  return text;
}

/// The first version of the task that has these dimensions, or empty.
std::string fitting_version(const Task& task, int64_t obs_dim, int64_t action_dim) {
  for (const auto version : task.physics)
    if (!version.empty() && fits(task.name, version, obs_dim, action_dim)) return std::string(version);
  return {};
}

}  // namespace

Result<void> check_dimensions(int64_t obs_dim, int64_t action_dim, const std::string& environment,
                              const std::string& physics) {
  const Task* task = find_task(environment);
  const bool can_be_rolled_out = is_task_file(environment) || (task && task->simulated());
  if (!can_be_rolled_out) return {};
  const auto exact = simulated(environment, physics, obs_dim, action_dim);
  if (!exact) return exact.error();
  if (*exact) return {};
  const std::string own = task ? fitting_version(*task, obs_dim, action_dim) : std::string();
  // Data of the task as others know it: it is learned from, but policies of it cannot be rolled out here.
  if (own.empty() && task && task->has_shape(obs_dim, action_dim)) return {};
  const auto version = parse_physics(physics);
  if (!version) return version.error();
  const auto info = environment_info(environment, *version);
  if (!info) return info.error();
  const auto others = fitting(obs_dim, action_dim);
  return Error{ErrorCode::usage, "the dataset has observations of " + std::to_string(obs_dim) +
                                     " and actions of " + std::to_string(action_dim) + " numbers, but " +
                                     environment + " has " + std::to_string(info->obs_dim) + " and " +
                                     std::to_string(info->action_dim) +
                                     (own.empty() ? "; name the environment it was made in with --environment" +
                                                        (others.empty() ? "" : " (" + others + " would fit)")
                                                  : " in its version " + physics + "; use --physics " + own)};
}

Result<void> fit_to_data(RunConfig& config, const DatasetHead& head) {
  if (auto continuous = check_actions(head.action_count, config.dataset.string()); !continuous)
    return continuous;
  auto environment = config.environment.empty() ? head.environment : config.environment;
  const Task* task = find_task(environment);
  // What a file is called may mislead, but who names an environment means it.
  if (!config.environment.empty() && task && !task->simulated() &&
      !task->has_shape(head.obs_dim, head.action_dim))
    return Error{ErrorCode::usage, "observations of " + std::to_string(head.obs_dim) + " and actions of " +
                                       std::to_string(head.action_dim) + " numbers are not those of " +
                                       environment + "; leave --environment away, or name the right one"};
  if (task && task->simulated() && fitting_version(*task, head.obs_dim, head.action_dim).empty())
    // A task whose observations are another one's with more ("ant" with contact forces) goes by a name of its
    // own.
    for (const auto& variant : tasks())
      if (variant.name.starts_with(environment + "-") &&
          !fitting_version(variant, head.obs_dim, head.action_dim).empty()) {
        task = &variant;
        environment = config.environment = variant.name;
        break;
      }
  if (config.physics.empty()) {
    config.physics = physics_for({}, head.physics, environment);
    if (head.physics.empty() && task && !fits(environment, config.physics, head.obs_dim, head.action_dim))
      if (const auto own = fitting_version(*task, head.obs_dim, head.action_dim); !own.empty())
        config.physics = own;
  }
  return check_dimensions(head.obs_dim, head.action_dim, environment, config.physics);
}

}  // namespace vaco
