// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <stop_token>

#include "core/data/formats/column_names.h"
#include "core/data/formats/joined_arrays.h"
#include "core/data/raw_rows.h"
#include "core/data/reader.h"

namespace vaco {

/// What a flat layout must have besides observations and actions.
struct FlatNeeds {
  std::string kind = "a D4RL dataset (it needs observations, actions, rewards and terminals)";
  bool rewards = true, ends = true;
};

/// Where the columns of a flat layout stand: arrays over all episodes in time order, [N] or [N, d] each, or
/// [N, environments, d] with several environments side by side. Checked to fit together, not read yet.
struct FlatLayout {
  std::array<std::string, kRoles> names;  ///< by role; empty: absent
  JoinedArrays observations, actions;
  JoinedArrays next_observations;  ///< no rows: absent
  std::vector<std::string> wide_columns;
  std::vector<std::string> unreadable;  ///< optional columns that are there and cannot be opened
  int64_t rows = 0;                     ///< in all environments together
  [[nodiscard]] bool has(Role role) const { return !names[static_cast<size_t>(role)].empty(); }
  [[nodiscard]] const std::string& of(Role role) const { return names[static_cast<size_t>(role)]; }
  [[nodiscard]] bool discrete() const { return actions.integers && actions.width == 1; }
};

/// Looks for the columns by the names people use, or by those of options.columns, and reads none of them.
/// bad_data names the array that is missing or wrong.
Result<FlatLayout> find_flat(const ArraySource& source, const FlatNeeds& needs, const ReadOptions& options);

/// How sure it is that the arrays are a flat layout: 0 to 1, by what is there of observations, actions, rewards
/// and ends.
double flat_confidence(const ArraySource& source);

/// Reads all columns. Flags "dones" without terminals count for both kinds of end (RawRows::ends_are_mixed)
/// unless timeouts, or episodes that end without one, tell them apart. Errors: find_flat()'s; stopped.
Result<RawRows> read_flat(const ArraySource& source, const FlatLayout& layout, const ProgressFn& progress,
                          std::stop_token stop);

/// Numbers discrete actions 0 … count − 1 and says how many there are; says so where several columns are whole
/// numbers, which nothing here can learn either. Leaves real numbers alone.
void number_actions(RawRows& rows, bool integers);

}  // namespace vaco
