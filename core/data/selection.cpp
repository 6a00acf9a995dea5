// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/selection.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include "core/data/mends.h"

namespace vaco {
namespace {

Error nothing(const Dataset& dataset, const std::string& why) {
  return {ErrorCode::usage, dataset.source.path.string() + ": " + why};
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + word;
  return text.empty() ? "none" : text;
}

/// Policies [K] that are asked for.
Result<std::vector<bool>> wanted_policies(const Dataset& dataset, const std::vector<std::string>& sources) {
  const auto& names = dataset.policy_names;
  std::vector<bool> wanted(names.size(), false);
  for (const auto& source : sources) {
    const auto at = std::find(names.begin(), names.end(), source);
    if (at == names.end() || dataset.policy_ids.empty())
      return nothing(dataset, "there is no behavior policy '" + source + "'; the file names " + joined(names));
    wanted[static_cast<size_t>(at - names.begin())] = true;
  }
  return wanted;
}

Result<EpisodeList> episodes_of(const Dataset& dataset, const std::string& key) {
  EpisodeList episodes;
  std::vector<std::string> known;
  bool found = false;
  for (const auto& finding : dataset.findings) {
    if (std::find(known.begin(), known.end(), finding.key) == known.end()) known.push_back(finding.key);
    if (finding.key != key) continue;
    found = true;
    if (finding.episodes.empty())
      return nothing(dataset, "the finding '" + key + "' is about no episodes in particular");
    episodes.add(finding.episodes);
  }
  // A dataset without the fault is as it is wanted; a word that is no finding at all is an error.
  if (!found && !is_finding(key))
    return nothing(dataset, "there is no finding '" + key + "'; this file has " + joined(known));
  return episodes;
}

/// Drops the lowest ranks, so that those left come nearest to the share of the rows of all that are taken.
void keep_best(const Dataset& dataset, std::span<const double> rank, double share, std::vector<bool>& taken) {
  std::vector<size_t> order;
  double rows = 0.0;
  for (size_t e = 0; e < taken.size(); ++e) {
    if (!taken[e]) continue;
    order.push_back(e);
    rows += static_cast<double>(dataset.episodes.length[e]);
  }
  const auto worth = [&](size_t e) { return std::isnan(rank[e]) ? -HUGE_VAL : rank[e]; };
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) { return worth(a) > worth(b); });
  const double target = share * rows;
  double kept = 0.0;
  for (const size_t e : order) {
    const auto length = static_cast<double>(dataset.episodes.length[e]);
    const bool nearer = kept == 0.0 || std::abs(kept + length - target) <= std::abs(target - kept);
    taken[e] = nearer && kept < target;
    if (taken[e]) kept += length;
  }
}

}  // namespace

bool Selection::chooses() const {
  return !sources.empty() || least_return || most_return || least_length || most_length ||
         !without_findings.empty() || only || !exclude.empty() || rank != Rank::none;
}

Result<std::vector<bool>> select_episodes(const Dataset& dataset, const Selection& selection,
                                          std::span<const double> weights) {
  const EpisodeTable& episodes = dataset.episodes;
  const auto count = static_cast<int64_t>(episodes.size());
  const auto policies = wanted_policies(dataset, selection.sources);
  if (!policies) return policies.error();
  EpisodeList dropped = selection.exclude;
  for (const auto& key : selection.without_findings) {
    const auto concerned = episodes_of(dataset, key);
    if (!concerned) return concerned.error();
    dropped.add(*concerned);
  }
  for (const int64_t last : {selection.only ? selection.only->last() : -1, selection.exclude.last()})
    if (last >= count)
      return nothing(
          dataset, "there is no episode " + std::to_string(last) + ", only 0 to " + std::to_string(count - 1));
  std::vector<bool> taken(episodes.size());
  for (size_t e = 0; e < taken.size(); ++e) {
    const double value = episodes.returns[e];
    const int64_t length = episodes.length[e];
    const auto policy = [&] {
      return static_cast<size_t>(dataset.policy_ids[static_cast<size_t>(episodes.first[e])]);
    };
    // Written so that a return that is no number meets no bound.
    taken[e] = (!selection.least_return || value >= *selection.least_return) &&
               (!selection.most_return || value <= *selection.most_return) &&
               (!selection.least_length || length >= *selection.least_length) &&
               (!selection.most_length || length <= *selection.most_length) &&
               (!selection.only || selection.only->contains(static_cast<int64_t>(e))) &&
               !dropped.contains(static_cast<int64_t>(e)) &&
               (selection.sources.empty() || (*policies)[policy()]);
  }
  if (selection.rank == Selection::Rank::by_return) keep_best(dataset, episodes.returns, selection.keep, taken);
  if (selection.rank == Selection::Rank::by_weight) {
    assert(weights.size() == taken.size());
    keep_best(dataset, weights, selection.keep, taken);
  }
  if (std::find(taken.begin(), taken.end(), true) == taken.end())
    return nothing(dataset, "none of its " + std::to_string(count) + " episodes meets what is asked for");
  return taken;
}

Json to_json(const Selection& selection) {
  Json json = Json::object();
  const auto put = [&](const char* key, const auto& value) {
    if (value) json[key] = *value;
  };
  if (!selection.sources.empty()) json["sources"] = selection.sources;
  put("least_return", selection.least_return);
  put("most_return", selection.most_return);
  put("least_length", selection.least_length);
  put("most_length", selection.most_length);
  if (!selection.without_findings.empty()) json["without_findings"] = selection.without_findings;
  if (!selection.exclude.empty()) json["exclude"] = selection.exclude.text();
  if (selection.only) json["episodes"] = selection.only->text();
  if (selection.rank != Selection::Rank::none) {
    json["best_by"] = selection.rank == Selection::Rank::by_return ? "return" : "weight";
    json["share_of_rows_kept"] = selection.keep;
  }
  return json;
}

}  // namespace vaco
