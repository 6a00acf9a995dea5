// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/column_names.h"

#include <algorithm>
#include <cctype>

namespace vaco {
namespace {

struct Names {
  Role role;
  std::vector<std::string_view> names;
};

/// One table of what people call their columns; the first name of a role is its own.
const std::array<Names, kRoles>& table() {
  static const std::array<Names, kRoles> kTable{
      {{Role::observations, {"observations", "observation", "obs", "states", "state", "o", "s"}},
       {Role::actions, {"actions", "action", "acts", "act", "a", "u"}},
       {Role::rewards, {"rewards", "reward", "rews", "rew", "r"}},
       {Role::next_observations,
        {"next_observations", "next_observation", "next_obs", "obs_next", "next_states", "next_state",
         "observations_next", "observation_next", "new_obs", "new_observations", "obs2", "s2", "s_next",
         "next_s"}},
       {Role::terminals,
        {"terminals", "terminal", "terminations", "termination", "terminated", "terminateds", "is_terminal",
         "absorbing"}},
       {Role::timeouts,
        {"timeouts", "timeout", "truncations", "truncation", "truncated", "truncateds", "time_limit",
         "is_timeout"}},
       {Role::dones, {"dones", "done", "episode_terminals", "episode_ends", "is_last", "last", "d"}},
       {Role::live, {"masks", "mask", "discounts", "not_done", "continues"}},
       {Role::episodes,
        {"episodes", "episode", "episode_id", "episode_ids", "episode_index", "ep", "trajectory",
         "trajectory_id", "traj", "traj_id", "trajectories"}},
       {Role::steps, {"steps", "step", "timestep", "timesteps", "t", "time_step", "frame_index"}},
       {Role::costs, {"costs", "cost"}},
       {Role::behavior, {"infos/policy", "policy", "policy_id", "source"}}}};
  return kTable;
}

std::string lower(std::string_view text) {
  std::string plain(text);
  std::transform(plain.begin(), plain.end(), plain.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return plain;
}

std::vector<std::string> split(std::string_view text, std::string_view separators) {
  std::vector<std::string> parts;
  size_t at = 0;
  while (at <= text.size()) {
    const size_t end = std::min(text.find_first_of(separators, at), text.size());
    if (end > at) parts.emplace_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

}  // namespace

std::string_view role_name(Role role) {
  return table()[static_cast<size_t>(role)].names.front();
}

size_t role_of(std::string_view column) {
  const std::string plain = lower(column);
  for (size_t r = 0; r < kRoles; ++r)
    for (const auto& name : table()[r].names)
      if (name == plain) return r;
  return kRoles;
}

std::vector<std::string_view> names_of(Role role) {
  return table()[static_cast<size_t>(role)].names;
}

Result<ColumnChoice> parse_columns(const std::string& text) {
  ColumnChoice choice;
  for (const auto& part : split(text, "; ")) {
    const size_t equals = part.find('=');
    const size_t role = role_of(part.substr(0, equals));
    if (role == kRoles || equals == std::string::npos || equals + 1 == part.size()) {
      std::string roles;
      for (size_t r = 0; r < kRoles; ++r)
        roles += (r == 0 ? "" : ", ") + std::string(role_name(static_cast<Role>(r)));
      return Error{ErrorCode::usage, "--columns: '" + part + "' is not ROLE=COLUMNS; roles are " + roles +
                                         ", for instance \"observations=0-3;actions=4;rewards=reward\""};
    }
    choice[static_cast<Role>(role)] = split(part.substr(equals + 1), ",");
  }
  return choice;
}

}  // namespace vaco
