// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/gym_spec.h"

#include "core/base/json_value.h"
#include "core/tasks/task_names.h"

namespace vaco {
namespace {

/// JSON that may stand inside a string.
Json unwrapped(const Json& value) {
  return value.is_string() ? parse_python_json(value.get<std::string>()) : value;
}

}  // namespace

Json parse_python_json(const std::string& text) {
  std::string plain;
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '"' && (i == 0 || text[i - 1] != '\\')) quoted = !quoted;
    if (!quoted && text.compare(i, 8, "Infinity") == 0) {
      plain += "1e308";
      i += 7;
    } else if (!quoted && text.compare(i, 3, "NaN") == 0) {
      plain += "null";
      i += 2;
    } else {
      plain += text[i];
    }
  }
  return Json::parse(plain, nullptr, false);
}

std::string physics_of_id(const std::string& id) {
  const std::string environment = guess_environment(id);
  const size_t dash = id.rfind("-v");
  if (dash == std::string::npos || dash + 3 != id.size()) return {};
  if (environment != "hopper" && environment != "walker2d" && environment != "halfcheetah" &&
      environment != "ant")
    return {};
  const std::string version = id.substr(dash + 1);
  return version == "v2" || version == "v4" || version == "v5" ? version : std::string();
}

GymSpec read_gym_spec(const Json& env_spec, const Json& action_space) {
  GymSpec spec;
  const Json environment = unwrapped(env_spec), actions = unwrapped(action_space);
  spec.id = value_or<std::string>(environment, "id", "");
  spec.physics = physics_of_id(spec.id);
  spec.step_limit = std::max<int64_t>(0, value_or<int64_t>(environment, "max_episode_steps", 0));
  spec.discrete_actions = value_or<std::string>(actions, "type", "") == "Discrete";
  return spec;
}

}  // namespace vaco
