// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/findings.h"

#include <algorithm>
#include <cmath>
#include <span>

#include "core/base/readable.h"
#include "core/data/content_hash.h"
#include "core/data/linter.h"
#include "core/tasks/catalogue.h"

namespace vaco {
std::vector<Finding> Linter::run() {
  numbers();
  environment();
  ends();
  chain();
  lengths();
  short_episodes();
  columns();
  actions();
  saturated_actions();
  rewards();
  duplicates();
  repeated_ends();
  duplicated_episodes();
  frozen_rows();
  unmarked_resets();
  shifted_rewards();
  drift();
  sources();
  layout();
  std::stable_sort(found_.begin(), found_.end(),
                   [](const Finding& a, const Finding& b) { return a.severity > b.severity; });
  return std::move(found_);
}

EpisodeList Linter::episodes_of(const FindingRows& rows) const {
  std::vector<int64_t> episodes;
  size_t e = 0;
  for (const auto& [first, last] : rows.runs) {
    while (e < d_.episodes.size() && last_row(e) < first) ++e;
    for (size_t at = e; at < d_.episodes.size() && d_.episodes.first[at] <= last; ++at)
      if (episodes.empty() || episodes.back() < static_cast<int64_t>(at))
        episodes.push_back(static_cast<int64_t>(at));
  }
  return EpisodeList::of(episodes);
}

FindingRows Linter::not_finite(const std::vector<float>& column, int64_t width) const {
  FindingRows rows;
  for (int64_t i = 0; i < d_.rows; ++i) {
    const float* row = column.data() + i * width;
    if (!std::all_of(row, row + width, [](float v) { return std::isfinite(v); })) rows.add(i);
  }
  return rows;
}

void Linter::numbers() {
  const auto check = [&](const char* name, const std::vector<float>& column, int64_t width) {
    if (const FindingRows rows = not_finite(column, width); rows.count > 0)
      add(Severity::error, "not_a_number",
          counted(rows.count, "row", "rows") + " of " + name +
              " with a NaN or an infinity; training on them would give NaN",
          rows);
  };
  check("observations", d_.observations, d_.obs_dim);
  check("actions", d_.actions, d_.action_dim);
  check("rewards", d_.rewards, 1);
  if (facts_.has_next_observations) check("next_observations", d_.next_observations, d_.obs_dim);
}

void Linter::environment() {
  if (d_.environment.empty()) {
    add(Severity::note, "unknown_environment",
        "neither the file's name nor its metadata name an environment; say which one for normalized scores "
        "and step "
        "limits");
    return;
  }
  if (fits_environment(d_.environment, d_.obs_dim, d_.action_dim, d_.action_count > 0) == false)
    add(Severity::warning, "unlike_environment",
        "observations of " + std::to_string(d_.obs_dim) + " and " +
            (d_.action_count > 0 ? "discrete actions" : "actions") + " of " + std::to_string(d_.action_dim) +
            " numbers are not those of " + d_.environment);
  if (d_.environment == "kitchen")
    add(Severity::note, "reward_is_state_count",
        "kitchen's rewards count finished tasks in every step, so returns here are not those of the "
        "environment");
  if (d_.environment.starts_with("maze2d"))
    add(Severity::note, "timeouts_mark_goals",
        "maze2d is one continuous run: its timeouts mark reached goals, and rewards lag by one step");
  if (d_.environment == "antmaze") position_jumps();
}

void Linter::actions() {
  const Task* task = find_task(d_.environment);
  if (!task || !task->has_shape(d_.obs_dim, d_.action_dim, d_.action_count > 0)) return;
  const float bound = task->action_bound;
  FindingRows rows;
  float largest = 0.0f;
  for (int64_t i = 0; i < d_.rows; ++i) {
    float own = 0.0f;
    for (int64_t a = 0; a < d_.action_dim; ++a)
      own = std::max(own, std::abs(d_.actions[static_cast<size_t>(i * d_.action_dim + a)]));
    if (own <= bound * (1.0f + 1e-6f)) continue;
    rows.add(i);
    largest = std::max(largest, own);
  }
  if (rows.count > 0)
    add(Severity::warning, "actions_outside_bounds",
        counted(rows.count, "row has", "rows have") + " an action outside [" + significant(-bound, 6) + ", " +
            significant(bound, 6) + "] (up to " + std::to_string(largest) +
            "); a policy within the bounds cannot copy them",
        rows);
}

void Linter::rewards() {
  if (!facts_.has_rewards) return;
  std::vector<float> sorted = d_.rewards;
  std::erase_if(sorted, [](float r) { return !std::isfinite(r); });
  if (sorted.empty()) return;
  std::sort(sorted.begin(), sorted.end());
  if (sorted.front() == sorted.back()) {
    const auto& lengths = d_.episodes.length;
    const bool ends_differ =
        std::any_of(d_.terminals.begin(), d_.terminals.end(), [](uint8_t t) { return t != 0; }) &&
        std::any_of(lengths.begin(), lengths.end(), [&](int64_t length) { return length != lengths.front(); });
    const bool lasting_pays = ends_differ && sorted.front() != 0.0f;
    add(lasting_pays ? Severity::note : Severity::warning, "constant_rewards",
        "all rewards are " + significant(sorted.front(), 6) +
            (lasting_pays ? ": only how long an episode lasts can be learned from them"
                          : ": there is nothing to learn from them"));
    return;
  }
  const float low = sorted[sorted.size() / 4], middle = sorted[sorted.size() / 2],
              high = sorted[sorted.size() * 3 / 4];
  const double spread = static_cast<double>(high) - low;
  if (spread <= 0.0) return;  // sparse rewards: the rare ones are the point
  constexpr double kFar = 20.0;
  FindingRows rows;
  float farthest = middle;
  for (int64_t i = 0; i < d_.rows; ++i) {
    const float reward = d_.rewards[static_cast<size_t>(i)];
    if (!std::isfinite(reward) || std::abs(static_cast<double>(reward) - middle) <= kFar * spread) continue;
    rows.add(i);
    if (std::abs(reward - middle) > std::abs(farthest - middle)) farthest = reward;
  }
  if (rows.count > 0 && rows.count * 100 < d_.rows)
    add(Severity::note, "reward_outliers",
        counted(rows.count, "row has", "rows have") + " a reward far from all others (" +
            std::to_string(farthest) + ", where half of all lie between " + std::to_string(low) + " and " +
            std::to_string(high) + ")",
        rows);
}

void Linter::duplicates() {
  std::vector<std::pair<uint64_t, int64_t>> hashes(static_cast<size_t>(d_.rows));
  for (int64_t i = 0; i < d_.rows; ++i) {
    ContentHash hash;
    const auto add_floats = [&](const std::vector<float>& column, int64_t width) {
      hash.add(
          std::as_bytes(std::span(column).subspan(static_cast<size_t>(i * width), static_cast<size_t>(width))));
    };
    add_floats(d_.observations, d_.obs_dim);
    add_floats(d_.actions, d_.action_dim);
    add_floats(d_.rewards, 1);
    hashes[static_cast<size_t>(i)] = {hash.value(), i};
  }
  std::sort(hashes.begin(), hashes.end());
  std::vector<int64_t> repeated;
  for (size_t i = 1; i < hashes.size(); ++i)
    if (hashes[i].first == hashes[i - 1].first) repeated.push_back(hashes[i].second);
  std::sort(repeated.begin(), repeated.end());
  FindingRows rows;
  for (const int64_t row : repeated) rows.add(row);
  if (rows.count > 0)
    add(rows.count * 100 > d_.rows ? Severity::warning : Severity::note, "duplicated_rows",
        counted(rows.count, "row repeats", "rows repeat") +
            " an earlier row exactly (observation, action and reward)",
        rows);
}

void Linter::layout() {
  if (!facts_.has_next_observations)
    add(Severity::note, "no_next_observations",
        "there are no next observations: the next row of the episode stands in, and the last row of an "
        "episode that "
        "is not terminal is not used for value learning");
  if (!facts_.wide_columns.empty()) {
    std::string names;
    for (const auto& name : facts_.wide_columns) names += (names.empty() ? "" : ", ") + name;
    add(Severity::note, "float64_columns",
        "stored with more digits than float32 has, used as float32: " + names);
  }
  if (facts_.odd_flags > 0)
    add(Severity::warning, "odd_flags",
        std::to_string(facts_.odd_flags) + " flags are neither 0 nor 1; they count as set",
        {facts_.first_odd_flag, facts_.odd_flags, {}});
  if (facts_.odd_policy_ids > 0)
    add(Severity::warning, "odd_policy_ids",
        "infos/policy holds too many different numbers, or others than whole ones, to be policies; it is "
        "ignored",
        {facts_.first_odd_policy_id, facts_.odd_policy_ids, {}});
}

std::vector<Finding> find_quirks(const Dataset& dataset, const ReadFacts& facts) {
  return Linter(dataset, facts).run();
}

}  // namespace vaco
