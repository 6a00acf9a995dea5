// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <cstdio>
#include <memory>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "core/learn/algorithm.h"
#include "core/run/online_training.h"
#include "core/run/run_config.h"

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

void print(const AlgorithmInfo& info, const std::vector<ParamSpec>& schema) {
  std::printf("%s (%s): %s\n", info.key.c_str(), info.label.c_str(), info.summary.c_str());
  std::string group;
  for (const auto& spec : schema) {
    if (spec.group != group) std::printf("\n  %s\n", spec.group.c_str());
    group = spec.group;
    std::string line = spec.key + " = " + to_text(spec.default_value);
    if (!spec.unit.empty()) line += " " + spec.unit;
    if (!spec.symbol.empty()) line += "  (" + spec.symbol + ")";
    std::printf("    %s\n        %s", line.c_str(), spec.help.c_str());
    if (!spec.choices.empty()) {
      std::printf(" One of");
      for (size_t i = 0; i < spec.choices.size(); ++i)
        std::printf("%s %s", i == 0 ? ":" : ",", spec.choices[i].c_str());
      std::printf(".");
    }
    if (!spec.reference.empty()) std::printf(" [%s]", spec.reference.c_str());
    std::printf("\n");
  }
  std::printf("\n");
}

struct Params {
  std::string algorithm;
  bool json = false;

  [[nodiscard]] int run() const {
    Json all = Json::object();
    if (!algorithm.empty() && algorithm != kOnlineTd3)
      if (const auto known = find_algorithm(algorithm); !known) return report_error("params", known.error());
    auto infos = algorithms();
    infos.push_back(
        {kOnlineTd3, "Online TD3", "TD3 that learns in the environment (vaco collect --train td3)", {}});
    for (const auto& info : infos) {
      if (!algorithm.empty() && info.key != algorithm) continue;
      const auto schema = full_schema(info.key);
      if (!schema) return report_error("params", schema.error());
      if (!json) {
        print(info, *schema);
        continue;
      }
      Json list = Json::array();
      for (const auto& spec : *schema) list.push_back(to_json(spec));
      all[info.key] = {{"label", info.label}, {"summary", info.summary}, {"params", list}};
    }
    if (json) std::printf("%s\n", all.dump(2).c_str());
    return 0;
  }
};

}  // namespace

void add_params(CLI::App& app, int& exit_code) {
  auto params = std::make_shared<Params>();
  CLI::App* command = app.add_subcommand("params", "List the parameters of the algorithms");
  command->add_option("--algorithm", params->algorithm, "only this one (vaco, bc, ..., online_td3)");
  command->add_flag("--json", params->json, "as JSON");
  command->callback([params, &exit_code] { exit_code = params->run(); });
}

}  // namespace vaco::cli
