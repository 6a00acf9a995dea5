// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/prepare_data.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>
#include <span>
#include <utility>

#include "core/base/action_unit.h"
#include "core/base/readable.h"
#include "core/collect/physics_of_data.h"
#include "core/data/content_hash.h"
#include "core/data/normalizer.h"
#include "core/session/fit_to_data.h"
#include "core/sim/environment.h"
#include "core/tasks/catalogue.h"
#include "core/tasks/task_names.h"

namespace vaco {
namespace {

/// Numbers that are none would spread over every weight within one step.
Result<void> check_findings(const Dataset& dataset) {
  std::string wrong;
  for (const auto& finding : dataset.findings)
    if (finding.severity == Severity::error) wrong += (wrong.empty() ? "" : "; ") + to_text(finding);
  if (wrong.empty()) return {};
  return Error{ErrorCode::bad_data,
               dataset.source.path.string() + " cannot be learned from: " + wrong +
                   ". Rows count from 0: put their numbers right, or leave their episodes out (--exclude)"};
}

/// The normalizer and whether programs that knew only the first rule would have made another.
std::pair<Normalizer, bool> normalizer_for(const Dataset& dataset, const ParamSet& params,
                                           Preparation preparation) {
  if (!params.boolean("normalize_observations")) return {identity_normalizer(dataset.obs_dim), false};
  const auto constant = preparation == Preparation::first ? ConstantColumns::magnified : ConstantColumns::as_is;
  auto normalizer = fit_normalizer(dataset, constant);
  const auto& scale = normalizer.scale;
  const bool may_differ = std::find(scale.begin(), scale.end(), 1.0f) != scale.end();
  const bool differs = may_differ && scale != fit_normalizer(dataset, ConstantColumns::magnified).scale;
  return {std::move(normalizer), differs};
}

/// Returns in another physics do not compare with those of the data.
std::string physics_note(const std::string& chosen, const std::string& of_data) {
  if (of_data.empty() || chosen == of_data) return {};
  return "policies are evaluated in " + chosen + " physics, but the data was made in " + of_data +
         (parse_physics(of_data) ? ", so their returns do not compare: leave --physics out to take the data's"
                                 : ", which the simulator does not have");
}

std::string why_not_evaluated(const std::string& environment) {
  if (environment.empty()) return "the environment of the data is not known";
  const Task* task = find_task(environment);
  if (task && task->simulated()) return "the simulator's " + environment + " has other observations";
  return "the simulator has no " + environment;
}

/// Whether the actions are in the environment's unit: some may leave its bounds, but not most of them by far.
bool are_actions_of(const EnvironmentInfo& info, const Dataset& dataset) {
  const ActionUnit unit(info.action_low, info.action_high);
  std::vector<float> row(static_cast<size_t>(dataset.action_dim));
  int64_t outside = 0;
  for (int64_t i = 0; i < dataset.rows; ++i) {
    std::copy_n(dataset.actions.begin() + i * dataset.action_dim, row.size(), row.begin());
    unit.to_unit(std::span(row));
    outside += std::any_of(row.begin(), row.end(), [](float a) { return std::abs(a) > 3.0f; });
  }
  return 2 * outside <= dataset.rows;
}

void bounds_of_data(const Dataset& dataset, PreparedData& data) {
  const auto dim = static_cast<size_t>(dataset.action_dim);
  data.action_low.assign(dim, std::numeric_limits<float>::max());
  data.action_high.assign(dim, std::numeric_limits<float>::lowest());
  for (size_t i = 0; i < dataset.actions.size(); ++i) {
    data.action_low[i % dim] = std::min(data.action_low[i % dim], dataset.actions[i]);
    data.action_high[i % dim] = std::max(data.action_high[i % dim], dataset.actions[i]);
  }
  for (size_t d = 0; d < dim; ++d) {
    // Data within [-1, 1] that spans more than half of it was made with these bounds.
    if (data.action_low[d] >= -1.0f && data.action_high[d] <= 1.0f &&
        data.action_high[d] - data.action_low[d] > 1.0f) {
      data.action_low[d] = -1.0f;
      data.action_high[d] = 1.0f;
    }
    if (data.action_high[d] <= data.action_low[d]) {
      data.action_low[d] -= 1.0f;
      data.action_high[d] += 1.0f;
    }
  }
}

/// Choices become columns, 1 for the one that was made, so that critics and scores see no order among them.
Result<void> take_choices(const Dataset& dataset, const std::optional<EnvironmentInfo>& info,
                          PreparedData& prepared) {
  constexpr int64_t kMostChoices = 1024;
  const std::string file = dataset.source.path.string();
  if (dataset.action_dim > 1)
    return Error{ErrorCode::bad_data, file + ": its actions are " + std::to_string(dataset.action_dim) +
                                          " choices at a time; only one at a time can be learned"};
  const int64_t count = info ? info->action_count : dataset.action_count;
  if (dataset.action_count > count)
    return Error{ErrorCode::usage,
                 file + " has " + std::to_string(dataset.action_count) + " choices, but " +
                     prepared.environment + " takes " + std::to_string(count) +
                     "; name the one it was made in (--environment; in the window, Environment)"};
  if (count > kMostChoices)
    return Error{ErrorCode::bad_data, file + ": its actions are whole numbers up to " +
                                          std::to_string(count - 1) + ", and at most " +
                                          std::to_string(kMostChoices) +
                                          " choices can be learned. If they are no choices, write them with a "
                                          "fraction (float32)"};
  auto& data = prepared.training;
  data.action_count = data.action_dim = count;
  data.actions.assign(static_cast<size_t>(data.rows * count), 0.0f);
  for (int64_t row = 0; row < data.rows; ++row)
    data.actions[static_cast<size_t>(row * count) +
                 static_cast<size_t>(dataset.actions[static_cast<size_t>(row)])] = 1.0f;
  data.action_low.assign(static_cast<size_t>(count), 0.0f);
  data.action_high.assign(static_cast<size_t>(count), 1.0f);
  prepared.action_low = {0.0f};
  prepared.action_high = {static_cast<float>(count - 1)};
  prepared.preparation = Preparation::units;  // programs that knew only the first rule refuse choices
  return {};
}

/// Continuous actions in units of their bounds; true where that changes a number.
bool take_actions(std::vector<float>&& actions, Preparation preparation, PreparedData& prepared) {
  auto& data = prepared.training;
  data.actions = std::move(actions);
  const ActionUnit unit(prepared.action_low, prepared.action_high);
  data.action_low = unit.unit_low();
  data.action_high = unit.unit_high();
  const bool units = prepared.action_low != data.action_low || prepared.action_high != data.action_high;
  if (preparation == Preparation::first) {
    data.action_low = prepared.action_low;
    data.action_high = prepared.action_high;
  } else if (units) {
    unit.to_unit(std::span(data.actions));
  }
  return units;
}

std::string automatic_scaling(const std::string& environment) {
  const Task* task = find_task(environment);
  // A variant that the catalogue does not list, "antmaze-umaze", is scaled as its task is.
  if (!task) task = find_task(guess_environment(environment));
  if (!task || task->scaling == RewardScaling::none) return "none";
  return task->scaling == RewardScaling::return_range ? "return_range" : "antmaze";
}

std::string scale_rewards(std::vector<float>& rewards, const EpisodeTable& episodes, std::string scaling,
                          const std::string& environment, std::vector<std::string>& notes) {
  if (scaling == "auto") scaling = automatic_scaling(environment);
  if (scaling == "antmaze") {
    for (auto& reward : rewards) reward -= 1.0f;
    return "antmaze (- 1)";
  }
  if (scaling == "none") return "none";
  const auto [low, high] = std::minmax_element(episodes.returns.begin(), episodes.returns.end());
  if (!(*high > *low)) {
    notes.push_back("all trajectories have the same return, so rewards are not scaled");
    return "none (all returns are equal)";
  }
  const double factor = 1000.0 / (*high - *low);
  for (auto& reward : rewards) reward = static_cast<float>(reward * factor);
  return "return_range (x " + significant(factor, 6) + ")";
}

void normalize(std::vector<float>& rows, const Normalizer& normalizer) {
  const size_t dim = normalizer.mean.size();
  for (size_t i = 0; i < rows.size(); ++i)
    rows[i] = (rows[i] - normalizer.mean[i % dim]) / normalizer.scale[i % dim];
}

/// The first number that is none after it was normalized: the data fit in float32, its spread does not.
Result<void> check_normalized(const std::vector<float>& rows, int64_t width, const std::string& file) {
  const auto found = std::find_if(rows.begin(), rows.end(), [](float v) { return !std::isfinite(v); });
  if (found == rows.end()) return {};
  const int64_t at = found - rows.begin();
  return Error{ErrorCode::bad_data,
               file + " cannot be learned from: observation " + std::to_string(at % width) + " of row " +
                   std::to_string(at / width) +
                   " lies too far from the others to be normalized (both count from 0). Put "
                   "it right, or take its trajectory out of the file; vaco inspect lists "
                   "such outliers"};
}

DiagnosticsTable diagnostics_of(Dataset& dataset) {
  DiagnosticsTable table;
  table.episodes = dataset.episodes;
  table.trajectory_source.assign(table.episodes.size(), 0);
  table.sources = dataset.policy_names;
  const auto known = static_cast<int32_t>(table.sources.size());
  const bool sound = std::all_of(dataset.policy_ids.begin(), dataset.policy_ids.end(),
                                 [&](int32_t id) { return id >= 0 && id < known; });
  if (dataset.policy_ids.empty() || known == 0 || !sound) {
    table.sources = {"all"};
    return table;
  }
  table.row_source = std::move(dataset.policy_ids);
  for (size_t t = 0; t < table.episodes.size(); ++t)
    table.trajectory_source[t] = table.row_source[static_cast<size_t>(table.episodes.first[t])];
  return table;
}

}  // namespace

Preparation take_settled(RunConfig& config, const Fingerprint& begun) {
  if (const auto is = begun.find("environment"); is != begun.end() && config.environment.empty())
    if (is->second != kUnknownEnvironment) config.environment = is->second;
  const auto rule = begun.find("preparation");
  return rule == begun.end() || rule->second == "1" ? Preparation::first : Preparation::units;
}

Fingerprint data_fingerprint(const PreparedData& prepared, const std::string& dataset_hash) {
  std::string bounds;
  for (size_t i = 0; i < prepared.action_low.size(); ++i)
    bounds += (i == 0 ? "[" : " [") + significant(static_cast<double>(prepared.action_low[i]), 9) + ", " +
              significant(static_cast<double>(prepared.action_high[i]), 9) + "]";
  ContentHash normalizer;
  normalizer.add(std::as_bytes(std::span(prepared.training.observation_mean)));
  normalizer.add(std::as_bytes(std::span(prepared.training.observation_scale)));
  return {{"dataset", dataset_hash},
          {"environment", prepared.environment.empty() ? kUnknownEnvironment : prepared.environment},
          {"action bounds", bounds},
          {"normalizer", normalizer.hex()},
          {"preparation", std::to_string(static_cast<int>(prepared.preparation))}};
}

Result<PreparedData> prepare_data(Dataset&& dataset, const RunConfig& config, Preparation preparation) {
  if (dataset.rows <= 0 || dataset.episodes.size() == 0)
    return Error{ErrorCode::bad_data, dataset.source.path.string() + " holds no transitions"};
  if (dataset.rows < 2)
    return Error{ErrorCode::bad_data,
                 dataset.source.path.string() + " holds a single transition; learning takes two at the least"};
  if (auto can = check_actions(config, dataset.action_count, dataset.source.path.string()); !can)
    return can.error();
  if (auto sound = check_findings(dataset); !sound) return sound.error();
  PreparedData prepared;
  prepared.environment = config.environment.empty() ? dataset.environment : config.environment;
  auto& data = prepared.training;
  data.rows = dataset.rows;
  data.obs_dim = dataset.obs_dim;
  data.action_dim = dataset.action_dim;
  const auto physics = physics_for(config.physics, dataset.physics, prepared.environment);
  const DataShape shape{dataset.obs_dim, dataset.action_dim, dataset.action_count > 0};
  if (auto fits = check_dimensions(shape, prepared.environment, physics); !fits) return fits.error();
  const auto known = simulated(prepared.environment, physics, shape);
  if (!known) return known.error();
  const auto& info = *known;
  if (info) {
    prepared.can_evaluate = true;
    prepared.physics = physics;
    if (auto note = physics_note(prepared.physics, dataset.physics); !note.empty())
      prepared.notes.push_back(std::move(note));
    if (const auto found = physics_of_data(dataset))
      if (auto warning = physics_warning(*found, prepared.environment, physics); !warning.empty())
        prepared.notes.push_back(std::move(warning) + ": choose another with --physics or --environment");
    prepared.action_low = info->action_low;
    prepared.action_high = info->action_high;
  }
  if (shape.discrete) {
    if (!prepared.can_evaluate)
      prepared.notes.push_back(why_not_evaluated(prepared.environment) + ", so policies are not evaluated");
  } else if (prepared.can_evaluate && preparation != Preparation::first && !are_actions_of(*info, dataset)) {
    prepared.notes.push_back(
        "most actions lie far outside those that " + prepared.environment +
        " takes, so they are in another unit: policies are not evaluated, and action bounds "
        "are those of the data");
    prepared.can_evaluate = false;
    bounds_of_data(dataset, prepared);
  } else if (!prepared.can_evaluate) {
    prepared.notes.push_back(why_not_evaluated(prepared.environment) +
                             ", so policies are not evaluated; action bounds are those of the data");
    bounds_of_data(dataset, prepared);
  }
  const ParamSet params = config.param_set();
  const auto [normalizer, own_scale] = normalizer_for(dataset, params, preparation);
  data.observation_mean = normalizer.mean;
  data.observation_scale = normalizer.scale;
  data.trajectory_first = dataset.episodes.first;
  data.trajectory_length = dataset.episodes.length;
  data.trajectory_return.assign(dataset.episodes.returns.begin(), dataset.episodes.returns.end());
  data.masks.resize(dataset.terminals.size());
  std::transform(dataset.terminals.begin(), dataset.terminals.end(), data.masks.begin(),
                 [](uint8_t terminal) { return terminal ? 0.0f : 1.0f; });
  const auto usable =
      std::count_if(dataset.has_next.begin(), dataset.has_next.end(), [](uint8_t h) { return h != 0; });
  if (usable == 0)
    return Error{ErrorCode::bad_data,
                 dataset.source.path.string() +
                     " cannot be learned from: no row has a successor to learn values from. "
                     "Give it longer episodes, or next_observations"};
  if (usable < dataset.rows) {
    data.td_rows.reserve(static_cast<size_t>(usable));
    for (int64_t row = 0; row < dataset.rows; ++row)
      if (dataset.has_next[static_cast<size_t>(row)]) data.td_rows.push_back(row);
  }
  data.observations = std::move(dataset.observations);
  data.next_observations = std::move(dataset.next_observations);
  if (shape.discrete) {
    if (auto taken = take_choices(dataset, info, prepared); !taken) return taken.error();
  } else {
    const bool units = take_actions(std::move(dataset.actions), preparation, prepared);
    if (preparation != Preparation::first && (units || own_scale)) prepared.preparation = Preparation::units;
  }
  data.rewards = std::move(dataset.rewards);
  normalize(data.observations, normalizer);
  normalize(data.next_observations, normalizer);
  for (const auto* rows : {&data.observations, &data.next_observations})
    if (auto sound = check_normalized(*rows, data.obs_dim, dataset.source.path.string()); !sound)
      return sound.error();
  prepared.reward_scaling = scale_rewards(data.rewards, dataset.episodes, params.choice("reward_scaling"),
                                          prepared.environment, prepared.notes);
  if (!data.rewards.empty()) {
    const auto [low, high] = std::minmax_element(data.rewards.begin(), data.rewards.end());
    prepared.reward_low = *low;
    prepared.reward_high = *high;
  }
  prepared.diagnostics = diagnostics_of(dataset);
  return prepared;
}

}  // namespace vaco
