// SPDX-License-Identifier: GPL-3.0-or-later
// What is odd about rows and episodes beside each other.
#include <algorithm>
#include <cmath>
#include <map>
#include <span>

#include "core/base/readable.h"
#include "core/data/content_hash.h"
#include "core/data/linter.h"

namespace vaco {
namespace {

/// Mean and spread of each number of a row.
struct OrderSpread {
  std::vector<double> mean, deviation;
};

template <class Rows>
OrderSpread spread_of(const std::vector<float>& column, int64_t width, const Rows& rows) {
  OrderSpread spread{std::vector<double>(static_cast<size_t>(width)),
                     std::vector<double>(static_cast<size_t>(width))};
  for (const int64_t row : rows)
    for (int64_t d = 0; d < width; ++d)
      spread.mean[static_cast<size_t>(d)] += static_cast<double>(column[static_cast<size_t>(row * width + d)]);
  for (auto& mean : spread.mean) mean /= static_cast<double>(rows.size());
  for (const int64_t row : rows)
    for (int64_t d = 0; d < width; ++d) {
      const auto at = static_cast<size_t>(d);
      const double off = static_cast<double>(column[static_cast<size_t>(row * width + d)]) - spread.mean[at];
      spread.deviation[at] += off * off;
    }
  for (auto& d : spread.deviation) d = std::sqrt(d / static_cast<double>(rows.size()));
  return spread;
}

}  // namespace

/// Terminals that come after the same number of rows each time are time limits; those in row after row are not
/// ends of anything.
void Linter::repeated_ends() {
  std::map<int64_t, int64_t> lengths;
  int64_t terminal = 0, longest = 0;
  FindingRows at_longest, single;
  for (size_t e = 0; e < d_.episodes.size(); ++e) {
    longest = std::max(longest, d_.episodes.length[e]);
    if (d_.episodes.ended_by[e] != EndedBy::terminal) continue;
    ++terminal;
    ++lengths[d_.episodes.length[e]];
    if (d_.episodes.length[e] == 1) single.add(d_.episodes.first[e]);
  }
  constexpr int64_t kFew = 3;
  for (size_t e = 0; e < d_.episodes.size(); ++e)
    if (d_.episodes.ended_by[e] == EndedBy::terminal && d_.episodes.length[e] == longest)
      at_longest.add(last_row(e));
  if (at_longest.count >= kFew && longest > 1 && at_longest.count * 10 >= terminal)
    add(Severity::warning, "terminals_at_one_length",
        std::to_string(at_longest.count) + " of " + episodes_text(terminal) +
            " that end in a terminal do so after " + rows_text(longest) +
            ", the greatest length there is: these are probably time limits",
        at_longest);
  if (single.count >= kFew && single.count * 100 > terminal)
    add(Severity::warning, "consecutive_terminals",
        counted(single.count, "episode is", "episodes are") +
            " a single terminal row: the flag stands in row after row, and probably marks something else than "
            "ends",
        single);
}

void Linter::duplicated_episodes() {
  std::map<uint64_t, size_t> seen;
  FindingRows repeated, near;
  for (size_t e = 0; e < d_.episodes.size(); ++e) {
    if (d_.episodes.length[e] < 2) continue;
    ContentHash exact, rough;
    const auto add_rows = [&](const std::vector<float>& column, int64_t width) {
      const auto part = std::span(column).subspan(static_cast<size_t>(d_.episodes.first[e] * width),
                                                  static_cast<size_t>(d_.episodes.length[e] * width));
      exact.add(std::as_bytes(part));
      for (const float value : part.first(std::min<size_t>(part.size(), 4096))) {
        const auto rounded = std::isfinite(value) ? static_cast<float>(std::round(value * 1000.0f)) : 0.0f;
        rough.add(std::as_bytes(std::span(&rounded, 1)));
      }
    };
    add_rows(d_.observations, d_.obs_dim);
    add_rows(d_.actions, d_.action_dim);
    if (!seen.emplace(exact.value(), e).second)
      repeated.add(d_.episodes.first[e]);
    else if (!seen.emplace(~rough.value(), e).second)
      near.add(d_.episodes.first[e]);
  }
  if (repeated.count > 0)
    add(Severity::warning, "duplicated_episodes",
        counted(repeated.count, "episode repeats", "episodes repeat") + " an earlier one row by row", repeated);
  if (near.count > 0)
    add(Severity::note, "near_duplicated_episodes",
        counted(near.count, "episode is", "episodes are") + " the same as an earlier one to three decimals",
        near);
}

void Linter::frozen_rows() {
  const FindingRows rows = followed_rows([&](int64_t i) {
    const auto same = [&](const std::vector<float>& column, int64_t width) {
      const auto from = column.begin() + i * width;
      return std::equal(from, from + width, from + width);
    };
    return same(d_.observations, d_.obs_dim) && !same(d_.actions, d_.action_dim);
  });
  if (rows.count * 200 > d_.rows)
    add(Severity::warning, "frozen_observations",
        "after " + rows_text(rows.count) +
            " inside episodes the observation is the same although the action differs: "
            "a sensor or a recording stood still",
        rows);
}

/// Rows inside episodes that leap to where episodes begin, farther than steps go: ends are missing there.
void Linter::unmarked_resets() {
  constexpr size_t kFewEpisodes = 4;
  if (facts_.has_next_observations || d_.episodes.size() < kFewEpisodes) return;
  const OrderSpread starts = spread_of(d_.observations, d_.obs_dim, d_.episodes.first);
  std::vector<int64_t> all(static_cast<size_t>(d_.rows));
  for (size_t i = 0; i < all.size(); ++i) all[i] = static_cast<int64_t>(i);
  const OrderSpread everywhere = spread_of(d_.observations, d_.obs_dim, all);
  const auto is_start = [&](int64_t row) {
    for (int64_t d = 0; d < d_.obs_dim; ++d) {
      const auto at = static_cast<size_t>(d);
      const double off =
          static_cast<double>(d_.observations[static_cast<size_t>(row * d_.obs_dim + d)]) - starts.mean[at];
      if (!(std::abs(off) <= 4.0 * starts.deviation[at] + 1e-6)) return false;
    }
    return true;
  };
  // Only where episodes begin in a small part of the space does it mean anything to be there.
  double share = 0.0;
  for (size_t d = 0; d < starts.mean.size(); ++d)
    share += everywhere.deviation[d] > 0.0 ? starts.deviation[d] / everywhere.deviation[d] : 1.0;
  if (!(share / static_cast<double>(d_.obs_dim) < 0.25)) return;
  const FindingRows rows = followed_rows([&](int64_t i) { return is_start(i + 1) && !is_start(i); });
  if (rows.count > 0 && rows.count * 20 < d_.rows)
    add(Severity::warning, "unmarked_resets",
        "after " + rows_text(rows.count) +
            " inside episodes the next row is where episodes begin: ends by time are "
            "probably missing, and returns are too high",
        rows);
}

/// A sparse reward belongs to the row that reached the goal, not to the first one of the next episode.
void Linter::shifted_rewards() {
  if (!facts_.has_rewards) return;
  FindingRows at_first;
  int64_t paid = 0;
  for (const float reward : d_.rewards) paid += reward != 0.0f;
  if (paid < 3 || paid * 20 > d_.rows) return;
  for (const int64_t first : d_.episodes.first)
    if (first > 0 && d_.rewards[static_cast<size_t>(first)] != 0.0f) at_first.add(first);
  if (at_first.count >= 3 && at_first.count * 2 > paid)
    add(Severity::warning, "rewards_shifted",
        std::to_string(at_first.count) + " of " + rows_text(paid) +
            " with a reward are the first of their episode: "
            "rewards look shifted by a row",
        at_first);
}

void Linter::drift() {
  const int64_t fifth = d_.rows / 5;
  if (fifth < 200) return;
  std::vector<int64_t> first(static_cast<size_t>(fifth)), last(first.size());
  for (int64_t i = 0; i < fifth; ++i) {
    first[static_cast<size_t>(i)] = i;
    last[static_cast<size_t>(i)] = d_.rows - fifth + i;
  }
  const OrderSpread early = spread_of(d_.observations, d_.obs_dim, first),
                    late = spread_of(d_.observations, d_.obs_dim, last);
  int64_t column = -1;
  double most = 3.0;
  for (size_t d = 0; d < early.mean.size(); ++d) {
    const double spread = std::min(early.deviation[d], late.deviation[d]);
    const double moved = std::abs(early.mean[d] - late.mean[d]);
    if (!(moved > most * spread) || !std::isfinite(moved)) continue;
    most = spread > 0.0 ? moved / spread : most;
    column = static_cast<int64_t>(d);
  }
  if (column >= 0)
    add(Severity::note, "drift",
        "observation " + std::to_string(column) + " drifts along the file: its mean is " +
            readable(early.mean[static_cast<size_t>(column)]) + " in the first fifth and " +
            readable(late.mean[static_cast<size_t>(column)]) + " in the last");
}

/// Policies whose names promise more than their returns hold.
void Linter::sources() {
  if (d_.policy_ids.empty()) return;
  constexpr const char* kLevels[] = {"random", "medium", "expert"};
  double best = -HUGE_VAL;
  std::string better;
  for (const char* level : kLevels) {
    double sum = 0.0;
    FindingRows own;
    for (size_t e = 0; e < d_.episodes.size(); ++e) {
      const auto id = static_cast<size_t>(d_.policy_ids[static_cast<size_t>(d_.episodes.first[e])]);
      if (d_.policy_names[id] != level) continue;
      own.add(d_.episodes.first[e]);
      sum += d_.episodes.returns[e];
    }
    if (own.count == 0) continue;
    const double mean = sum / static_cast<double>(own.count);
    if (mean < best)
      add(Severity::warning, "sources_mislabelled",
          episodes_text(own.count) + " of '" + level + "' return " + fixed(mean, 1) +
              " on average, less than '" + better + "' with " + fixed(best, 1) +
              ": names of policies are probably swapped",
          own);
    if (mean >= best) {
      best = mean;
      better = level;
    }
  }
}

}  // namespace vaco
