// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/flat_ends.h"

#include <algorithm>
#include <cmath>

#include "core/data/formats/flat_columns.h"
#include "core/data/linter.h"

namespace vaco {
namespace {

std::vector<uint8_t> to_flags(const std::vector<double>& values, RawRows& rows) {
  std::vector<uint8_t> flags(values.size());
  for (size_t i = 0; i < values.size(); ++i) {
    flags[i] = values[i] != 0.0;
    if (values[i] == 0.0 || values[i] == 1.0) continue;
    if (rows.odd_flags++ == 0) rows.first_odd_flag = static_cast<int64_t>(i);
  }
  return flags;
}

/// Rows behind which another episode begins, by its number or because the count of steps does not go on.
std::vector<uint8_t> find_cuts(const FlatFlags& flags, int64_t rows, int64_t sequence_rows) {
  std::vector<uint8_t> cuts;
  const auto& episodes = flags.of(Role::episodes);
  const auto& steps = flags.of(Role::steps);
  if (episodes.empty() && steps.empty() && sequence_rows == rows) return cuts;
  cuts.assign(static_cast<size_t>(rows), 0);
  for (int64_t i = 0; i + 1 < rows; ++i) {
    const auto at = static_cast<size_t>(i);
    cuts[at] = (i + 1) % sequence_rows == 0;
    if (!episodes.empty())
      cuts[at] = cuts[at] || episodes[at] != episodes[at + 1];
    else if (!steps.empty())
      cuts[at] = cuts[at] || steps[at + 1] <= steps[at];
  }
  return cuts;
}

/// Where the file numbers its episodes, one that ends without a flag ended by time, but for the last one, which
/// may have been cut, unless others are as long.
void close_episodes(RawRows& rows) {
  if (!rows.timeouts) rows.timeouts.emplace(static_cast<size_t>(rows.rows), 0);
  int64_t first = 0, longest = 0;
  for (int64_t i = 0; i < rows.rows; ++i) {
    const auto at = static_cast<size_t>(i);
    const bool last = i + 1 == rows.rows;
    if (!rows.cuts[at] && !last) continue;
    const int64_t length = i - first + 1;
    if (!rows.terminals[at] && (!last || length == longest)) (*rows.timeouts)[at] = 1;
    if ((*rows.timeouts)[at]) longest = std::max(longest, length);
    first = i + 1;
  }
}

/// Whether no numbered episode ends without a flag.
bool every_cut_has_a_flag(const RawRows& rows) {
  for (size_t i = 0; i < rows.cuts.size(); ++i)
    if (rows.cuts[i] && !rows.terminals[i]) return false;
  return true;
}

}  // namespace

void set_policies(RawRows& rows, const std::vector<double>& ids) {
  constexpr double kMost = 9.0e15;  // up to there doubles are whole numbers
  for (size_t i = 0; i < ids.size(); ++i) {
    const bool whole = ids[i] == std::floor(ids[i]) && std::abs(ids[i]) < kMost;
    if (!whole && rows.odd_policy_ids++ == 0) rows.first_odd_policy_id = static_cast<int64_t>(i);
    rows.policy_ids.push_back(whole ? static_cast<int64_t>(ids[i]) : 0);
  }
  if (rows.odd_policy_ids > 0) rows.policy_ids.clear();
}

void say_no_rewards(RawRows& rows) {
  rows.has_rewards = false;
  rows.rewards.assign(static_cast<size_t>(rows.rows), 0.0);
  rows.findings.push_back(
      {Severity::warning, "no_rewards",
       "there are no rewards; all stand as 0, so only behavior cloning can learn from these rows", -1, 0});
}

void set_ends(RawRows& rows, FlatFlags flags, int64_t sequence_rows) {
  const auto given = [&](Role role) { return !flags.of(role).empty(); };
  const auto as_flags = [&](Role role) { return to_flags(flags.of(role), rows); };
  const auto size = static_cast<size_t>(rows.rows);
  rows.cuts = find_cuts(flags, rows.rows, sequence_rows);
  const bool numbered = given(Role::episodes) || given(Role::steps);
  if (given(Role::timeouts)) rows.timeouts = as_flags(Role::timeouts);
  if (given(Role::terminals)) {
    rows.terminals = as_flags(Role::terminals);
  } else if (given(Role::live)) {
    rows.terminals.resize(size);
    for (size_t i = 0; i < size; ++i) rows.terminals[i] = flags.of(Role::live)[i] == 0.0;
  } else if (given(Role::dones)) {
    rows.terminals = as_flags(Role::dones);
    if (rows.timeouts)
      for (size_t i = 0; i < size; ++i) rows.terminals[i] = rows.terminals[i] && !(*rows.timeouts)[i];
    else
      rows.ends_are_mixed = !numbered || every_cut_has_a_flag(rows);
  } else {
    rows.terminals.assign(size, 0);
  }
  // An end that is not terminal is one by time.
  if (given(Role::dones) && !rows.timeouts && (given(Role::terminals) || given(Role::live))) {
    const auto ends = as_flags(Role::dones);
    rows.timeouts.emplace(size, 0);
    for (size_t i = 0; i < size; ++i) (*rows.timeouts)[i] = ends[i] && !rows.terminals[i];
    rows.ends_are_complete = true;
  }
  if (!numbered) return;
  rows.ends_are_complete = true;
  if (!rows.ends_are_mixed) close_episodes(rows);
}

void number_actions(RawRows& rows, bool integers) {
  if (!integers || rows.actions.empty()) return;
  const auto [low, high] = std::minmax_element(rows.actions.begin(), rows.actions.end());
  const float first = *low, last = *high;
  constexpr float kMost = 65536.0f;
  if (!(last - first < kMost)) return;  // whole numbers, but no choices
  if (first < 0.0f)
    for (float& action : rows.actions) action -= first;
  rows.action_count = static_cast<int64_t>(first < 0.0f ? last - first : last) + 1;
  if (rows.action_dim > 1)
    rows.findings.push_back({Severity::warning, "several_discrete_actions",
                             "actions are " + std::to_string(rows.action_dim) +
                                 " whole numbers each, so they are discrete choices, several at a time",
                             -1, 0});
}

}  // namespace vaco
