// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"

namespace vaco {

/// What a column of a dataset is for.
enum class Role {
  observations,
  actions,
  rewards,
  next_observations,
  terminals,  ///< the episode ended in a terminal state
  timeouts,   ///< it ended by time
  dones,      ///< it ended, one way or the other
  live,       ///< 1 − terminal ("masks")
  episodes,   ///< number of the episode
  steps,      ///< number of the row in its episode
  costs,      ///< of safe reinforcement learning; not used
  behavior    ///< number of the policy that acted
};
inline constexpr size_t kRoles = 12;
/// "observations", as --columns takes it.
std::string_view role_name(Role role);
/// The role that a column of this name has with most people ("obs", "next_state"), without regard to case,
/// as its number; kRoles where nobody calls it so.
size_t role_of(std::string_view column);
/// Names for a role, the most usual first.
std::vector<std::string_view> names_of(Role role);

/// --columns, parsed: for each role the texts given for it. Usage error for what is no role, listing them.
using ColumnChoice = std::map<Role, std::vector<std::string>>;
Result<ColumnChoice> parse_columns(const std::string& text);

}  // namespace vaco
