// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/mixer.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <unordered_map>

#include "core/base/json.h"
#include "core/base/rng.h"
#include "core/tasks/physics_name.h"

namespace vaco {
namespace {

struct Chosen {
  size_t part = 0, episode = 0;
};

void shuffle(auto& items, Rng& rng) {
  for (size_t i = items.size(); i > 1; --i) std::swap(items[i - 1], items[rng.index(i)]);
}

Result<void> check_parts(std::span<const MixPart> parts) {
  const auto wrong = [](const std::string& what) { return Error{ErrorCode::usage, "cannot mix: " + what}; };
  if (parts.empty()) return wrong("no datasets were given");
  const auto& first = parts.front().dataset;
  for (const auto& part : parts) {
    const auto& d = part.dataset;
    if (!(part.share > 0.0) || !std::isfinite(part.share))
      return wrong("the share of " + part.name + " must be a positive number");
    if ((d.action_count > 0) != (first.action_count > 0))
      return wrong("of " + part.name + " and " + parts.front().name + " only one has discrete actions");
    if (d.obs_dim != first.obs_dim || d.action_dim != first.action_dim)
      return wrong(part.name + " has observations and actions of " + std::to_string(d.obs_dim) + " and " +
                   std::to_string(d.action_dim) + " numbers, " + parts.front().name + " of " +
                   std::to_string(first.obs_dim) + " and " + std::to_string(first.action_dim));
  }
  return {};
}

int64_t rows_of(const MixPart& part) {
  if (part.taken.empty()) return part.dataset.rows;
  int64_t rows = 0;
  for (size_t e = 0; e < part.taken.size(); ++e)
    if (part.taken[e]) rows += part.dataset.episodes.length[e];
  return rows;
}

/// Episodes of a part in random order, until their rows come nearest to the target.
void choose(const MixPart& part, size_t index, double target, Rng& rng, std::vector<Chosen>& chosen) {
  const auto& episodes = part.dataset.episodes;
  std::vector<size_t> order(episodes.size());
  std::iota(order.begin(), order.end(), size_t{0});
  if (!part.taken.empty()) std::erase_if(order, [&](size_t e) { return !part.taken[e]; });
  shuffle(order, rng);
  double rows = 0.0;
  for (const size_t episode : order) {
    const auto length = static_cast<double>(episodes.length[episode]);
    if (rows > 0.0 && std::abs(rows + length - target) > std::abs(target - rows)) break;
    rows += length;
    chosen.push_back({index, episode});
  }
}

/// Names of all parts' policies in the order they appear, and for each part the new number of each of its
/// policies.
std::vector<std::vector<int32_t>> merge_policies(std::span<const MixPart> parts,
                                                 std::vector<std::string>& names) {
  std::unordered_map<std::string, int32_t> numbers;
  std::vector<std::vector<int32_t>> new_numbers;
  for (const auto& part : parts) {
    auto& own = new_numbers.emplace_back();
    const bool known = !part.dataset.policy_ids.empty();
    for (auto name : known ? part.dataset.policy_names : std::vector<std::string>{part.name}) {
      // "policy 0" of one file is not that of another.
      if (known && parts.size() > 1 && name.starts_with("policy ")) name.insert(0, part.name + " ");
      const auto [at, added] = numbers.emplace(name, static_cast<int32_t>(names.size()));
      if (added) names.push_back(name);
      own.push_back(at->second);
    }
  }
  return new_numbers;
}

template <class T>
void take(std::vector<T>& to, const std::vector<T>& from, int64_t first, int64_t rows, int64_t width) {
  to.insert(to.end(), from.begin() + first * width, from.begin() + (first + rows) * width);
}

/// Whether all parts have states, of the same dimensions.
bool share_states(std::span<const MixPart> parts) {
  const auto& first = parts.front().states;
  return std::ranges::all_of(parts, [&](const MixPart& part) {
    return !part.states.empty() && part.states.qpos_dim == first.qpos_dim &&
           part.states.qvel_dim == first.qvel_dim;
  });
}

std::string provenance(std::span<const MixPart> parts, const MixOptions& options) {
  Json json = {{"made_by", "vaco mix"},
               {"seed", options.seed},
               {"rows_asked_for", options.rows},
               {"parts", Json::array()}};
  if (!options.chosen.is_null()) json["chosen"] = options.chosen;
  for (const auto& part : parts)
    json["parts"].push_back({{"file", part.dataset.source.path.filename().string()},
                             {"hash", part.dataset.source.hash},
                             {"share", part.share}});
  return to_line(json);
}

}  // namespace

Result<DatasetColumns> mix_datasets(std::span<const MixPart> parts, const MixOptions& options) {
  const int64_t rows = options.rows;
  if (auto checked = check_parts(parts); !checked) return checked.error();
  double shares = 0.0;
  for (const auto& part : parts) shares += part.share;
  double most = std::numeric_limits<double>::infinity();  // rows that all parts can give their share of
  const MixPart* scarcest = nullptr;
  for (const auto& part : parts)
    if (const double own = static_cast<double>(rows_of(part)) * shares / part.share; own < most) {
      most = own;
      scarcest = &part;
    }
  if (static_cast<double>(rows) > most + 0.5)
    return Error{ErrorCode::usage, "cannot mix " + std::to_string(rows) + " rows: " + scarcest->name +
                                       " has only " + std::to_string(rows_of(*scarcest)) +
                                       ", which at its share is enough for " +
                                       std::to_string(static_cast<int64_t>(most)) + " rows in all"};
  const double total = rows > 0 ? static_cast<double>(rows) : most;

  std::vector<Chosen> chosen;
  for (size_t p = 0; p < parts.size(); ++p) {
    Rng rng(options.seed, p + 1);
    choose(parts[p], p, total * parts[p].share / shares, rng, chosen);
  }
  Rng rng(options.seed);
  if (options.keep_order)
    std::sort(chosen.begin(), chosen.end(), [](const Chosen& a, const Chosen& b) {
      return std::pair(a.part, a.episode) < std::pair(b.part, b.episode);
    });
  else
    shuffle(chosen, rng);
  DatasetColumns mix;
  mix.obs_dim = parts.front().dataset.obs_dim;
  mix.action_dim = parts.front().dataset.action_dim;
  mix.environment = parts.front().dataset.environment;
  mix.physics = physics_name(parts.front().dataset.physics);
  const auto new_numbers = merge_policies(parts, mix.policy_names);
  for (const auto& part : parts) {
    mix.action_count = std::max(mix.action_count, part.dataset.action_count);
    if (part.dataset.environment != mix.environment) mix.environment.clear();
    if (physics_name(part.dataset.physics) != mix.physics) mix.physics.clear();
  }
  const bool states = share_states(parts);
  if (states) {
    mix.qpos_dim = parts.front().states.qpos_dim;
    mix.qvel_dim = parts.front().states.qvel_dim;
  }
  for (const auto& [p, e] : chosen) {
    const Dataset& d = parts[p].dataset;
    const int64_t first = d.episodes.first[e], length = d.episodes.length[e];
    take(mix.observations, d.observations, first, length, d.obs_dim);
    take(mix.actions, d.actions, first, length, d.action_dim);
    take(mix.rewards, d.rewards, first, length, 1);
    take(mix.next_observations, d.next_observations, first, length, d.obs_dim);
    take(mix.terminals, d.terminals, first, length, 1);
    take(mix.timeouts, d.timeouts, first, length, 1);
    take(mix.has_next, d.has_next, first, length, 1);
    if (states) {
      take(mix.qpos, parts[p].states.qpos, first, length, mix.qpos_dim);
      take(mix.qvel, parts[p].states.qvel, first, length, mix.qvel_dim);
    }
    // A cut end must be marked too, or the trajectory would run on into the next one.
    if (!mix.terminals.back()) mix.timeouts.back() = 1;
    for (int64_t i = first; i < first + length; ++i) {
      const auto number =
          d.policy_ids.empty() ? size_t{0} : static_cast<size_t>(d.policy_ids[static_cast<size_t>(i)]);
      mix.policy_ids.push_back(new_numbers[p][number]);
    }
    mix.rows += length;
  }
  mix.provenance = provenance(parts, options);
  return mix;
}

}  // namespace vaco
