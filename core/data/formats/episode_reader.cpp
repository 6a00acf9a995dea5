// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/episode_reader.h"

#include <algorithm>

#include "core/data/dataset_builder.h"
#include "core/data/formats/flat_columns.h"
#include "core/data/formats/flat_ends.h"
#include "core/data/linter.h"

namespace vaco {

Result<void> EpisodeReader::add(EpisodeArrays arrays) {
  Episode episode;
  auto observations = join_arrays(source_, arrays.observations);
  if (!observations) return observations.error();
  auto actions = join_arrays(source_, {arrays.actions});
  if (!actions) return actions.error();
  const auto expect = [&](const std::string& array, int64_t rows) {
    return source_.wrong(array, "it has " + std::to_string(rows) + " rows, but " + arrays.actions + " has " +
                                    std::to_string(actions->rows));
  };
  episode.rows = actions->rows;
  if (observations->rows != episode.rows && observations->rows != episode.rows + 1)
    return expect(arrays.observations.front(), observations->rows);
  if (!arrays.next_observations.empty()) {
    auto next = join_arrays(source_, arrays.next_observations);
    if (!next) return next.error();
    if (next->rows != episode.rows || next->width != observations->width)
      return expect(arrays.next_observations.front(), next->rows);
    episode.next_observations = std::move(*next);
  }
  for (const auto& array : {arrays.rewards, arrays.terminals, arrays.timeouts}) {
    if (array.empty()) continue;
    const auto column = join_arrays(source_, {array});
    if (!column) return column.error();
    if (column->rows != episode.rows) return expect(array, column->rows);
    if (column->width != 1)
      return source_.wrong(array,
                           "it has " + std::to_string(column->width) + " numbers in a row; 1 was expected");
  }
  if (!episodes_.empty()) {
    const Episode& first = episodes_.front();
    if (observations->width != first.observations.width || actions->width != first.actions.width)
      return source_.wrong(arrays.actions,
                           "observations and actions have " + std::to_string(observations->width) + " and " +
                               std::to_string(actions->width) + " numbers, in the first episode " +
                               std::to_string(first.observations.width) + " and " +
                               std::to_string(first.actions.width));
    if (arrays.rewards.empty() != first.arrays.rewards.empty())
      return source_.wrong(arrays.actions, "some episodes have rewards and some have none");
  }
  episode.observations = std::move(*observations);
  episode.actions = std::move(*actions);
  episode.arrays = std::move(arrays);
  rows_ += episode.rows;
  episodes_.push_back(std::move(episode));
  return {};
}

DatasetHead EpisodeReader::head() const {
  DatasetHead head;
  if (episodes_.empty()) return head;
  head.obs_dim = episodes_[0].observations.width;
  head.action_dim = episodes_[0].actions.width;
  head.action_count = episodes_[0].actions.integers ? 2 : 0;
  return head;
}

Result<void> EpisodeReader::read_flags(const std::string& array, const Episode& episode,
                                       std::vector<uint8_t>& flags) {
  if (array.empty()) {
    flags.resize(flags.size() + static_cast<size_t>(episode.rows), 0);
    return {};
  }
  const auto values = source_.doubles(array, {});
  if (!values) return values.error();
  for (const double value : *values) flags.push_back(value != 0.0);
  return {};
}

Result<void> EpisodeReader::fill_next(const Episode& episode, const std::vector<float>& observations,
                                      RawRows& rows) {
  const int64_t dim = rows.obs_dim;
  if (episode.next_observations.rows > 0) {
    const auto next = read_joined(source_, episode.next_observations, {});
    if (!next) return next.error();
    rows.next_observations.insert(rows.next_observations.end(), next->begin(), next->end());
    rows.has_next.resize(rows.has_next.size() + static_cast<size_t>(episode.rows), 1);
    return {};
  }
  rows.next_observations.insert(
      rows.next_observations.end(), observations.begin() + dim,
      observations.begin() + (episode.has_final() ? episode.rows + 1 : episode.rows) * dim);
  rows.has_next.resize(rows.has_next.size() + static_cast<size_t>(episode.rows), 1);
  if (episode.has_final()) return {};
  rows.next_observations.insert(rows.next_observations.end(), observations.end() - dim, observations.end());
  rows.has_next.back() = rows.terminals.back();
  return {};
}

Result<void> EpisodeReader::read_one(const Episode& episode, RawRows& rows, bool with_next) {
  const auto observations = read_joined(source_, episode.observations, {});
  if (!observations) return observations.error();
  rows.observations.insert(rows.observations.end(), observations->begin(),
                           observations->begin() + episode.rows * rows.obs_dim);
  const auto actions = read_joined(source_, episode.actions, {});
  if (!actions) return actions.error();
  rows.actions.insert(rows.actions.end(), actions->begin(), actions->end());
  if (!episode.arrays.rewards.empty()) {
    const auto rewards = source_.doubles(episode.arrays.rewards, {});
    if (!rewards) return rewards.error();
    rows.rewards.insert(rows.rewards.end(), rewards->begin(), rewards->end());
  }
  if (auto read = read_flags(episode.arrays.terminals, episode, rows.terminals); !read) return read;
  if (auto read = read_flags(episode.arrays.timeouts, episode, *rows.timeouts); !read) return read;
  if (episode.arrays.ends_terminal) rows.terminals.back() = 1;
  if (episode.arrays.ends_by_time) rows.timeouts->back() = 1;
  rows.cuts.resize(rows.terminals.size(), 0);
  rows.cuts.back() = 1;
  return with_next ? fill_next(episode, *observations, rows) : Result<void>{};
}

Result<RawRows> EpisodeReader::read(bool expects_final, const ProgressFn& progress,
                                    const std::stop_token& stop) {
  RawRows rows;
  if (episodes_.empty()) return Error{ErrorCode::bad_data, path_.string() + ": it holds no episodes"};
  const Episode& first = episodes_.front();
  rows.rows = rows_;
  rows.obs_dim = first.observations.width;
  rows.action_dim = first.actions.width;
  rows.observation_parts = first.observations.labelled();
  if (first.observations.wide) rows.wide_columns.push_back("observations");
  if (first.actions.wide && !first.actions.integers) rows.wide_columns.push_back("actions");
  rows.timeouts.emplace();
  rows.ends_are_complete = true;
  if (auto enough = check_memory(path_, rows.rows, rows.obs_dim, rows.action_dim); !enough)
    return enough.error();
  const bool with_next = std::any_of(episodes_.begin(), episodes_.end(), [](const Episode& e) {
    return e.has_final() || e.next_observations.rows > 0;
  });
  const auto size = static_cast<size_t>(rows.rows);
  rows.observations.reserve(size * static_cast<size_t>(rows.obs_dim));
  if (with_next) rows.next_observations.reserve(size * static_cast<size_t>(rows.obs_dim));
  rows.actions.reserve(size * static_cast<size_t>(rows.action_dim));
  rows.rewards.reserve(size);
  FindingRows without_final;
  bool integers = true;
  for (const Episode& episode : episodes_) {
    const auto at = static_cast<int64_t>(rows.terminals.size());
    if (stop.stop_requested()) return Error{ErrorCode::stopped, "stopped reading " + path_.string()};
    if (progress)
      progress(static_cast<double>(at) / static_cast<double>(rows_), "reading " + episode.arrays.actions);
    if (auto done = read_one(episode, rows, with_next); !done) return done.error();
    integers = integers && episode.actions.integers;
    if (!episode.has_final() && episode.next_observations.rows == 0) without_final.add(at + episode.rows - 1);
  }
  if (rows.rewards.empty()) say_no_rewards(rows);
  number_actions(rows, integers);
  if (expects_final && without_final.count > 0)
    rows.findings.push_back(
        {Severity::warning, "no_final_observations",
         counted(without_final.count, "episode has", "episodes have") +
             " as many observations as actions; this layout has one more, the final one, and "
             "without it the last row has no successor",
         without_final.first, without_final.count});
  return rows;
}

void judge_dones(RawRows& rows) {
  bool every_end = true, pays_inside = false, pays_at_ends = false;
  for (size_t i = 0; i < rows.cuts.size(); ++i) {
    const bool pays = rows.rewards[i] != 0.0;
    if (rows.cuts[i]) {
      every_end = every_end && rows.terminals[i];
      pays_at_ends = pays_at_ends || pays;
    } else {
      pays_inside = pays_inside || pays;
    }
  }
  const bool sparse = rows.has_rewards && pays_at_ends && !pays_inside;
  rows.ends_are_mixed = every_end && !sparse;
  if (rows.ends_are_mixed) return;
  for (size_t i = 0; i < rows.cuts.size(); ++i) {
    if (!rows.cuts[i]) continue;
    if (every_end && rows.rewards[i] == 0.0) rows.terminals[i] = 0;
    if (!rows.terminals[i]) (*rows.timeouts)[i] = 1;
  }
}

}  // namespace vaco
