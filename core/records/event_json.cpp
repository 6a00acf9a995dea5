// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>
#include <limits>

#include "core/records/events.h"

namespace vaco {
namespace {

double number(const Json& json) {
  return json.is_null() ? std::numeric_limits<double>::quiet_NaN() : json.get<double>();
}

std::vector<double> numbers(const Json& json) {
  std::vector<double> values;
  for (const auto& item : json) values.push_back(number(item));
  return values;
}

Json to_json(const Estimate& estimate) {
  return {{"value", estimate.value}, {"low", estimate.low}, {"high", estimate.high}};
}

Estimate estimate_from(const Json& json) {
  return {number(json.at("value")), number(json.at("low")), number(json.at("high"))};
}

/// Runs a parser; what it throws for a missing key or a wrong type becomes an Error.
template <class T, class Parse>
Result<T> guarded(const char* what, Parse parse) {
  try {
    return parse();
  } catch (const nlohmann::json::exception& e) {
    return Error{ErrorCode::bad_data, std::string("a line is no ") + what + ": " + e.what()};
  }
}

}  // namespace

std::string to_text(RunState state) {
  switch (state) {
    case RunState::idle:
      return "idle";
    case RunState::preparing:
      return "preparing";
    case RunState::running:
      return "running";
    case RunState::paused:
      return "paused";
    case RunState::stopping:
      return "stopping";
    case RunState::finished:
      return "finished";
    case RunState::failed:
      break;
  }
  return "failed";
}

Json to_json(const Metrics& metrics) {
  Json json{{"step", metrics.step}, {"phase", metrics.phase}};
  for (const auto& [key, value] : metrics.values) json[key] = value;
  return json;
}

Json to_json(const EvaluationDone& evaluation) {
  const auto& r = evaluation.result;
  Json json{{"step", r.step},
            {"phase", evaluation.phase},
            {"return_mean", r.mean_return},
            {"return_std", r.std_return}};
  if (r.has_reference) {
    json["normalized_mean"] = r.normalized_mean;
    json["normalized_std"] = r.normalized_std;
  }
  json["returns"] = r.returns;
  json["lengths"] = r.lengths;
  return json;
}

Json to_json(const WeightReport& report) {
  Json json{{"step", report.step},
            {"phase", report.phase},
            {"ess", report.ess},
            {"mean_weight", report.mean_weight},
            {"share_below_001", report.share_below_001},
            {"pearson", to_json(report.pearson)},
            {"spearman", to_json(report.spearman)},
            {"sources", report.sources},
            {"source_mean_weight", report.source_mean_weight}};
  json["edges"] = report.histograms.empty() ? std::vector<double>{} : report.histograms.front().edges;
  Json counts = Json::array(), not_a_number = Json::array();
  for (const auto& histogram : report.histograms) {
    counts.push_back(histogram.counts);
    not_a_number.push_back(histogram.not_a_number);
  }
  json["counts"] = counts;
  json["not_a_number"] = not_a_number;
  return json;
}

Result<Metrics> metrics_from_json(const Json& json) {
  return guarded<Metrics>("line of metrics", [&] {
    Metrics metrics;
    metrics.step = json.at("step").get<int64_t>();
    metrics.phase = json.at("phase").get<std::string>();
    for (const auto& [key, value] : json.items())
      if (key != "step" && key != "phase" && (value.is_number() || value.is_null()))
        metrics.values.push_back({key, number(value)});
    return metrics;
  });
}

Result<EvaluationDone> evaluation_from_json(const Json& json) {
  return guarded<EvaluationDone>("evaluation", [&] {
    EvaluationDone evaluation;
    auto& r = evaluation.result;
    r.step = json.at("step").get<int64_t>();
    evaluation.phase = json.at("phase").get<std::string>();
    r.mean_return = number(json.at("return_mean"));
    r.std_return = number(json.at("return_std"));
    r.has_reference = json.contains("normalized_mean");
    if (r.has_reference) {
      r.normalized_mean = number(json.at("normalized_mean"));
      r.normalized_std = number(json.at("normalized_std"));
    }
    r.returns = numbers(json.at("returns"));
    r.lengths = json.at("lengths").get<std::vector<int>>();
    return evaluation;
  });
}

Result<WeightReport> weight_report_from_json(const Json& json) {
  return guarded<WeightReport>("weight report", [&] {
    WeightReport report;
    report.step = json.at("step").get<int64_t>();
    report.phase = json.at("phase").get<std::string>();
    report.ess = number(json.at("ess"));
    report.mean_weight = number(json.at("mean_weight"));
    report.share_below_001 = number(json.at("share_below_001"));
    report.pearson = estimate_from(json.at("pearson"));
    report.spearman = estimate_from(json.at("spearman"));
    report.sources = json.at("sources").get<std::vector<std::string>>();
    report.source_mean_weight = numbers(json.at("source_mean_weight"));
    const auto edges = numbers(json.at("edges"));
    const auto& counts = json.at("counts");
    for (size_t i = 0; i < counts.size(); ++i) {
      Histogram histogram;
      histogram.edges = edges;
      histogram.counts = counts.at(i).get<std::vector<int64_t>>();
      histogram.not_a_number = json.at("not_a_number").at(i).get<int64_t>();
      report.histograms.push_back(std::move(histogram));
    }
    return report;
  });
}

}  // namespace vaco
