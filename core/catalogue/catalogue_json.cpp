// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/catalogue/catalogue_json.h"

#include <cmath>
#include <deque>
#include <limits>

namespace vaco {
namespace {

Json bound(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}
double bound(const Json& json, double otherwise) {
  return json.is_null() ? otherwise : json.get<double>();
}

Json to_json(const ParamSpec& spec) {
  return {{"key", spec.key},
          {"symbol", spec.symbol},
          {"label", spec.label},
          {"help", spec.help},
          {"type", static_cast<int>(spec.type)},
          {"default", to_json_value(spec.default_value)},
          {"choices", spec.choices},
          {"min", bound(spec.min)},
          {"max", bound(spec.max)},
          {"warn_min", bound(spec.warn_min)},
          {"warn_max", bound(spec.warn_max)},
          {"scale", static_cast<int>(spec.scale)},
          {"tier", static_cast<int>(spec.tier)},
          {"group", spec.group},
          {"unit", spec.unit},
          {"affects", spec.affects},
          {"reference", spec.reference}};
}

ParamValue default_of(ParamType type, const Json& json) {
  switch (type) {
    case ParamType::boolean:
      return json.get<bool>();
    case ParamType::integer:
      return json.get<int64_t>();
    case ParamType::real:
      return json.get<double>();
    case ParamType::choice:
      break;
  }
  return json.get<std::string>();
}

ParamSpec spec_from(const Json& json) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  ParamSpec spec;
  spec.key = json.at("key");
  spec.symbol = json.at("symbol");
  spec.label = json.at("label");
  spec.help = json.at("help");
  spec.type = static_cast<ParamType>(json.at("type").get<int>());
  spec.default_value = default_of(spec.type, json.at("default"));
  spec.choices = json.at("choices").get<std::vector<std::string>>();
  spec.min = bound(json.at("min"), -kInfinity);
  spec.max = bound(json.at("max"), kInfinity);
  spec.warn_min = bound(json.at("warn_min"), -kInfinity);
  spec.warn_max = bound(json.at("warn_max"), kInfinity);
  spec.scale = static_cast<ParamScale>(json.at("scale").get<int>());
  spec.tier = static_cast<ParamTier>(json.at("tier").get<int>());
  spec.group = json.at("group");
  spec.unit = json.at("unit");
  spec.affects = json.at("affects");
  spec.reference = json.at("reference");
  return spec;
}

Json to_json(const std::vector<ParamSpec>& schema) {
  Json list = Json::array();
  for (const auto& spec : schema) list.push_back(to_json(spec));
  return list;
}
std::vector<ParamSpec> schema_from(const Json& json) {
  std::vector<ParamSpec> schema;
  for (const auto& spec : json) schema.push_back(spec_from(spec));
  return schema;
}

const Metric& metric_from(const Json& json) {
  static std::deque<std::string> texts;  // a metric names its texts by address
  static std::deque<Metric> metrics;
  const auto text = [&](const char* key) { return texts.emplace_back(json.at(key)).c_str(); };
  const char* const key = text("key");
  const char* const label = text("label");
  return metrics.emplace_back(Metric{key, label, text("symbol")});
}

}  // namespace

Json to_json(const Catalogue& catalogue) {
  Json algorithms = Json::array();
  for (const auto& info : catalogue.algorithms) {
    Json metrics = Json::array();
    for (const Metric& metric : info.metrics)
      metrics.push_back({{"key", metric.key}, {"label", metric.label}, {"symbol", metric.symbol}});
    algorithms.push_back({{"key", info.key},
                          {"label", info.label},
                          {"summary", info.summary},
                          {"discrete_actions", info.discrete_actions},
                          {"schema", to_json(info.schema)},
                          {"metrics", metrics}});
  }
  return {{"algorithms", algorithms}, {"online_td3", to_json(catalogue.online_td3)}};
}

Result<Catalogue> catalogue_from_json(const Json& json) {
  try {
    Catalogue catalogue;
    for (const auto& entry : json.at("algorithms")) {
      AlgorithmInfo info{.key = entry.at("key"),
                         .label = entry.at("label"),
                         .summary = entry.at("summary"),
                         .discrete_actions = entry.at("discrete_actions").get<bool>(),
                         .schema = schema_from(entry.at("schema"))};
      for (const auto& metric : entry.at("metrics")) info.metrics.emplace_back(metric_from(metric));
      catalogue.algorithms.push_back(std::move(info));
    }
    catalogue.online_td3 = schema_from(json.at("online_td3"));
    return catalogue;
  } catch (const Json::exception& error) {
    return Error{ErrorCode::failed, std::string("the catalogue of algorithms is not whole: ") + error.what()};
  }
}

}  // namespace vaco
