// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/base/json.h"

namespace vaco {

/// What Gymnasium's description of an environment tells.
struct GymSpec {
  std::string id;          ///< "Hopper-v5"
  std::string physics;     ///< "v2", "v4", "v5" of the locomotion tasks; else empty
  int64_t step_limit = 0;  ///< max_episode_steps, or 0
  bool discrete_actions = false;
};

/// Python's JSON writes bare NaN and Infinity, which JSON does not know; a discarded value where the text is no
/// JSON otherwise.
Json parse_python_json(const std::string& text);

/// From env_spec and action_space as Minari keeps them: JSON inside a string, or JSON itself.
GymSpec read_gym_spec(const Json& env_spec, const Json& action_space);

/// The physics version in an environment's id: "v4" of "Hopper-v4", "v2" of "hopper-medium-v2"; empty where the
/// environment is none whose versions differ in it.
std::string physics_of_id(const std::string& id);

}  // namespace vaco
