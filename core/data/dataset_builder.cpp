// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dataset_builder.h"

#include <algorithm>
#include <map>
#include <new>

#include "core/base/memory.h"
#include "core/base/readable.h"
#include "core/data/content_hash.h"
#include "core/data/episodes.h"
#include "core/data/findings.h"
#include "core/data/leave_out.h"
#include "core/data/mixed_ends.h"
#include "core/tasks/catalogue.h"
#include "core/tasks/physics_name.h"
#include "core/tasks/task_names.h"

namespace vaco {
namespace {

constexpr size_t kMaxPolicies = 4096;
/// A file whose rows jump more often than this is not in time order, and jumps say nothing about episodes.
constexpr double kMaxJumpShare = 0.1;

/// Makes the ids dense, 0 ... K − 1 in the order of the file's numbers, and names them.
void name_policies(Dataset& dataset, const std::vector<int64_t>& ids, const std::vector<std::string>& names,
                   ReadFacts& facts) {
  std::map<int64_t, int32_t> dense;
  for (const int64_t id : ids) {
    dense.emplace(id, 0);
    if (dense.size() > kMaxPolicies) break;
  }
  if (dense.size() > kMaxPolicies) {
    facts.odd_policy_ids = dataset.rows;
    facts.first_odd_policy_id = 0;
    return;
  }
  for (auto& [id, index] : dense) {
    index = static_cast<int32_t>(dataset.policy_names.size());
    const bool named =
        id >= 0 && static_cast<size_t>(id) < names.size() && !names[static_cast<size_t>(id)].empty();
    dataset.policy_names.push_back(named ? names[static_cast<size_t>(id)] : "policy " + std::to_string(id));
  }
  dataset.policy_ids.reserve(ids.size());
  for (const int64_t id : ids) dataset.policy_ids.push_back(dense.at(id));
}

/// What is wrong with the sizes of the columns, or an empty text.
std::string problem(const RawRows& r) {
  if (r.rows < 1 || r.obs_dim < 1 || r.action_dim < 1) return "it holds no transitions";
  const auto wrong = [&](size_t size, int64_t width, bool optional) {
    return !(optional && size == 0) && static_cast<int64_t>(size) != r.rows * width;
  };
  if (wrong(r.observations.size(), r.obs_dim, false)) return "observations do not fit the rows";
  if (wrong(r.actions.size(), r.action_dim, false)) return "actions do not fit the rows";
  if (wrong(r.rewards.size(), 1, false)) return "rewards do not fit the rows";
  if (wrong(r.next_observations.size(), r.obs_dim, true)) return "next observations do not fit the rows";
  if (wrong(r.terminals.size(), 1, false) || (r.timeouts && wrong(r.timeouts->size(), 1, false)) ||
      wrong(r.cuts.size(), 1, true) || wrong(r.has_next.size(), 1, true) || wrong(r.policy_ids.size(), 1, true))
    return "flags do not fit the rows";
  return {};
}

/// Ends of episodes, and what is said about them.
EpisodeEnds find_ends(const Dataset& dataset, const RawRows& rows, ReadFacts& facts) {
  const std::vector<uint8_t> flags = rows.timeouts.value_or(std::vector<uint8_t>{});
  facts.has_timeouts = rows.timeouts.has_value();
  facts.timeouts_all_false = facts.has_timeouts && std::find(flags.begin(), flags.end(), 1) == flags.end();
  if (rows.ends_are_complete) return split_episodes(dataset.terminals, flags, rows.cuts, 0, rows.rewards);
  const bool trusted = facts.has_timeouts && !facts.timeouts_all_false;
  std::vector<uint8_t> jumps;
  if (!trusted) {
    int64_t count = 0;
    for (size_t i = 0; i < facts.jumps.size(); ++i) count += facts.jumps[i] && !dataset.terminals[i];
    if (static_cast<double>(count) <= kMaxJumpShare * static_cast<double>(dataset.rows)) jumps = facts.jumps;
  }
  if (!rows.cuts.empty()) {
    jumps.resize(rows.cuts.size(), 0);
    for (size_t i = 0; i < jumps.size(); ++i) jumps[i] = jumps[i] || rows.cuts[i];
  }
  auto ends = split_episodes(dataset.terminals, flags, jumps, trusted ? 0 : facts.step_limit, rows.rewards);
  facts.ended_by_limit = ends.ended_by_limit;
  facts.ended_by_jump = ends.ended_by_jump;
  facts.first_jump = ends.first_jump;
  return ends;
}

Result<Dataset> assemble(RawRows rows, const std::string& environment, const ReadOptions& options) {
  Dataset dataset;
  dataset.rows = rows.rows;
  dataset.obs_dim = rows.obs_dim;
  dataset.action_dim = rows.action_dim;
  dataset.action_count = rows.action_count;
  dataset.observation_parts = std::move(rows.observation_parts);
  dataset.columns = std::move(rows.columns);
  dataset.environment = environment;
  dataset.physics = physics_name(rows.physics);
  dataset.observations = std::move(rows.observations);
  dataset.actions = std::move(rows.actions);
  dataset.rewards.assign(rows.rewards.begin(), rows.rewards.end());
  dataset.terminals = std::move(rows.terminals);

  ReadFacts facts;
  facts.has_next_observations = !rows.next_observations.empty();
  facts.has_rewards = rows.has_rewards;
  facts.ends_are_complete = rows.ends_are_complete;
  facts.step_limit = rows.step_limit > 0 ? rows.step_limit : step_limit(environment);
  facts.collected_here = rows.collected_here;
  facts.odd_flags = rows.odd_flags;
  facts.first_odd_flag = rows.first_odd_flag;
  facts.wide_columns = std::move(rows.wide_columns);
  if (facts.has_next_observations)
    facts.jumps = find_jumps(dataset.observations, rows.next_observations, dataset.rows, dataset.obs_dim);
  facts.odd_policy_ids = rows.odd_policy_ids;
  facts.first_odd_policy_id = rows.first_odd_policy_id;
  name_policies(dataset, rows.policy_ids, rows.policy_names, facts);
  auto ends = find_ends(dataset, rows, facts);
  dataset.episodes = std::move(ends.episodes);
  dataset.timeouts = std::move(ends.timeouts);
  facts.terminal_and_timeout = ends.terminal_and_timeout;
  facts.first_terminal_and_timeout = ends.first_terminal_and_timeout;
  fill_successors(dataset, std::move(rows.next_observations));
  if (!rows.has_next.empty()) dataset.has_next = std::move(rows.has_next);
  std::vector<int64_t> left;
  if (!options.exclude.empty()) {
    auto out = leave_out(dataset, facts, options.exclude);
    if (!out) return out.error();
    left = std::move(*out);
    std::erase_if(rows.findings, [&](const Finding& finding) {
      return finding.row >= 0 && finding.count <= 1 &&
             !std::binary_search(left.begin(), left.end(), finding.row);
    });
  }
  dataset.findings = find_quirks(dataset, facts);
  if (!left.empty()) number_as_in_file(dataset.findings, left, options.exclude);
  dataset.findings.insert(dataset.findings.end(), std::make_move_iterator(rows.findings.begin()),
                          std::make_move_iterator(rows.findings.end()));
  std::stable_sort(dataset.findings.begin(), dataset.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.severity > b.severity; });

