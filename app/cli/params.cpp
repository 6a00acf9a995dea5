// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <cstdio>
#include <map>
#include <memory>
#include <set>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "core/base/readable.h"
#include "core/learn/algorithm.h"
#include "core/records/online_schema.h"
#include "core/records/run_config.h"

namespace vaco::cli {
namespace {

const char* type_text(ParamType type) {
  switch (type) {
    case ParamType::boolean:
      return "boolean";
    case ParamType::integer:
      return "integer";
    case ParamType::real:
      return "real";
    case ParamType::choice:
      break;
  }
  return "choice";
}

Json bound(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

/// "Range: 0 to 1; usual: 0.5 to 0.9.", as far as there are such bounds.
std::string range_text(const ParamSpec& spec) {
  const std::string range = readable_range(spec.min, spec.max),
                    usual = readable_range(spec.warn_min, spec.warn_max);
  if (range.empty() && usual.empty()) return {};
  if (usual.empty()) return "Range: " + range + ".";
  return range.empty() ? "Usual: " + usual + "." : "Range: " + range + "; usual: " + usual + ".";
}

Json to_json(const ParamSpec& spec) {
  return {{"key", spec.key},
          {"symbol", spec.symbol},
          {"label", spec.label},
          {"help", spec.help},
          {"type", type_text(spec.type)},
          {"default", to_json_value(spec.default_value)},
          {"choices", spec.choices},
          {"min", bound(spec.min)},
          {"max", bound(spec.max)},
          {"warn_min", bound(spec.warn_min)},
          {"warn_max", bound(spec.warn_max)},
          {"tier", spec.tier == ParamTier::basic ? "basic" : "advanced"},
          {"group", spec.group},
          {"unit", spec.unit},
          {"affects", spec.affects},
          {"reference", spec.reference}};
}

void print(const ParamSpec& spec, const std::map<std::string, ConfiguredValue>& values) {
  const auto value = values.find(spec.key);
  const bool of_preset = value != values.end() && value->second.origin == Origin::preset;
  std::string line = spec.key + " = " + to_text(of_preset ? value->second.value : spec.default_value);
  if (!spec.unit.empty()) line += " " + spec.unit;
  if (of_preset) line += ", by default " + to_text(spec.default_value);
  if (!spec.symbol.empty()) line += "  (" + spec.symbol + ")";
  std::printf("    %s\n        %s", line.c_str(), spec.help.c_str());
  if (!spec.choices.empty()) {
    std::printf(" One of");
    for (size_t i = 0; i < spec.choices.size(); ++i)
      std::printf("%s %s", i == 0 ? ":" : ",", spec.choices[i].c_str());
    std::printf(".");
  }
  if (const auto range = range_text(spec); !range.empty()) std::printf(" %s", range.c_str());
  if (!spec.reference.empty()) std::printf(" [%s]", spec.reference.c_str());
  std::printf("\n");
}

/// values: of a preset, or empty.
void print(const AlgorithmInfo& info, const std::vector<ParamSpec>& schema,
           const std::map<std::string, ConfiguredValue>& values) {
  std::printf("%s (%s): %s\n", info.key.c_str(), info.label.c_str(), info.summary.c_str());
  std::set<std::string> told;
  for (const auto& first : schema) {
    if (!told.insert(first.group).second) continue;
    std::printf("\n  %s\n", first.group.c_str());
    for (const auto& spec : schema)
      if (spec.group == first.group) print(spec, values);
  }
  std::printf("\n");
}

struct Params {
  std::string algorithm, preset;
  bool json = false;

  [[nodiscard]] int run() const {
    end_on_signals();
    Json all = Json::object();
    if (!algorithm.empty() && algorithm != kOnlineTd3)
      if (const auto known = find_algorithm(algorithm); !known) return report_error("params", known.error());
    if (!preset.empty() && algorithm == kOnlineTd3)
      return report_error("params", {ErrorCode::usage, "presets are for vaco train; online_td3 has none"});
    auto infos = algorithms();
    if (preset.empty())
      infos.push_back(
          {kOnlineTd3, "Online TD3", "TD3 that learns in the environment (vaco collect --train td3)", {}});
    for (const auto& info : infos) {
      if (!algorithm.empty() && info.key != algorithm) continue;
      const auto schema = full_schema(info.key);
      if (!schema) return report_error("params", schema.error());
      std::map<std::string, ConfiguredValue> values;
      if (!preset.empty()) {
        auto config = make_config(info.key, preset);
        if (!config) return report_error("params", config.error());
        values = std::move(config->params);
      }
      if (!json) {
        print(info, *schema, values);
        continue;
      }
      Json list = Json::array();
      for (const auto& spec : *schema) {
        list.push_back(to_json(spec));
        if (!preset.empty()) list.back()["preset_value"] = to_json_value(values.at(spec.key).value);
      }
      all[info.key] = {{"label", info.label}, {"summary", info.summary}, {"params", list}};
    }
    if (json) std::printf("%s\n", all.dump(2).c_str());
    return 0;
  }
};

}  // namespace

void add_params(CLI::App& app, int& exit_code) {
  auto params = std::make_shared<Params>();
  CLI::App* command = add_command(app, "params");
  command->add_option("--algorithm", params->algorithm, "only this one (vaco, bc, ..., online_td3)");
  command->add_option("--preset", params->preset, "with the values of this one (demo, quick, paper or printed)")
      ->type_name("NAME");
  command->add_flag("--json", params->json, "as JSON");
  command->callback([params, &exit_code] { exit_code = params->run(); });
}

}  // namespace vaco::cli
