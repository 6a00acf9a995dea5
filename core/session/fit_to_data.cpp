// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/fit_to_data.h"

#include "core/learn/algorithm.h"
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
                                                 const DataShape& shape) {
  const std::optional<EnvironmentInfo> none;
  const auto version = parse_physics(physics);
  if (!version) return none;
  auto info = environment_info(environment, *version);
  if (!info && info.error().code != ErrorCode::usage) return info.error();
  if (!info || info->obs_dim != shape.obs_dim || info->action_dim != shape.action_dim ||
      (info->action_count > 0) != shape.discrete)
    return none;
  return std::optional(std::move(*info));
}

Result<void> check_actions(const RunConfig& config, int64_t action_count, const std::string& dataset) {
  if (action_count == 0) return {};
  const auto algorithm = find_algorithm(config.algorithm);
  if (!algorithm) return algorithm.error();
  return check_actions(**algorithm, config.param_set(), action_count, dataset);
}

namespace {

bool fits(std::string_view task, std::string_view version, const DataShape& shape) {
  const auto info = simulated(std::string(task), std::string(version), shape);
  return info && *info;
}

/// "hopper" or "reacher in v5": what data of these dimensions could be of.
std::string fitting(const DataShape& shape) {
  std::string text;
  for (const auto& task : tasks()) {
    if (!task.has_shape(shape.obs_dim, shape.action_dim, shape.discrete)) continue;
    for (const auto version : task.physics) {
      if (version.empty() || !fits(task.name, version, shape)) continue;
      text.append(text.empty() ? "" : " or ").append(task.name);
      if (version != task.physics[0]) text.append(" in ").append(version);
      break;
    }
  }
  return text;
}

/// The first version of the task that has these dimensions, or empty.
std::string fitting_version(const Task& task, const DataShape& shape) {
  for (const auto version : task.physics)
    if (!version.empty() && fits(task.name, version, shape)) return std::string(version);
  return {};
}

std::string numbers_of(int64_t obs_dim, int64_t action_dim, bool discrete) {
  return "observations of " + std::to_string(obs_dim) + " and " +
         (discrete ? "actions that are choices" : "actions of " + std::to_string(action_dim) + " numbers");
}

}  // namespace

Result<void> check_dimensions(const DataShape& shape, const std::string& environment,
                              const std::string& physics) {
  const Task* task = find_task(environment);
  const bool can_be_rolled_out = is_task_file(environment) || (task && task->simulated());
  if (!can_be_rolled_out) return {};
  const auto exact = simulated(environment, physics, shape);
  if (!exact) return exact.error();
  if (*exact) return {};
  const std::string own = task ? fitting_version(*task, shape) : std::string();
  // Data of the task as others know it: it is learned from, but policies of it cannot be rolled out here.
  if (own.empty() && task && task->has_shape(shape.obs_dim, shape.action_dim, shape.discrete)) return {};
  const auto version = parse_physics(physics);
  if (!version) return version.error();
  const auto info = environment_info(environment, *version);
  if (!info) return info.error();
  const auto others = fitting(shape);
  const bool choices = info->action_count > 0;
  return Error{ErrorCode::usage,
               "the dataset has " + numbers_of(shape.obs_dim, shape.action_dim, shape.discrete) + ", but " +
                   environment + " has " +
                   (choices == shape.discrete && !choices
                        ? std::to_string(info->obs_dim) + " and " + std::to_string(info->action_dim)
                        : numbers_of(info->obs_dim, info->action_dim, choices)) +
                   (own.empty() ? "; name the one it was made in (--environment; in the window, Environment)" +
                                      (others.empty() ? "" : " (" + others + " would fit)")
                                : " in its version " + physics + "; use --physics " + own)};
}

Result<void> fit_to_data(RunConfig& config, const DatasetHead& head) {
  if (auto can = check_actions(config, head.action_count, config.dataset.string()); !can) return can;
  const DataShape shape{head.obs_dim, head.action_dim, head.action_count > 0};
  auto environment = config.environment.empty() ? head.environment : config.environment;
  const Task* task = find_task(environment);
  // What a file is called may mislead, but who names an environment means it.
  if (!config.environment.empty() && task && !task->simulated() &&
      !task->has_shape(shape.obs_dim, shape.action_dim, shape.discrete))
    return Error{ErrorCode::usage,
                 numbers_of(shape.obs_dim, shape.action_dim, shape.discrete) + " are not those of " +
                     environment +
                     "; name no environment (--environment; in the window, Environment), or the right one"};
  if (task && task->simulated() && fitting_version(*task, shape).empty())
    // A task whose observations are another one's with more ("ant" with contact forces) goes by a name of its
    // own.
    for (const auto& variant : tasks())
      if (variant.name.starts_with(environment + "-") && !fitting_version(variant, shape).empty()) {
        task = &variant;
        environment = config.environment = variant.name;
        break;
      }
  if (config.physics.empty()) {
    config.physics = physics_for({}, head.physics, environment);
    if (head.physics.empty() && task && !fits(environment, config.physics, shape))
      if (const auto own = fitting_version(*task, shape); !own.empty()) config.physics = own;
  }
  return check_dimensions(shape, environment, config.physics);
}

}  // namespace vaco
