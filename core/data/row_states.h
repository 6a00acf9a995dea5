// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "core/base/result.h"
#include "core/data/dataset.h"

namespace vaco {

/// The simulator's states that a file keeps beside its rows (D4RL's infos/qpos and infos/qvel): before each
/// row's action, in double precision.
struct RowStates {
  int64_t qpos_dim = 0, qvel_dim = 0;
  std::vector<double> qpos, qvel;  ///< [N, qpos_dim], [N, qvel_dim]
  [[nodiscard]] bool empty() const { return qpos.empty(); }
};

/// Those of a dataset's rows; empty where its file has none, or not one for each row. Errors: the file can no
/// longer be read.
Result<RowStates> read_row_states(const Dataset& dataset);

}  // namespace vaco
