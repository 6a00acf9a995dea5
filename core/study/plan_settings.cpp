// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/plan_settings.h"

#include <algorithm>

#include "core/learn/algorithm.h"
#include "core/study/plan_json.h"

namespace vaco {
namespace {

class SettingsParser {
 public:
  explicit SettingsParser(const Json& json) : json_(json) {}

  Result<PlanSettings> parse() {
    if (auto r = check_plan_keys(
            json_, "the plan",
            {"datasets", "algorithms", "params", "seeds", "preset", "set", "threads", "device", "precision"});
        !r)
      return r.error();
    for (const auto step : {&SettingsParser::common, &SettingsParser::variants, &SettingsParser::common_set,
                            &SettingsParser::grid, &SettingsParser::seeds})
      if (auto r = (this->*step)(); !r) return r.error();
    return std::move(read_);
  }

 private:
  Result<void> common() {
    for (const auto& [key, field] : {std::pair{"preset", &common_.preset}, std::pair{"device", &common_.device},
                                     std::pair{"precision", &common_.precision}}) {
      const auto text = plan_text(json_, "the plan", key, *field);
      if (!text) return text.error();
      *field = *text;
    }
    common_.threads = 1;
    if (!json_.contains("threads")) return {};
    if (!json_["threads"].is_number_unsigned())
      return plan_error("threads", "must be a whole number, 0 for all cores");
    const auto threads = json_["threads"].get<uint64_t>();
    if (threads > 1024) return plan_error("threads", "must be 0 (all cores) to 1024");
    common_.threads = static_cast<int>(threads);
    return {};
  }

  Result<void> variants() {
    const auto list = plan_list(json_, "algorithms");
    if (!list) return list.error();
    for (size_t i = 0; i < list->size(); ++i) {
      const std::string place = plan_item("algorithms", i);
      const Json& given = (*list)[i];
      const Json entry = given.is_string() ? Json{{"algorithm", given}} : given;
      if (auto r = check_plan_keys(entry, place, {"algorithm", "label", "preset", "set"}); !r) return r;
      const auto key = plan_text(entry, place, "algorithm");
      const auto preset = plan_text(entry, place, "preset", common_.preset);
      for (const auto* text : {&key, &preset})
        if (!*text) return text->error();
      const auto info = find_algorithm(*key);
      if (!info) return info.error().within(place);
      const auto label = plan_text(entry, place, "label", (*info)->label);
      if (!label) return label.error();
      if (auto r = labels_.claim(*label, place); !r) return r;
      auto config = make_config(*key, *preset);
      if (!config) return config.error().within(place);
      config->device = common_.device;
      config->precision = common_.precision;
      config->threads = common_.threads;
      PlanVariant variant{place, *label, std::move(*config), {}};
      if (entry.contains("set")) {
        if (!entry["set"].is_object())
          return plan_error(place + ".set", "must be an object {parameter: value}");
        for (const auto& [param, value] : entry["set"].items()) {
          if (auto r = set_plan_param(variant.config, param, value, place + ".set"); !r) return r;
          variant.own.insert(param);
        }
      }
      read_.variants.push_back(std::move(variant));
    }
    return {};
  }

  /// A parameter of the whole plan goes to the algorithms that have it; one that none has is a mistake.
  Result<void> check_known(const std::string& key, const std::string& place) const {
    for (const auto& variant : read_.variants)
      if (variant.config.params.contains(key)) return {};
    const auto spec = require_param(read_.variants.front().config.algorithm, key);
    return plan_error(place, "no algorithm of the plan has it" + (spec ? "" : ": " + spec.error().message));
  }

  Result<void> common_set() {
    if (!json_.contains("set")) return {};
    if (!json_["set"].is_object()) return plan_error("set", "must be an object {parameter: value}");
    for (const auto& [key, value] : json_["set"].items()) {
      if (auto r = check_known(key, "set." + key); !r) return r;
      for (auto& variant : read_.variants)
        if (variant.config.params.contains(key) && !variant.own.contains(key))
          if (auto r = set_plan_param(variant.config, key, value, "set"); !r) return r;
    }
    return {};
  }

  Result<void> grid() {
    if (!json_.contains("params")) return {};
    if (!json_["params"].is_object()) return plan_error("params", "must be an object {parameter: [values]}");
    for (const auto& [key, values] : json_["params"].items()) {
      const std::string place = "params." + key;
      if (!values.is_array() || values.empty())
        return plan_error(place, "must be a list of values [...] with at least one");
      if (auto r = check_known(key, place); !r) return r;
      if (json_.contains("set") && json_["set"].contains(key))
        return plan_error(place, "is fixed by set." + key + " as well; leave one of them out");
      for (const auto& variant : read_.variants) {
        if (variant.own.contains(key))
          return plan_error(place, "is fixed by " + variant.place + ".set as well; leave one of them out");
        if (!variant.config.params.contains(key)) continue;
        std::set<std::string> seen;
        for (size_t i = 0; i < values.size(); ++i) {
          RunConfig trial = variant.config;
          if (auto r = set_plan_param(trial, key, values[i], plan_item(place, i)); !r) return r;
          if (!seen.insert(to_text(trial.params.at(key).value)).second)
            return plan_error(plan_item(place, i), "the value " + values[i].dump() + " is there twice");
        }
      }
      read_.grid.push_back({key, {values.begin(), values.end()}});
    }
    return {};
  }

  Result<void> seeds() {
    if (!json_.contains("seeds")) {
      read_.seeds = {0, 1, 2};
      return {};
    }
    const auto list = plan_list(json_, "seeds");
    if (!list) return list.error();
    for (size_t i = 0; i < list->size(); ++i) {
      if (!(*list)[i].is_number_unsigned())
        return plan_error(plan_item("seeds", i),
                          "a seed is a whole number from 0 on, not " + (*list)[i].dump());
      const auto seed = (*list)[i].get<uint64_t>();
      if (std::find(read_.seeds.begin(), read_.seeds.end(), seed) != read_.seeds.end())
        return plan_error(plan_item("seeds", i), "the seed " + std::to_string(seed) + " is there twice");
      read_.seeds.push_back(seed);
    }
    return {};
  }

  const Json& json_;
  RunConfig common_;
  PlanSettings read_;
  PlanNames labels_{"label"};
};

}  // namespace

Result<void> set_plan_param(RunConfig& config, const std::string& key, const Json& json,
                            const std::string& place) {
  const auto spec = require_param(config.algorithm, key);
  if (!spec) return spec.error().within(place);
  auto value = from_json_value(*spec, json);
  if (!value) return value.error().within(place);
  config.params[key] = {*value, Origin::command_line};
  return {};
}

Result<PlanSettings> parse_plan_settings(const Json& json) {
  return SettingsParser(json).parse();
}

}  // namespace vaco
