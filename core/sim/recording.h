// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace vaco {

/// How an episode that was watched came to its end.
enum class RolledEnd { unknown, terminated, time_limit, cut };

/// The states of T steps, for watching, none simulated again: a trajectory as a dataset holds it, or an episode
/// that a policy rolled out.
struct Recording {
  int64_t index = 0;            ///< of the trajectory in its dataset; of the episode that was rolled out
  int64_t policy_step = -1;     ///< training step of the policy that rolled it out; -1: it is of a dataset
  int nq = 0, nv = 0;           ///< widths of the rows
  int action_dim = 0;           ///< width of the actions; 0: they are not known
  std::vector<double> qpos;     ///< [T, nq], or [T + 1, nq] with the state after the last step
  std::vector<double> qvel;     ///< [T, nv], or [T + 1, nv]
  std::vector<double> rewards;  ///< [T] of the step that starts in the row
  std::vector<float> actions;   ///< [T, action_dim]
  RolledEnd end = RolledEnd::unknown;
  [[nodiscard]] int64_t length() const { return static_cast<int64_t>(rewards.size()); }
  [[nodiscard]] int64_t states() const { return nq > 0 ? static_cast<int64_t>(qpos.size()) / nq : 0; }
};

}  // namespace vaco
