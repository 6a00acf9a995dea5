// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <vector>

#include "core/data/formats/column_names.h"
#include "core/data/raw_rows.h"

namespace vaco {

/// The columns that tell the ends of episodes, by role, as they stand in a flat file; empty: absent.
struct FlatFlags {
  std::array<std::vector<double>, kRoles> values;
  [[nodiscard]] const std::vector<double>& of(Role role) const { return values[static_cast<size_t>(role)]; }
};

/// Fills terminals, timeouts, cuts and what goes with them. Any number but 0 is a set flag. A sequence (the
/// rows of one environment) has so many rows; a new one begins a new episode.
void set_ends(RawRows& rows, FlatFlags flags, int64_t sequence_rows);

/// Rewards of zero, and the finding that the file has none.
void say_no_rewards(RawRows& rows);

/// Behavior policies by number; where some are no whole numbers, none.
void set_policies(RawRows& rows, const std::vector<double>& ids);

}  // namespace vaco
