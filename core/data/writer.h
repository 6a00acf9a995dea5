// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace vaco {

/// Columns to be written as a D4RL HDF5 file; empty optional columns are left out.
struct DatasetColumns {
  int64_t rows = 0, obs_dim = 0, action_dim = 0, qpos_dim = 0, qvel_dim = 0;
  int64_t action_count = 0;  ///< actions are 0 … action_count − 1, one a row; 0: they are continuous
  std::vector<float> observations, actions, rewards, next_observations;
  std::vector<uint8_t> has_next;  ///< [rows] 0: next_observations holds nothing there; empty: it holds all
  std::vector<uint8_t> terminals, timeouts;  ///< written as D4RL does: ENUM of int8 {FALSE, TRUE}
  std::vector<double> qpos, qvel;            ///< infos/qpos, infos/qvel: the state BEFORE the action
  std::vector<int32_t> policy_ids;           ///< infos/policy
  std::vector<std::string> policy_names;     ///< metadata/policy_names
  std::string environment;                   ///< metadata/environment ("hopper")
  std::string physics;                       ///< metadata/physics ("v2")
  std::string provenance;                    ///< metadata/provenance: how it was made, JSON text

  /// Adds the rows of another set of columns with the same dimensions, its policy ids moved behind ours.
  Result<void> append(const DatasetColumns& other);
};

/// Usage error, in a clause, where the columns' sizes do not fit each other.
Result<void> check_columns(const DatasetColumns& columns);
/// Writes atomically (temporary file, fsync, rename); gzip + shuffle, chunked by rows. Where the successor of
/// some row is not known, next_observations are left out, as the layout cannot say it.
Result<void> write_dataset(const std::filesystem::path& path, const DatasetColumns& columns);

}  // namespace vaco
