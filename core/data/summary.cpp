// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <numeric>

#include "core/data/lint_report.h"
#include "core/data/mends.h"
#include "core/data/reader.h"
#include "core/stats/statistics.h"
#include "core/tasks/reference_scores.h"

namespace vaco {
namespace {

/// An episode belongs to the policy of its first row.
std::vector<DatasetSummary::Policy> summarize_policies(const Dataset& dataset) {
  std::vector<DatasetSummary::Policy> policies(dataset.policy_names.size());
  for (size_t p = 0; p < policies.size(); ++p) policies[p].name = dataset.policy_names[p];
  for (const int32_t id : dataset.policy_ids) ++policies[static_cast<size_t>(id)].rows;
  if (dataset.policy_ids.empty()) return {};
  for (size_t e = 0; e < dataset.episodes.size(); ++e) {
    auto& policy =
        policies[static_cast<size_t>(dataset.policy_ids[static_cast<size_t>(dataset.episodes.first[e])])];
    ++policy.episodes;
    policy.mean_return += dataset.episodes.returns[e];
  }
  for (auto& policy : policies)
    if (policy.episodes > 0) policy.mean_return /= static_cast<double>(policy.episodes);
  return policies;
}

/// JSON knows no NaN.
Json number(double value) {
  return std::isfinite(value) ? Json(value) : Json(nullptr);
}

Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(number(value));
  return list;
}

}  // namespace

DatasetSummary summarize(const Dataset& dataset) {
  DatasetSummary summary;
  summary.source = dataset.source;
  summary.environment = dataset.environment;
  summary.physics = dataset.physics;
  summary.rows = dataset.rows;
  summary.obs_dim = dataset.obs_dim;
  summary.action_dim = dataset.action_dim;
  summary.action_count = dataset.action_count;
  summary.observation_parts = dataset.observation_parts;
  summary.columns = dataset.columns;
  summary.episodes = static_cast<int64_t>(dataset.episodes.size());
  for (const EndedBy by : dataset.episodes.ended_by) {
    summary.ended_by_terminal += by == EndedBy::terminal;
    summary.ended_by_timeout += by == EndedBy::timeout;
    summary.ended_by_cut += by == EndedBy::cut;
  }
  if (auto returns = dataset.episodes.returns; !returns.empty()) {
    // Returns of damaged data may be NaN, which has no place in an order.
    std::erase_if(returns, [](double r) { return std::isnan(r); });
    const auto references = reference_scores(dataset.environment);
    for (const double q : {0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0}) {
      summary.return_quantiles.push_back(quantile(returns, q));
      if (references)
        summary.normalized_return_quantiles.push_back(references->normalized(summary.return_quantiles.back()));
    }
    const auto& lengths = dataset.episodes.length;
    summary.mean_return =
        std::accumulate(returns.begin(), returns.end(), 0.0) / static_cast<double>(returns.size());
    summary.mean_length = static_cast<double>(std::accumulate(lengths.begin(), lengths.end(), int64_t{0})) /
                          static_cast<double>(lengths.size());
  }
  summary.policies = summarize_policies(dataset);
  summary.findings = dataset.findings;
  return summary;
}

Json to_json(const DatasetSummary& summary) {
  Json json;
  json["path"] = summary.source.path.string();
  json["format"] = summary.source.format;
  json["bytes"] = summary.source.bytes;
  json["hash"] = summary.source.hash;
  json["environment"] = summary.environment;
  json["physics"] = summary.physics;
  json["rows"] = summary.rows;
  json["obs_dim"] = summary.obs_dim;
  json["action_dim"] = summary.action_dim;
  json["actions"] = summary.action_count > 0 ? "discrete" : "continuous";
  if (summary.action_count > 0) json["action_count"] = summary.action_count;
  if (!summary.observation_parts.empty()) {
    json["observation_parts"] = Json::array();
    for (const auto& part : summary.observation_parts)
      json["observation_parts"].push_back({{"name", part.name}, {"width", part.width}});
  }
  if (!summary.columns.empty()) json["columns"] = summary.columns;
  json["episodes"] = summary.episodes;
  json["ended_by"] = {{"terminal", summary.ended_by_terminal},
                      {"timeout", summary.ended_by_timeout},
                      {"cut", summary.ended_by_cut}};
  json["mean_length"] = number(summary.mean_length);
  json["mean_return"] = number(summary.mean_return);
  json["quantiles"] = {0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0};
  json["return_quantiles"] = numbers(summary.return_quantiles);
  if (!summary.normalized_return_quantiles.empty()) {
    json["normalized_return_quantiles"] = numbers(summary.normalized_return_quantiles);
    if (const auto references = reference_scores(summary.environment))
      json["references"] = {
          {"random", references->random}, {"expert", references->expert}, {"source", references->source}};
  }
  json["policies"] = Json::array();
  for (const auto& policy : summary.policies)
    json["policies"].push_back({{"name", policy.name},
                                {"rows", policy.rows},
                                {"episodes", policy.episodes},
                                {"mean_return", number(policy.mean_return)}});
  json["findings"] = Json::array();
  for (const auto& finding : summary.findings) {
    Json entry = {{"severity", to_text(finding.severity)}, {"key", finding.key}, {"message", finding.message}};
    if (finding.row >= 0) entry["row"] = finding.row;
    if (finding.count > 0) entry["count"] = finding.count;
    if (auto mend = mend_for(finding.key); !mend.empty()) entry["mend"] = std::move(mend);
    json["findings"].push_back(std::move(entry));
  }
  return json;
}

}  // namespace vaco
