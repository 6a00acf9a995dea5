// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/collect/online_rows.h"

#include <string>

namespace vaco {
namespace {

/// Calls use(name, column, width) for every column that a checkpoint holds.
template <class Rows, class Use>
void each_column(Rows& rows, const EnvironmentInfo& info, Use&& use) {
  use("observations", rows.observations, info.obs_dim);
  use("actions", rows.actions, info.action_dim);
  use("rewards", rows.rewards, 1);
  use("next_observations", rows.next_observations, info.obs_dim);
  use("terminals", rows.terminals, 1);
  use("timeouts", rows.timeouts, 1);
  use("qpos", rows.qpos, info.nq);
  use("qvel", rows.qvel, info.nv);
}

/// Flags are float32 in a checkpoint, which has no bytes.
std::vector<float> stored(const std::vector<uint8_t>& flags) {
  return {flags.begin(), flags.end()};
}
const std::vector<float>& stored(const std::vector<float>& values) {
  return values;
}
const std::vector<double>& stored(const std::vector<double>& values) {
  return values;
}

}  // namespace

void rows_to_state(const CollectedRows& rows, const EnvironmentInfo& info, StateDict& state) {
  state["rows/count"] = {{}, std::vector<int64_t>{rows.rows}};
  each_column(rows, info, [&](const char* name, const auto& column, int64_t width) {
    state[std::string("rows/") + name] = {{rows.rows, width}, stored(column)};
  });
}

Result<CollectedRows> rows_from_state(const StateDict& state, const EnvironmentInfo& info) {
  CollectedRows rows;
  const auto count = state.find("rows/count");
  const auto* value = count == state.end() ? nullptr : std::get_if<std::vector<int64_t>>(&count->second.values);
  if (!value || value->size() != 1 || value->front() < 0)
    return Error{ErrorCode::bad_data, "the checkpoint does not say how many transitions it holds"};
  rows.rows = value->front();
  std::string problem;
  each_column(rows, info, [&](const char* name, auto& column, int64_t width) {
    using Stored = std::decay_t<decltype(stored(column))>;
    const std::string key = std::string("rows/") + name;
    const auto found = state.find(key);
    const auto* values = found == state.end() ? nullptr : std::get_if<Stored>(&found->second.values);
    if (values && values->size() == static_cast<size_t>(rows.rows * width))
      column.assign(values->begin(), values->end());
    else if (problem.empty())
      problem = "the checkpoint's '" + key + "' " +
                (found == state.end() ? "is missing" : "has another type or size than its environment needs");
  });
  if (!problem.empty()) return Error{ErrorCode::bad_data, problem};
  return rows;
}

std::vector<Transition> transitions_of(const CollectedRows& rows, const EnvironmentInfo& info) {
  std::vector<Transition> transitions;
  const auto obs_dim = static_cast<size_t>(info.obs_dim), action_dim = static_cast<size_t>(info.action_dim);
  for (size_t i = 0; i < static_cast<size_t>(rows.rows); ++i)
    transitions.push_back({.observation = {rows.observations.data() + i * obs_dim, obs_dim},
                           .action = {rows.actions.data() + i * action_dim, action_dim},
                           .next_observation = {rows.next_observations.data() + i * obs_dim, obs_dim},
                           .reward = rows.rewards[i],
                           .mask = rows.terminals[i] ? 0.0f : 1.0f});
  return transitions;
}

CollectedRows first_rows(const CollectedRows& rows, const EnvironmentInfo& info, int64_t count) {
  CollectedRows part = rows;
  part.rows = count;
  each_column(part, info, [&](const char*, auto& column, int64_t width) {
    column.resize(static_cast<size_t>(count * width));
  });
  if (count > 0 && !part.terminals.back()) part.timeouts.back() = 1;
  return part;
}

}  // namespace vaco
