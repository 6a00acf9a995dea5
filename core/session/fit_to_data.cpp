// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/fit_to_data.h"

#include <algorithm>

#include "core/sim/environment.h"
#include "core/tasks/catalogue.h"
#include "core/tasks/physics_name.h"

namespace vaco {

std::string physics_for(const std::string& asked, const std::string& of_data) {
  if (!asked.empty()) return physics_name(asked);
  const auto said = parse_physics(of_data);
  return to_text(said ? *said : Physics::v2);
}

Result<void> check_dimensions(int64_t obs_dim, int64_t action_dim, const std::string& environment) {
  const auto& all = environments();
  const auto fits = [&](const EnvironmentInfo& info) {
    return info.obs_dim == obs_dim && info.action_dim == action_dim;
  };
  const auto meant =
      std::find_if(all.begin(), all.end(), [&](const auto& info) { return info.name == environment; });
  if (meant == all.end() || fits(*meant)) return {};
  std::string fitting;
  for (const auto& info : all)
    if (fits(info)) fitting += (fitting.empty() ? "" : " or ") + info.name;
  return Error{ErrorCode::usage, "the dataset has observations of " + std::to_string(obs_dim) +
                                     " and actions of " + std::to_string(action_dim) + " numbers, but " +
                                     environment + " has " + std::to_string(meant->obs_dim) + " and " +
                                     std::to_string(meant->action_dim) +
                                     "; name the environment it was made in with --environment" +
                                     (fitting.empty() ? "" : " (" + fitting + " would fit)")};
}

Result<void> check_actions(int64_t action_count, const std::string& dataset) {
  if (action_count == 0) return {};
  return Error{ErrorCode::bad_data,
               dataset +
                   ": its actions are discrete choices (whole numbers), and every algorithm here learns "
                   "continuous ones, which would take choice 2 for twice choice 1; nothing was trained"};
}

Result<void> fit_to_data(RunConfig& config, const DatasetHead& head) {
  if (auto continuous = check_actions(head.action_count, config.dataset.string()); !continuous)
    return continuous;
  const auto& environment = config.environment.empty() ? head.environment : config.environment;
  if (auto fits = check_dimensions(head.obs_dim, head.action_dim, environment); !fits) return fits;
  // What a file is called may mislead, but who names an environment means it.
  if (!config.environment.empty() && fits_environment(environment, head.obs_dim, head.action_dim) == false)
    return Error{ErrorCode::usage, "observations of " + std::to_string(head.obs_dim) + " and actions of " +
                                       std::to_string(head.action_dim) + " numbers are not those of " +
                                       environment + "; leave --environment away, or name the right one"};
  config.physics = physics_for(config.physics, head.physics);
  return {};
}

}  // namespace vaco
