// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/d4rl_reader.h"

#include <algorithm>
#include <map>
#include <new>

#include "core/data/content_hash.h"
#include "core/data/episodes.h"
#include "core/data/findings.h"
#include "core/data/formats/d4rl_columns.h"
#include "core/hdf5/hdf5_file.h"
#include "core/tasks/catalogue.h"
#include "core/tasks/task_names.h"

namespace vaco {
namespace {

constexpr size_t kMaxPolicies = 4096;
/// A file whose rows jump more often than this is not in time order, and jumps say nothing about episodes.
constexpr double kMaxJumpShare = 0.1;

std::string resolve_environment(const std::filesystem::path& path, const ReadOptions& options,
                                const std::string& said_by_file) {
  if (!options.environment.empty()) return options.environment;
  if (!said_by_file.empty()) {
    const std::string known = guess_environment(said_by_file);
    return known.empty() ? said_by_file : known;
  }
  return guess_environment(path.filename().string());
}

/// Makes the ids dense, 0 ... K − 1 in the order of the file's numbers, and names them.
void name_policies(Dataset& dataset, const std::vector<std::string>& names, ReadFacts& facts) {
  std::map<int32_t, int32_t> dense;
  for (const int32_t id : dataset.policy_ids) {
    dense.emplace(id, 0);
    if (dense.size() > kMaxPolicies) break;
  }
  if (dense.size() > kMaxPolicies) {
    facts.odd_policy_ids = dataset.rows;
    facts.first_odd_policy_id = 0;
    dataset.policy_ids.clear();
    return;
  }
  for (auto& [id, index] : dense) {
    index = static_cast<int32_t>(dataset.policy_names.size());
    const bool named =
        id >= 0 && static_cast<size_t>(id) < names.size() && !names[static_cast<size_t>(id)].empty();
    dataset.policy_names.push_back(named ? names[static_cast<size_t>(id)] : "policy " + std::to_string(id));
  }
  for (auto& id : dataset.policy_ids) id = dense.at(id);
}

Dataset assemble(D4rlColumns columns, const std::string& environment, const ReadOptions& options) {
  Dataset dataset;
  dataset.rows = columns.rows;
  dataset.obs_dim = columns.obs_dim;
  dataset.action_dim = columns.action_dim;
  dataset.environment = environment;
  dataset.physics = std::move(columns.physics);
  dataset.observations = std::move(columns.observations);
  dataset.actions = std::move(columns.actions);
  dataset.rewards.assign(columns.rewards.begin(), columns.rewards.end());
  dataset.terminals = std::move(columns.terminals);
  dataset.policy_ids = std::move(columns.policy_ids);

  ReadFacts facts;
  facts.has_timeouts = columns.timeouts.has_value();
  const std::vector<uint8_t> flags = columns.timeouts.value_or(std::vector<uint8_t>{});
  facts.timeouts_all_false = facts.has_timeouts && std::find(flags.begin(), flags.end(), 1) == flags.end();
  facts.has_next_observations = !columns.next_observations.empty();
  facts.step_limit = step_limit(environment);
  facts.collected_here = columns.collected_here;
  facts.odd_flags = columns.odd_flags;
  facts.first_odd_flag = columns.first_odd_flag;
  facts.wide_columns = std::move(columns.wide_columns);
  if (facts.has_next_observations)
    facts.jumps = find_jumps(dataset.observations, columns.next_observations, dataset.rows, dataset.obs_dim);
  name_policies(dataset, columns.policy_names, facts);

  const bool trusted = facts.has_timeouts && !facts.timeouts_all_false;
  std::vector<uint8_t> jumps;
  if (!trusted) {
    int64_t count = 0;
    for (size_t i = 0; i < facts.jumps.size(); ++i) count += facts.jumps[i] && !dataset.terminals[i];
    if (static_cast<double>(count) <= kMaxJumpShare * static_cast<double>(dataset.rows)) jumps = facts.jumps;
  }
  auto ends = split_episodes(dataset.terminals, flags, jumps, trusted ? 0 : facts.step_limit, columns.rewards);
  dataset.episodes = std::move(ends.episodes);
  dataset.timeouts = std::move(ends.timeouts);
  facts.terminal_and_timeout = ends.terminal_and_timeout;
  facts.first_terminal_and_timeout = ends.first_terminal_and_timeout;
  facts.ended_by_limit = ends.ended_by_limit;
  facts.ended_by_jump = ends.ended_by_jump;
  facts.first_jump = ends.first_jump;
  fill_successors(dataset, std::move(columns.next_observations));
  dataset.findings = find_quirks(dataset, facts);

  if (options.d4rl_exact) {
    const int64_t before = dataset.rows;
    apply_d4rl_exact(dataset, flags, facts.step_limit);
    dataset.findings.push_back(
        {Severity::note, "d4rl_exact",
         "read as d4rl.qlearning_dataset does: the last row and every row that ends an episode by "
         "timeout are dropped, and the next observation is the next row of the file",
         -1, before - dataset.rows});
  }
  return dataset;
}

Result<Hdf5File> open_dataset(const std::filesystem::path& path) {
  auto file = Hdf5File::open(path);
  std::error_code none;
  if (file || file.error().code != ErrorCode::bad_data || !std::filesystem::is_regular_file(path, none))
    return file;
  return Error{ErrorCode::bad_data,
               file.error().message + ": give a D4RL-style .hdf5 file, such as vaco collect writes"};
}

class D4rlReader final : public DatasetReader {
 public:
  [[nodiscard]] std::string name() const override { return "D4RL HDF5"; }

  [[nodiscard]] double probe(const std::filesystem::path& path) const override {
    const auto file = Hdf5File::open(path);
    if (!file) return 0.0;
    double found = 0.0;
    for (const char* array : {"observations", "actions", "rewards", "terminals"})
      found += file->has_array(array) ? 0.25 : 0.0;
    return found;
  }

  [[nodiscard]] Result<DatasetHead> read_head(const std::filesystem::path& path) const override {
    const auto file = open_dataset(path);
    if (!file) return file.error();
    const auto head = read_d4rl_head(*file);
    if (!head) return head.error();
    return DatasetHead{head->obs_dim, head->action_dim, resolve_environment(path, {}, head->environment),
                       head->physics};
  }

  [[nodiscard]] Result<Dataset> read(const std::filesystem::path& path, const ReadOptions& options,
                                     const ProgressFn& progress, std::stop_token stop) const override {
    try {
      const auto file = open_dataset(path);
      if (!file) return file.error();
      auto columns = read_d4rl_columns(*file, progress, stop);
      if (!columns) return columns.error();
      const std::string environment = resolve_environment(path, options, columns->environment);
      if (progress) progress(1.0, "looking for episodes and quirks");
      Dataset dataset = assemble(std::move(*columns), environment, options);
      if (dataset.rows == 0)
        return Error{ErrorCode::bad_data,
                     path.string() + ": nothing is left of its rows when read as D4RL does"};
      if (stop.stop_requested()) return Error{ErrorCode::stopped, "stopped reading " + path.string()};
      auto hash = hash_file(path);
      if (!hash) return hash.error();
      std::error_code ignored;
      dataset.source = {path, std::filesystem::file_size(path, ignored), std::move(*hash), name()};
      return dataset;
    } catch (const std::bad_alloc&) {
      return Error{ErrorCode::bad_data, path.string() + " needs more memory than there is"};
    }
  }
};

}  // namespace

std::unique_ptr<DatasetReader> make_d4rl_reader() {
  return std::make_unique<D4rlReader>();
}

}  // namespace vaco
