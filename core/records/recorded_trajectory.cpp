// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/recorded_trajectory.h"

#include <algorithm>
#include <cmath>

#include "core/base/json_value.h"
#include "core/hdf5/hdf5_file.h"
#include "core/records/run_config.h"
#include "core/records/run_folder.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

int64_t rank_of(const std::vector<double>& values, size_t index) {
  return 1 + std::count_if(values.begin(), values.end(), [&](double value) { return value > values[index]; });
}

/// Rows of a column of doubles, or in words why not.
Result<std::vector<double>> rows_of(const Hdf5File& file, const std::string& name, int64_t first, int64_t count,
                                    int& width) {
  if (!file.has_array(name)) return Error{ErrorCode::unavailable, "the dataset has no " + name};
  const auto array = file.read<double>(name);
  if (!array) return array.error();
  const auto& shape = array->shape;
  if (shape.empty() || shape.size() > 2 || shape[0] < first + count)
    return Error{ErrorCode::bad_data, name + " of the dataset is shorter than its trajectories"};
  width = shape.size() == 2 ? static_cast<int>(shape[1]) : 1;
  const auto begin = array->values.begin() + first * width, end = begin + count * width;
  if (!std::all_of(begin, end, [](double value) { return std::isfinite(value); }))
    return Error{ErrorCode::bad_data, name + " of the dataset holds values that are no numbers"};
  return std::vector<double>(begin, end);
}

}  // namespace

Result<std::shared_ptr<const Recording>> read_episode_states(const fs::path& dataset, int64_t index,
                                                             int64_t first, int64_t length) {
  const auto file = Hdf5File::open(dataset);
  if (!file) return file.error();
  auto recording = std::make_shared<Recording>();
  recording->index = index;
  auto qpos = rows_of(*file, "infos/qpos", first, length, recording->nq);
  if (!qpos) return qpos.error();
  auto qvel = rows_of(*file, "infos/qvel", first, length, recording->nv);
  if (!qvel) return qvel.error();
  int width = 1;
  auto rewards = rows_of(*file, "rewards", first, length, width);
  if (!rewards) return rewards.error();
  if (width != 1) return Error{ErrorCode::bad_data, "rewards of the dataset has more than one column"};
  // Without actions it can be watched all the same.
  if (auto actions = rows_of(*file, "actions", first, length, width)) {
    recording->action_dim = width;
    recording->actions.assign(actions->begin(), actions->end());
  }
  recording->qpos = std::move(*qpos);
  recording->qvel = std::move(*qvel);
  recording->rewards = std::move(*rewards);
  return std::shared_ptr<const Recording>(std::move(recording));
}

Result<RecordedTrajectory> read_recorded_trajectory(const fs::path& run, int64_t step, int64_t index) {
  const auto json = read_json(run / "config.json");
  if (!json) return json.error();
  const auto config = config_from_json(*json);
  if (!config) return config.error();
  const auto file = Hdf5File::open(diagnostics_file(run, step));
  if (!file) return file.error();
  const auto weights = file->read<double>("trajectory/weight");
  if (!weights) return weights.error();
  const auto returns = file->read<double>("trajectory/return");
  if (!returns) return returns.error();
  const auto sources = file->read<int64_t>("trajectory/source");
  if (!sources) return sources.error();
  const auto first = file->read<int64_t>("trajectory/first");
  if (!first) return first.error();
  const auto length = file->read<int64_t>("trajectory/length");
  if (!length) return length.error();
  const auto names = file->read_texts("sources");
  if (!names) return names.error();
  const size_t count = weights->values.size();
  const auto at = static_cast<size_t>(index);
  if (index < 0 || at >= count || returns->values.size() != count || sources->values.size() != count ||
      first->values.size() != count || length->values.size() != count || first->values[at] < 0 ||
      length->values[at] < 1)
    return Error{ErrorCode::bad_data, file->name() + " has no trajectory " + std::to_string(index)};

  RecordedTrajectory trajectory;
  trajectory.step = step;
  trajectory.index = index;
  trajectory.count = static_cast<int64_t>(count);
  trajectory.first = first->values[at];
  trajectory.length = length->values[at];
  const auto source = static_cast<size_t>(sources->values[at]);
  trajectory.source = source < names->size() ? (*names)[source] : "all";
  trajectory.weight = weights->values[at];
  trajectory.total_reward = returns->values[at];
  trajectory.weight_rank = rank_of(weights->values, at);
  trajectory.return_rank = rank_of(returns->values, at);
  trajectory.dataset = config->dataset;
  trajectory.environment = config->environment;
  if (trajectory.environment.empty())
    if (const auto manifest = read_json(run / "manifest.json"))
      trajectory.environment = value_or<std::string>(*manifest, "environment", {});
  // What is known of it is shown whether it can be played or not.
  if (auto states =
          read_episode_states(trajectory.dataset, trajectory.index, trajectory.first, trajectory.length))
    trajectory.states = std::move(*states);
  else
    trajectory.why_no_states = states.error().message;
  return trajectory;
}

}  // namespace vaco
