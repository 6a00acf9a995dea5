// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "core/data/dataset.h"
#include "core/data/episodes.h"

namespace vaco {

/// What only the reader knows about how a dataset came to be, for the linter.
struct ReadFacts {
  bool has_timeouts = true;
  bool timeouts_all_false = false;
  bool has_next_observations = true;
  bool has_rewards = true;
  bool ends_are_complete = false;  ///< the layout tells where each episode ends
  bool collected_here = false;     ///< by this program, which cuts trajectories only where it was asked to end
  int64_t step_limit = 0;
  int64_t odd_flags = 0, first_odd_flag = -1;
  std::vector<std::string> wide_columns;
  std::vector<uint8_t> jumps;  ///< find_jumps(), or empty without stored next observations
  int64_t terminal_and_timeout = 0, first_terminal_and_timeout = -1;
  int64_t ended_by_limit = 0;
  int64_t ended_by_jump = 0, first_jump = -1;
  int64_t odd_policy_ids = 0, first_odd_policy_id = -1;
};

/// Looks for everything that has cost people weeks: each finding names its first row and how many rows there
/// are. The dataset is complete but for its findings, all rows of the file in their order.
std::vector<Finding> find_quirks(const Dataset& dataset, const ReadFacts& facts);

}  // namespace vaco
