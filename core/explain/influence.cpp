// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/explain/influence.h"

#include <algorithm>

namespace vaco {

void InfluenceSums::Sums::add(const Sums& other) {
  rows += other.rows;
  weight += other.weight;
  aligned += other.aligned;
  response += other.response;
}

InfluenceSums::InfluenceSums(const ExplainedRun& run)
    : known_(!run.rows.alignment.empty()), scale_(run.rows.mean_absolute_q) {
  if (!known_) return;
  const auto& episodes = run.table.episodes;
  for (size_t t = 0; t < episodes.size(); ++t) {
    Sums sums;
    sums.rows = episodes.length[t];
    for (int64_t row = episodes.first[t]; row < episodes.first[t] + episodes.length[t]; ++row) {
      const auto i = static_cast<size_t>(row);
      const double w = run.weight.empty() ? 1.0 : run.weight[i];
      sums.weight += w;
      sums.aligned += w * run.rows.alignment[i];
      sums.response += w * run.rows.response[i];
    }
    total_.add(sums);
    sums_.push_back(sums);
  }
}

Influence InfluenceSums::of(std::span<const int64_t> trajectories) const {
  Influence influence;
  if (!known_) return influence;
  Sums left_out;
  for (const int64_t t : trajectories) left_out.add(sums_[static_cast<size_t>(t)]);
  influence.rows = left_out.rows;
  if (!(total_.weight > 0.0)) return influence;
  influence.weight_share = left_out.weight / total_.weight;
  if (left_out.weight > 0.0) influence.alignment = left_out.aligned / left_out.weight;
  const double kept = std::max(1e-9, 1.0 - influence.weight_share);
  // w̃ / N = w / Σw
  const auto change = [&](double part, double whole) {
    return -scale_ * (part / total_.weight - influence.weight_share * whole / total_.weight) / kept;
  };
  influence.per_step = change(left_out.aligned, total_.aligned);
  influence.change = change(left_out.response, total_.response);
  return influence;
}

std::vector<std::vector<int64_t>> trajectories_by_source(const DiagnosticsTable& table) {
  std::vector<std::vector<int64_t>> groups(table.sources.size());
  for (size_t t = 0; t < table.trajectory_source.size(); ++t)
    groups[static_cast<size_t>(table.trajectory_source[t])].push_back(static_cast<int64_t>(t));
  return groups;
}

}  // namespace vaco
