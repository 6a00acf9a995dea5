// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/leave_out.h"

#include <algorithm>

namespace vaco {
namespace {

/// Moves the rows of a column that stay to its front and drops the rest.
template <class T>
void keep_listed(std::vector<T>& column, const std::vector<int64_t>& rows, int64_t width) {
  if (column.empty()) return;
  auto to = column.begin();
  for (const int64_t row : rows) {
    const auto from = column.begin() + row * width;
    to = to == from ? to + width : std::copy(from, from + width, to);
  }
  column.erase(to, column.end());
}

}  // namespace

Result<std::vector<int64_t>> leave_out(Dataset& dataset, ReadFacts& facts, const EpisodeList& episodes) {
  EpisodeTable& table = dataset.episodes;
  const auto count = static_cast<int64_t>(table.size());
  const auto there = [&] { return std::to_string(count) + (count == 1 ? " episode" : " episodes"); };
  if (episodes.last() >= count)
    return Error{ErrorCode::usage, "episode " + std::to_string(episodes.last()) +
                                       " is to be left out, but there are " + there() + ", 0 to " +
                                       std::to_string(count - 1)};
  if (episodes.size() == count)
    return Error{ErrorCode::usage, "all " + there() + " are to be left out, so nothing would be left"};
  std::vector<int64_t> rows;
  EpisodeTable left;
  for (int64_t e = 0; e < count; ++e) {
    if (episodes.contains(e)) continue;
    const auto at = static_cast<size_t>(e);
    left.first.push_back(static_cast<int64_t>(rows.size()));
    left.first_in_file.push_back(table.first[at]);
    left.length.push_back(table.length[at]);
    left.returns.push_back(table.returns[at]);
    left.ended_by.push_back(table.ended_by[at]);
    for (int64_t i = 0; i < table.length[at]; ++i) rows.push_back(table.first[at] + i);
  }
  table = std::move(left);
  keep_listed(dataset.observations, rows, dataset.obs_dim);
  keep_listed(dataset.actions, rows, dataset.action_dim);
  keep_listed(dataset.rewards, rows, 1);
  keep_listed(dataset.next_observations, rows, dataset.obs_dim);
  keep_listed(dataset.has_next, rows, 1);
  keep_listed(dataset.terminals, rows, 1);
  keep_listed(dataset.timeouts, rows, 1);
  keep_listed(dataset.policy_ids, rows, 1);
  keep_listed(facts.jumps, rows, 1);
  dataset.rows = static_cast<int64_t>(rows.size());
  for (int64_t* row : {&facts.first_odd_flag, &facts.first_terminal_and_timeout, &facts.first_jump,
                       &facts.first_odd_policy_id}) {
    const auto found = std::lower_bound(rows.begin(), rows.end(), *row);
    *row = found != rows.end() && *found == *row ? found - rows.begin() : -1;
  }
  return rows;
}

void number_as_in_file(std::span<Finding> findings, const std::vector<int64_t>& left, const EpisodeList& out) {
  for (auto& finding : findings) {
    if (finding.row >= 0) finding.row = left[static_cast<size_t>(finding.row)];
    auto episodes = finding.episodes.numbers();
    for (int64_t& episode : episodes) episode = out.nth_left(episode);
    finding.episodes = EpisodeList::of(episodes);
  }
}

}  // namespace vaco
