// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cassert>
#include <filesystem>

#include "core/records/run_config.h"
#include "resources/resources.h"

namespace vaco {
namespace {

std::map<std::string, Json> values_of(const Json& object) {
  std::map<std::string, Json> values;
  for (const auto& [key, value] : object.items()) values[key] = value;
  return values;
}

std::vector<Preset> load_presets() {
  std::vector<std::pair<int, Preset>> ordered;
  for (const auto& path : list_resources("presets/")) {
    // The files are compiled in, so a fault in them is ours; tests read every one.
    const Json json = Json::parse(find_resource(path));
    Preset preset;
    preset.key = std::filesystem::path(path).stem().string();
    preset.label = json.at("label").get<std::string>();
    preset.summary = json.at("summary").get<std::string>();
    preset.values = values_of(json.at("values"));
    for (const auto& [algorithm, values] : json.at("algorithms").items())
      preset.algorithm_values[algorithm] = values_of(values);
    ordered.emplace_back(json.at("order").get<int>(), std::move(preset));
  }
  std::stable_sort(ordered.begin(), ordered.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<Preset> list;
  list.reserve(ordered.size());
  for (auto& [order, preset] : ordered) list.push_back(std::move(preset));
  return list;
}

}  // namespace

const std::vector<Preset>& presets() {
  static const std::vector<Preset> list = load_presets();
  return list;
}

}  // namespace vaco
