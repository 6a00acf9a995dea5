// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/result.h"
#include "core/hdf5/hdf5_file.h"

namespace vaco {

/// What a D4RL file tells about its columns and itself.
struct D4rlHead {
  int64_t rows = 0, obs_dim = 0, action_dim = 0;
  bool has_next_observations = false, has_timeouts = false, has_policy_ids = false;
  std::vector<std::string> policy_names;  ///< metadata/policy_names, or empty
  std::string environment;                ///< metadata/environment, or empty
  std::string physics;                    ///< metadata/physics, or empty
  bool collected_here = false;            ///< by metadata/provenance: rolled out by this program
  std::vector<std::string> wide_columns;  ///< names of the float64 columns
};

/// The columns of a D4RL file as they stand in it, checked to fit together but not interpreted yet.
struct D4rlColumns : D4rlHead {
  std::vector<float> observations;               ///< [N, obs_dim]
  std::vector<float> actions;                    ///< [N, action_dim]
  std::vector<double> rewards;                   ///< [N], kept in double so that returns lose nothing
  std::vector<float> next_observations;          ///< [N, obs_dim], or empty: absent
  std::vector<uint8_t> terminals;                ///< [N]
  std::optional<std::vector<uint8_t>> timeouts;  ///< [N], or absent
  std::vector<int32_t> policy_ids;               ///< [N], or empty: absent
  int64_t odd_flags = 0;        ///< flags that were neither 0 nor 1 (NaN too); they count as set
  int64_t first_odd_flag = -1;  ///< row
};

/// Checks that the columns of an open file are there and fit together, and reads none of them. bad_data names
/// the array that is missing or wrong.
Result<D4rlHead> read_d4rl_head(const Hdf5File& file);
/// Reads head and columns of an open file. Errors: read_d4rl_head()'s; stopped when told to.
Result<D4rlColumns> read_d4rl_columns(const Hdf5File& file, const ProgressFn& progress, std::stop_token stop);

}  // namespace vaco