  if (options.d4rl_exact) {
    const int64_t before = dataset.rows;
    apply_d4rl_exact(dataset, rows.timeouts.value_or(std::vector<uint8_t>{}), facts.step_limit);
    dataset.findings.push_back(
        {Severity::note, "d4rl_exact",
         "read as d4rl.qlearning_dataset does: the last row and every row that ends an episode by "
         "timeout are dropped, and the next observation is the next row of the file",
         -1, before - dataset.rows});
  }
  return dataset;
}

}  // namespace

std::string resolve_environment(const std::filesystem::path& path, const ReadOptions& options,
                                const std::string& said_by_file) {
  if (!options.environment.empty()) return options.environment;
  if (!said_by_file.empty()) {
    const std::string known = guess_environment(said_by_file);
    return known.empty() ? said_by_file : known;
  }
  return guess_environment(path.filename().string());
}

Result<void> check_memory(const std::filesystem::path& path, int64_t rows, int64_t obs_dim,
                          int64_t action_dim) {
  // Observations and next observations, actions, the reward as read and as kept, flags, and a hash of each row.
  const double a_row =
      4.0 * (2.0 * static_cast<double>(obs_dim) + static_cast<double>(action_dim)) + 12.0 + 24.0;
  const double needed = a_row * static_cast<double>(rows), there = static_cast<double>(available_memory());
  if (needed <= there) return {};
  return Error{ErrorCode::bad_data, path.string() + ": its " + grouped(rows) + " rows need " +
                                        fixed(needed / 1e9, 1) + " GB of memory, and there are " +
                                        fixed(there / 1e9, 1) +
                                        " GB; close other programs, or take a part of the file"};
}

Result<Dataset> build_dataset(RawRows rows, const std::filesystem::path& path, const std::string& format,
                              const ReadOptions& options, const std::stop_token& stop) {
  if (auto wrong = problem(rows); !wrong.empty())
    return Error{ErrorCode::bad_data, path.string() + ": " + wrong};
  const std::string environment = resolve_environment(path, options, rows.environment);
  const auto files = std::move(rows.files);
  part_time_limits(rows, environment.empty() ? path.filename().string() : environment,
                   rows.step_limit > 0 ? rows.step_limit : step_limit(environment));
  auto assembled = assemble(std::move(rows), environment, options);
  if (!assembled) return assembled.error().within(path.string());
  Dataset& dataset = *assembled;
  if (dataset.rows == 0)
    return Error{ErrorCode::bad_data, path.string() + ": nothing is left of its rows when read as D4RL does"};
  if (stop.stop_requested()) return Error{ErrorCode::stopped, "stopped reading " + path.string()};
  auto hash = hash_files(files);
  if (!hash) return hash.error();
  dataset.source = {path, 0, std::move(*hash), format};
  for (const auto& file : files) {
    std::error_code ignored;
    dataset.source.bytes += std::filesystem::file_size(file, ignored);
  }
  return assembled;
}

}  // namespace vaco
