// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/episodes.h"

#include <algorithm>
#include <cmath>

namespace vaco {

std::vector<uint8_t> find_jumps(std::span<const float> observations, std::span<const float> next_observations,
                                int64_t rows, int64_t obs_dim) {
  std::vector<uint8_t> jumps(static_cast<size_t>(rows), 0);
  for (int64_t i = 0; i + 1 < rows; ++i) {
    const float* next = next_observations.data() + i * obs_dim;
    const float* row = observations.data() + (i + 1) * obs_dim;
    double distance = 0.0, size = 1.0;
    for (int64_t d = 0; d < obs_dim; ++d) {
      const double difference = static_cast<double>(next[d]) - static_cast<double>(row[d]);
      distance += difference * difference;
      size = std::max(size, std::abs(static_cast<double>(row[d])));
    }
    // Written so that a NaN is a jump.
    jumps[static_cast<size_t>(i)] = !(std::sqrt(distance) <= kChainTolerance * size);
  }
  return jumps;
}

EpisodeEnds split_episodes(std::span<const uint8_t> terminals, std::span<const uint8_t> timeouts,
                           std::span<const uint8_t> jumps, int64_t limit, std::span<const double> rewards) {
  const auto rows = static_cast<int64_t>(terminals.size());
  EpisodeEnds ends;
  ends.timeouts.assign(terminals.size(), 0);
  int64_t first = 0;
  double sum = 0.0;
  for (int64_t i = 0; i < rows; ++i) {
    const auto at = static_cast<size_t>(i);
    sum += rewards[at];
    const bool terminal = terminals[at] != 0;
    const bool flagged = !timeouts.empty() && timeouts[at] != 0;
    const bool limited = limit > 0 && i - first + 1 >= limit;
    const bool jump = !jumps.empty() && jumps[at] != 0;
    if (terminal && flagged && ends.terminal_and_timeout++ == 0) ends.first_terminal_and_timeout = i;
    if (!terminal && !flagged && !limited && !jump && i + 1 < rows) continue;
    EndedBy by = EndedBy::cut;
    if (terminal) {
      by = EndedBy::terminal;
    } else if (flagged || limited) {
      by = EndedBy::timeout;
      ends.timeouts[at] = 1;
      if (!flagged) ++ends.ended_by_limit;
    } else if (jump && ends.ended_by_jump++ == 0) {
      ends.first_jump = i;
    }
    ends.episodes.first.push_back(first);
    ends.episodes.length.push_back(i - first + 1);
    ends.episodes.returns.push_back(sum);
    ends.episodes.ended_by.push_back(by);
    first = i + 1;
    sum = 0.0;
  }
  return ends;
}

void fill_successors(Dataset& dataset, std::vector<float> stored) {
  const int64_t dim = dataset.obs_dim;
  const bool known = !stored.empty();
  dataset.has_next.assign(static_cast<size_t>(dataset.rows), 1);
  if (known) {
    dataset.next_observations = std::move(stored);
    return;
  }
  dataset.next_observations.resize(dataset.observations.size());
  const auto row = [&](int64_t i) { return dataset.observations.begin() + i * dim; };
  std::copy(row(0) + dim, dataset.observations.end(), dataset.next_observations.begin());
  for (size_t e = 0; e < dataset.episodes.size(); ++e) {
    const int64_t last = dataset.episodes.first[e] + dataset.episodes.length[e] - 1;
    std::copy(row(last), row(last) + dim, dataset.next_observations.begin() + last * dim);
    if (dataset.episodes.ended_by[e] != EndedBy::terminal) dataset.has_next[static_cast<size_t>(last)] = 0;
  }
}

void apply_d4rl_exact(Dataset& dataset, std::span<const uint8_t> flags, int64_t limit) {
  const int64_t rows = dataset.rows, obs = dataset.obs_dim, act = dataset.action_dim;
  std::vector<int64_t> kept;
  int64_t step = 0;  // D4RL counts on from 1, not 0, after a terminal
  for (int64_t i = 0; i + 1 < rows; ++i) {
    const auto at = static_cast<size_t>(i);
    const bool final_step = flags.empty() ? limit > 0 && step == limit - 1 : flags[at] != 0;
    if (final_step) {
      step = 0;
      continue;
    }
    if (dataset.terminals[at]) step = 0;
    kept.push_back(i);
    ++step;
  }
  const auto n = static_cast<int64_t>(kept.size());
  std::vector<int64_t> rows_before(static_cast<size_t>(rows) + 1, 0);  // kept rows before row i
  for (const int64_t i : kept) ++rows_before[static_cast<size_t>(i) + 1];
  for (size_t i = 1; i < rows_before.size(); ++i) rows_before[i] += rows_before[i - 1];

  const auto copy_row = [](std::vector<float>& to, int64_t t, const std::vector<float>& from, int64_t f,
                           int64_t dim) { std::copy_n(from.begin() + f * dim, dim, to.begin() + t * dim); };
  dataset.next_observations.resize(static_cast<size_t>(n * obs));
  for (int64_t k = 0; k < n; ++k)
    copy_row(dataset.next_observations, k, dataset.observations, kept[static_cast<size_t>(k)] + 1, obs);
  // In place: rows only move towards the front.
  for (int64_t k = 0; k < n; ++k) {
    const auto to = static_cast<size_t>(k);
    const auto from = static_cast<size_t>(kept[to]);
    copy_row(dataset.observations, k, dataset.observations, kept[to], obs);
    copy_row(dataset.actions, k, dataset.actions, kept[to], act);
    dataset.rewards[to] = dataset.rewards[from];
    dataset.terminals[to] = dataset.terminals[from];
    if (!dataset.policy_ids.empty()) dataset.policy_ids[to] = dataset.policy_ids[from];
  }
  const auto size = static_cast<size_t>(n);
  dataset.observations.resize(size * static_cast<size_t>(obs));
  dataset.actions.resize(size * static_cast<size_t>(act));
  dataset.rewards.resize(size);
  dataset.terminals.resize(size);
  if (!dataset.policy_ids.empty()) dataset.policy_ids.resize(size);
  dataset.timeouts.assign(size, 0);
  dataset.has_next.assign(size, 1);
  dataset.rows = n;

  EpisodeTable episodes;
  for (size_t e = 0; e < dataset.episodes.size(); ++e) {
    const int64_t first = rows_before[static_cast<size_t>(dataset.episodes.first[e])];
    const int64_t end =
        rows_before[static_cast<size_t>(dataset.episodes.first[e] + dataset.episodes.length[e])];
    if (end == first) continue;
    episodes.first.push_back(first);
    episodes.length.push_back(end - first);
    episodes.returns.push_back(dataset.episodes.returns[e]);
    episodes.ended_by.push_back(dataset.episodes.ended_by[e]);
  }
  dataset.episodes = std::move(episodes);
}

}  // namespace vaco
