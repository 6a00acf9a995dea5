// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/run_config.h"

#include <algorithm>
#include <array>
#include <limits>
#include <utility>

#include "core/data/reader.h"
#include "core/learn/algorithm.h"

namespace vaco {
namespace {

constexpr int kSchemaVersion = 1;

/// What is in the file only where something was chosen.
constexpr std::pair<const char*, std::string RunConfig::*> kReading[] = {
    {"exclude", &RunConfig::exclude},
    {"columns", &RunConfig::columns},
    {"observations", &RunConfig::observations},
    {"subset", &RunConfig::subset}};

Result<const Preset*> find_preset(const std::string& key) {
  std::string known;
  for (const auto& preset : presets()) {
    if (preset.key == key) return &preset;
    known += (known.empty() ? "" : ", ") + preset.key;
  }
  return Error{ErrorCode::usage, "there is no preset '" + key + "'; known are " + known};
}

/// What defaults and the preset say about one parameter.
Result<ConfiguredValue> base_value(const ParamSpec& spec, const Preset* preset, const std::string& algorithm) {
  ConfiguredValue base{spec.default_value, Origin::default_value};
  if (!preset) return base;
  const auto apply = [&](const std::map<std::string, Json>& values) -> Result<void> {
    const auto found = values.find(spec.key);
    if (found == values.end()) return {};
    auto value = from_json_value(spec, found->second);
    if (!value) return value.error().within("preset " + preset->key);
    base = {*value, Origin::preset};
    return {};
  };
  if (auto applied = apply(preset->values); !applied) return applied.error();
  if (const auto special = preset->algorithm_values.find(algorithm); special != preset->algorithm_values.end())
    if (auto applied = apply(special->second); !applied) return applied.error();
  return base;
}

Result<const Preset*> preset_of(const RunConfig& config) {
  if (config.preset.empty()) return static_cast<const Preset*>(nullptr);
  return find_preset(config.preset);
}

Result<Origin> parse_origin(const std::string& text) {
  for (const Origin origin : {Origin::default_value, Origin::preset, Origin::run, Origin::command_line})
    if (to_text(origin) == text) return origin;
  return Error{ErrorCode::bad_data, "unknown origin '" + text + "' of a parameter"};
}

/// What a run did whose file is older than a parameter, where that is not the default.
const std::map<std::string, ParamValue> kBefore{
    {"cloning_draws", std::string("uniform")}, {"cloning_restart", false}, {"rate_by_rows", false}};

/// Reads a field that may be missing; its type is checked by the JSON library, which throws.
template <class T>
void read_field(const Json& json, const char* key, T& field) {
  if (json.contains(key)) field = json.at(key).get<T>();
}

/// A whole number that may be missing; one that the field cannot hold would be cut to another.
template <class T>
Result<void> read_whole(const Json& json, const char* key, T& field) {
  if (!json.contains(key)) return {};
  const Json& found = json[key];
  const auto fits = [](auto number) { return std::in_range<T>(number); };
  if (!found.is_number_integer() ||
      !(found.is_number_unsigned() ? fits(found.get<uint64_t>()) : fits(found.get<int64_t>())))
    return Error{ErrorCode::bad_data, std::string(key) + " is " + found.dump() +
                                          ", which is no whole number from " +
                                          std::to_string(std::numeric_limits<T>::min()) + " to " +
                                          std::to_string(std::numeric_limits<T>::max())};
  field = found.get<T>();
  return {};
}

Result<RunConfig> parse_config(const Json& json) {
  const int version = json.at("schema_version").get<int>();
  if (version > kSchemaVersion)
    return Error{ErrorCode::bad_data, "it was written by a newer version of this program (config schema " +
                                          std::to_string(version) + ")"};
  RunConfig config;
  config.algorithm = json.at("algorithm").get<std::string>();
  read_field(json, "preset", config.preset);
  config.dataset = json.at("dataset").get<std::string>();
  for (const auto& [key, field] : kReading) read_field(json, key, config.*field);
  read_field(json, "environment", config.environment);
  read_field(json, "physics", config.physics);
  if (auto whole = read_whole(json, "seed", config.seed); !whole) return whole.error();
  read_field(json, "device", config.device);
  read_field(json, "precision", config.precision);
  if (auto whole = read_whole(json, "threads", config.threads); !whole) return whole.error();
  const auto schema = full_schema(config.algorithm);
  if (!schema) return schema.error();
  for (const auto& spec : *schema) {
    const auto before = kBefore.find(spec.key);
    config.params[spec.key] = {before == kBefore.end() ? spec.default_value : before->second,
                               Origin::default_value};
  }
  for (const auto& [key, entry] : json.at("params").items()) {
    const auto spec = require_spec(*schema, key);
    if (!spec) return spec.error();
    auto value = from_json_value(**spec, entry.at("value"));
    if (!value) return value.error();
    auto origin = parse_origin(entry.at("origin").get<std::string>());
    if (!origin) return origin.error();
    config.params[key] = {*value, *origin};
  }
  return config;
}

}  // namespace

std::string to_text(Origin origin) {
  switch (origin) {
    case Origin::default_value:
      return "default";
    case Origin::preset:
      return "preset";
    case Origin::run:
      return "run";
    case Origin::command_line:
      break;
  }
  return "command line";
}

ParamSet RunConfig::param_set() const {
  ParamSet set;
  for (const auto& [key, configured] : params) set.set(key, configured.value);
  return set;
}

Result<RunConfig> make_config(const std::string& algorithm, const std::string& preset_key) {
  RunConfig config;
  config.algorithm = algorithm;
  config.preset = preset_key;
  const auto schema = full_schema(algorithm);
  if (!schema) return schema.error();
  const auto preset = preset_of(config);
  if (!preset) return preset.error();
  if (*preset)
    if (const auto special = (*preset)->algorithm_values.find(algorithm);
        special != (*preset)->algorithm_values.end())
      for (const auto& [key, value] : special->second)
        if (const auto known = require_spec(*schema, key); !known)
          return known.error().within("preset " + preset_key + ", algorithm " + algorithm);
  for (const auto& spec : *schema) {
    auto value = base_value(spec, *preset, algorithm);
    if (!value) return value.error();
    config.params[spec.key] = *value;
  }
  return config;
}

Result<ParamSpec> require_param(const std::string& algorithm, const std::string& key) {
  const auto schema = full_schema(algorithm);
  if (!schema) return schema.error();
  const auto spec = require_spec(*schema, key);
  if (spec) return **spec;
  std::vector<std::string> owners;
  for (const auto& info : algorithms())
    if (find_spec(info.schema, key)) owners.push_back(info.key);
  if (owners.empty()) return spec.error();
  std::string message = algorithm + " has no '" + key + "'; ";
  for (size_t i = 0; i < owners.size(); ++i) message += (i == 0 ? "" : ", ") + owners[i];
  return Error{ErrorCode::usage, message + (owners.size() == 1 ? " has it" : " have it")};
}

Result<void> set_param(RunConfig& config, const std::string& key, const std::string& text, Origin origin) {
  const auto spec = require_param(config.algorithm, key);
  if (!spec) return spec.error();
  auto value = parse_value(*spec, text);
  if (!value) return value.error();
  config.params[key] = {*value, origin};
  return {};
}

Result<std::vector<std::string>> unusual_params(const RunConfig& config) {
  const auto schema = full_schema(config.algorithm);
  if (!schema) return schema.error();
  std::vector<std::string> warnings;
  for (const auto& spec : *schema) {
    const ConfiguredValue& configured = config.params.at(spec.key);
    if (configured.origin <= Origin::preset) continue;
    if (auto warning = warning_for(spec, configured.value); !warning.empty())
      warnings.push_back(std::move(warning));
  }
  return warnings;
}

Json to_json(const RunConfig& config) {
  Json params = Json::object();
  for (const auto& [key, configured] : config.params)
    params[key] = {{"value", to_json_value(configured.value)}, {"origin", to_text(configured.origin)}};
  Json json = {{"schema_version", kSchemaVersion},
               {"algorithm", config.algorithm},
               {"preset", config.preset},
               {"dataset", config.dataset.string()},
               {"environment", config.environment},
               {"physics", config.physics},
               {"seed", config.seed},
               {"device", config.device},
               {"precision", config.precision},
               {"threads", config.threads},
               {"params", params}};
  for (const auto& [key, field] : kReading)
    if (!(config.*field).empty()) json[key] = config.*field;
  return json;
}

Result<ReadOptions> reading_of(const RunConfig& config) {
  auto exclude = EpisodeList::parse(config.exclude);
  if (!exclude) return exclude.error().within("the episodes to leave out (exclude)");
  ReadOptions reading;
  reading.environment = config.environment;
  reading.columns = config.columns;
  reading.subset = config.subset;
  reading.exclude = std::move(*exclude);
  for (size_t at = 0; at < config.observations.size();) {
    const size_t end = std::min(config.observations.find(',', at), config.observations.size());
    if (end > at) reading.observation_keys.push_back(config.observations.substr(at, end - at));
    at = end + 1;
  }
  return reading;
}

void set_reading(RunConfig& config, const ReadOptions& reading) {
  config.exclude = reading.exclude.text();
  config.columns = reading.columns;
  config.subset = reading.subset;
  config.observations.clear();
  for (const auto& key : reading.observation_keys)
    config.observations += (config.observations.empty() ? "" : ",") + key;
}

Result<RunConfig> config_from_json(const Json& json) {
  try {
    auto config = parse_config(json);
    if (!config) return config.error().within("this is not a valid run configuration");
    return config;
  } catch (const nlohmann::json::exception& e) {
    return Error{ErrorCode::bad_data, std::string("this is not a valid run configuration: ") + e.what()};
  }
}

}  // namespace vaco
