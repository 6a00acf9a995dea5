// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

namespace vaco {

/// The states of a trajectory as a dataset holds them, for watching: T rows, none simulated again.
struct Recording {
  int64_t index = 0;            ///< of the trajectory in its dataset
  int nq = 0, nv = 0;           ///< widths of the rows
  std::vector<double> qpos;     ///< [T, nq]
  std::vector<double> qvel;     ///< [T, nv]
  std::vector<double> rewards;  ///< [T] of the step that starts in the row
  [[nodiscard]] int64_t length() const { return static_cast<int64_t>(rewards.size()); }
};

}  // namespace vaco
