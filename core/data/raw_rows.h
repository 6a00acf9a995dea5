// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/data/dataset.h"

namespace vaco {

/// What a reader found in a file, before anything is made of it: build_dataset() is the one way from here to a
/// Dataset. Columns over N rows in time order; a reader fills what its layout has and leaves the rest alone.
struct RawRows {
  int64_t rows = 0, obs_dim = 0, action_dim = 0;
  std::vector<float> observations;       ///< [N, obs_dim]
  std::vector<float> actions;            ///< [N, action_dim]; discrete ones as their numbers
  std::vector<double> rewards;           ///< [N], in double so that returns lose nothing
  std::vector<float> next_observations;  ///< [N, obs_dim], or empty: the next row of the episode stands in
  std::vector<uint8_t> has_next;         ///< [N] 0: next_observations holds nothing there; empty: all hold
  std::vector<uint8_t> terminals;        ///< [N]
  std::optional<std::vector<uint8_t>> timeouts;  ///< [N], or absent
  std::vector<uint8_t> cuts;                     ///< [N] 1: another episode begins behind the row; or empty
  bool has_rewards = true;                       ///< false: the file has none and rewards are zeros
  /// The layout says where each episode ends, so that no step limit and no jump has to tell it.
  bool ends_are_complete = false;
  /// terminals are flags that stand at time limits too ("done").
  bool ends_are_mixed = false;
  /// The numbers of discrete actions are 0 … action_count − 1; 0: actions are continuous.
  int64_t action_count = 0;
  int64_t step_limit = 0;  ///< of the environment as the file says, or 0
  std::vector<ObservationPart> observation_parts;
  std::vector<int64_t> policy_ids;        ///< [N] behavior policies by the file's numbers, or empty
  std::vector<std::string> policy_names;  ///< by those numbers
  std::string environment, physics;       ///< as the file says; may be empty
  std::string columns;                    ///< as Dataset::columns
  bool collected_here = false;            ///< rolled out by this program
  int64_t odd_policy_ids = 0, first_odd_policy_id = -1;  ///< ids that are no whole numbers; then there are none
  std::vector<std::string> wide_columns;                 ///< that float32 may not hold exactly
  int64_t odd_flags = 0, first_odd_flag = -1;            ///< flags that were neither 0 nor 1
  std::vector<Finding> findings;                         ///< what only the reader can tell
  std::vector<std::filesystem::path> files;              ///< whose content the dataset's hash covers
};

}  // namespace vaco
