// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/row_table.h"

#include <algorithm>
#include <limits>
#include <numeric>

#include "core/base/readable.h"

namespace vaco {
namespace {

double mean_of(const float* begin, int64_t count) {
  return std::accumulate(begin, begin + count, 0.0) / static_cast<double>(std::max<int64_t>(1, count));
}

int64_t rank_of(const std::vector<double>& values, size_t index) {
  return 1 + std::count_if(values.begin(), values.end(), [&](double value) { return value > values[index]; });
}

}  // namespace

double RowColumn::mean() const {
  return mean_of(values.data(), static_cast<int64_t>(values.size()));
}

const RowColumn* RowTable::find(const std::string& key) const {
  const auto found = std::find_if(columns.begin(), columns.end(), [&](const auto& c) { return c.key == key; });
  return found == columns.end() ? nullptr : &*found;
}

RowTable row_table(const ExplainedRun& run, int64_t trajectory) {
  const auto t = static_cast<size_t>(trajectory);
  const int64_t first = run.table.episodes.first[t], length = run.table.episodes.length[t];
  RowTable table;
  table.first = first;
  const auto add = [&](const char* key, const char* label, const std::vector<float>& all) {
    if (!all.empty())
      table.columns.push_back({key, label, {all.begin() + first, all.begin() + first + length}});
  };
  add("reward", "reward", run.rewards);
  add("q", "Q", run.rows.q);
  add("v", "V", run.rows.v);
  if (!run.rows.q.empty() && !run.rows.v.empty()) {
    RowColumn advantage{"advantage", "advantage", table.find("q")->values};
    const auto& v = table.find("v")->values;
    for (size_t i = 0; i < v.size(); ++i) advantage.values[i] -= v[i];
    table.columns.push_back(std::move(advantage));
  }
  add("weight", "weight", run.weight);
  add("alignment", "alignment c", run.rows.alignment);
  add("response", "response", run.rows.response);
  return table;
}

std::string to_csv(const RowTable& table) {
  std::string text = "row,time";
  for (const auto& column : table.columns) text += "," + column.key;
  text += "\n";
  for (size_t i = 0; i < table.rows(); ++i) {
    text += std::to_string(table.first + static_cast<int64_t>(i)) + "," + std::to_string(i);
    for (const auto& column : table.columns)
      text += "," + significant(static_cast<double>(column.values[i]), 9);
    text += "\n";
  }
  return text;
}

Json to_json(const RowTable& table) {
  Json json = {{"first_row", table.first}};
  for (const auto& column : table.columns) json[column.key] = column.values;
  return json;
}

TrajectorySummary summarize_trajectory(const ExplainedRun& run, int64_t trajectory) {
  const auto t = static_cast<size_t>(trajectory);
  const auto& episodes = run.table.episodes;
  TrajectorySummary summary;
  summary.index = trajectory;
  summary.first = episodes.first[t];
  summary.length = episodes.length[t];
  summary.source = run.source_of(trajectory);
  summary.ended_by = to_text(episodes.ended_by[t]);
  summary.total_reward = episodes.returns[t];
  summary.return_rank = rank_of(episodes.returns, t);
  summary.weight = std::numeric_limits<double>::quiet_NaN();
  if (const auto means = trajectory_means(episodes, run.weight); !means.empty()) {
    summary.weight = means[t];
    summary.weight_rank = rank_of(means, t);
  }
  return summary;
}

Json to_json(const TrajectorySummary& summary) {
  return {{"index", summary.index},
          {"first_row", summary.first},
          {"rows", summary.length},
          {"source", summary.source},
          {"ended_by", summary.ended_by},
          {"return", summary.total_reward},
          {"return_rank", summary.return_rank},
          {"weight", summary.weight},
          {"weight_rank", summary.weight_rank}};
}

std::vector<double> trajectory_means(const EpisodeTable& episodes, const std::vector<float>& column) {
  std::vector<double> means;
  if (column.empty()) return means;
  means.reserve(episodes.size());
  for (size_t t = 0; t < episodes.size(); ++t)
    means.push_back(mean_of(column.data() + episodes.first[t], episodes.length[t]));
  return means;
}

}  // namespace vaco
