// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/compare_configs.h"

#include <algorithm>
#include <map>
#include <set>

#include "core/data/episode_list.h"
#include "core/learn/algorithm.h"

namespace vaco {
namespace {

/// Names get no longer than that many differing parameters.
constexpr size_t kNamedParameters = 3;

std::string algorithm_label(const RunConfig& config) {
  const auto found = find_algorithm(config.algorithm);
  return found ? (*found)->label : config.algorithm;
}

/// What a setting says of a run: what it learns, how, or neither (the preset is a name for values that are
/// told one by one).
enum class Tells { task, method, nothing };
struct Field {
  const char *key, *label;
  Tells tells;
  std::string (*text)(const RunConfig&);
  bool seldom = false;  ///< told only where a run has chosen it
};
const Field kFields[] = {
    {"algorithm", "Algorithm", Tells::method, [](const RunConfig& c) { return c.algorithm; }},
    {"preset", "Preset", Tells::nothing,
     [](const RunConfig& c) { return c.preset.empty() ? std::string("none") : c.preset; }},
    {"dataset", "Dataset", Tells::task, [](const RunConfig& c) { return c.dataset.string(); }},
    {"exclude", "Left-out episodes", Tells::method,
     [](const RunConfig& c) { return c.exclude.empty() ? std::string("none") : c.exclude; }, true},
    {"columns", "Columns", Tells::task,
     [](const RunConfig& c) { return c.columns.empty() ? std::string("by name") : c.columns; }, true},
    {"observations", "Observations", Tells::task,
     [](const RunConfig& c) { return c.observations.empty() ? std::string("all") : c.observations; }, true},
    {"subset", "Subset", Tells::task,
     [](const RunConfig& c) { return c.subset.empty() ? std::string("all") : c.subset; }, true},
    {"environment", "Environment", Tells::task, [](const RunConfig& c) { return c.environment; }},
    {"physics", "Physics", Tells::task, [](const RunConfig& c) { return c.physics; }},
    {"seed", "Seed", Tells::nothing, [](const RunConfig& c) { return std::to_string(c.seed); }},
    {"device", "Device", Tells::method, [](const RunConfig& c) { return c.device; }},
    {"precision", "Precision", Tells::method, [](const RunConfig& c) { return c.precision; }},
};

std::string identity(const RunConfig& config, Tells of) {
  std::string text;
  for (const Field& field : kFields)
    if (field.tells == of) text += field.text(config) + '\n';
  return text;
}

std::string param_text(const RunConfig& config, const std::string& key) {
  const auto found = config.params.find(key);
  return found == config.params.end() ? std::string() : to_text(found->second.value);
}

template <class Of>
bool varies(const std::vector<const RunConfig*>& configs, Of of) {
  std::set<std::string> seen;
  for (const auto* config : configs) seen.insert(of(*config));
  return seen.size() > 1;
}

/// What differs between groups that share algorithm and data, as words in the order of the schema.
std::string difference(const RunConfig& config, const std::vector<const RunConfig*>& rivals) {
  const auto schema = full_schema(config.algorithm);
  if (!schema) return {};
  std::vector<std::string> words;
  for (const auto& spec : *schema)
    if (varies(rivals, [&](const RunConfig& one) { return param_text(one, spec.key); }))
      words.push_back(spec.key + " " + param_text(config, spec.key));
  for (const Field& field : kFields)
    if (const std::string_view key = field.key; key == "physics" || key == "device" || key == "precision")
      if (varies(rivals, field.text)) words.push_back(field.text(config));
  if (varies(rivals, [](const RunConfig& one) { return one.exclude; })) {
    const auto list = EpisodeList::parse(config.exclude);
    words.insert(words.begin(), config.exclude.empty()
                                    ? "all episodes"
                                    : "without " + (list ? list->short_text(3) : config.exclude));
  }
  const bool by_preset =
      words.size() > kNamedParameters && varies(rivals, [](const RunConfig& one) { return one.preset; });
  if (by_preset) return config.preset.empty() ? "no preset" : config.preset;
  std::string text;
  for (size_t i = 0; i < std::min(words.size(), kNamedParameters); ++i)
    text += (text.empty() ? "" : ", ") + words[i];
  if (words.size() > kNamedParameters) text += ", …";
  return text;
}

std::vector<std::string> names_of(const std::vector<const RunConfig*>& groups) {
  const auto dataset = [](const RunConfig& config) { return config.dataset.string(); };
  const bool by_data = varies(groups, dataset);
  std::vector<std::string> names;
  std::map<std::string, int> seen;
  for (const auto* config : groups) {
    std::vector<const RunConfig*> rivals;
    for (const auto* other : groups)
      if (other->algorithm == config->algorithm && dataset(*other) == dataset(*config)) rivals.push_back(other);
    std::string name = algorithm_label(*config);
    if (by_data) name += ", " + config->dataset.stem().string();
    if (const auto words = difference(*config, rivals); !words.empty()) name += ", " + words;
    // Two groups may still share a name, for instance under one preset with values of their own.
    if (const int count = ++seen[name]; count > 1) name += " (" + std::to_string(count) + ")";
    names.push_back(std::move(name));
  }
  return names;
}

}  // namespace

bool ComparedSetting::differs() const {
  const std::string* first = nullptr;
  for (const auto& value : values) {
    if (value.empty()) continue;
    if (first && value != *first) return true;
    first = &value;
  }
  return false;
}

std::vector<ComparedSetting> compare_configs(std::span<const RunConfig> configs) {
  std::vector<ComparedSetting> rows;
  if (configs.empty()) return rows;
  for (const Field& field : kFields) {
    const std::string unchosen = field.text(RunConfig());
    if (field.seldom && std::all_of(configs.begin(), configs.end(),
                                    [&](const RunConfig& config) { return field.text(config) == unchosen; }))
      continue;
    rows.push_back({field.key, field.label, {}});
    for (const auto& config : configs) rows.back().values.push_back(field.text(config));
  }
  std::set<std::string> known;
  for (const auto& config : configs) {
    const auto schema = full_schema(config.algorithm);
    if (!schema) continue;
    for (const auto& spec : *schema) {
      if (!known.insert(spec.key).second) continue;
      rows.push_back({spec.key, spec.label, {}});
      for (const auto& one : configs) rows.back().values.push_back(param_text(one, spec.key));
    }
  }
  return rows;
}

std::string task_identity(const RunConfig& config) {
  return identity(config, Tells::task);
}

RunConfig without_task(RunConfig config) {
  const RunConfig none;
  config.dataset = none.dataset;
  config.columns = none.columns;
  config.observations = none.observations;
  config.subset = none.subset;
  config.environment = none.environment;
  config.physics = none.physics;
  return config;
}

std::string settings_identity(const RunConfig& config) {
  std::string text = task_identity(config) + identity(config, Tells::method);
  for (const auto& [key, configured] : config.params) text += key + '=' + to_text(configured.value) + '\n';
  return text;
}

RunGroups group_all_but_seed(std::span<const RunConfig> configs) {
  RunGroups groups;
  std::map<std::string, int> known;
  std::vector<const RunConfig*> first;
  for (const auto& config : configs) {
    const auto [at, is_new] = known.emplace(settings_identity(config), static_cast<int>(first.size()));
    if (is_new) first.push_back(&config);
    groups.group_of.push_back(at->second);
  }
  groups.names = names_of(first);
  return groups;
}

}  // namespace vaco
