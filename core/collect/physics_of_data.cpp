// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/collect/physics_of_data.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <span>

#include "core/base/readable.h"
#include "core/records/recorded_trajectory.h"
#include "core/sim/restep.h"
#include "core/tasks/catalogue.h"

namespace vaco {
namespace {

constexpr int64_t kSample = 200, kMostTried = 4000, kFewest = 20;
// float32 states follow to some 1e-6; another physics is off by 1e-3 and more.
constexpr double kRounding = 1e-4;
// Versions that differ by less than this move alike: what they changed is the reward.
constexpr double kAlike = 3.0;

bool alike(const PhysicsFit& fit, const PhysicsFit& best) {
  return fit.median <= std::max(kAlike * best.median, 1e-9);
}

/// How far row after row of a sample is from what the environment makes of it; nothing where that cannot be
/// told.
using RowError = std::function<std::optional<double>(Environment&, int64_t row)>;

template <class T>
std::span<const T> row_of(const std::vector<T>& column, int64_t row, int64_t width) {
  return std::span(column).subspan(static_cast<size_t>(row * width), static_cast<size_t>(width));
}

std::optional<PhysicsFit> fit_of(const Dataset& dataset, const std::string& environment, Physics physics,
                                 const RowError& error_of) {
  const auto env = make_environment(environment, physics);
  if (!env) return std::nullopt;
  std::vector<double> errors;
  // Steps of the golden section spread however many rows are looked at; some do not show their state.
  for (int64_t i = 0; i < std::min(kMostTried, dataset.rows); ++i) {
    if (static_cast<int64_t>(errors.size()) == kSample) break;
    const double place = 0.6180339887498949 * static_cast<double>(i);
    const auto row = static_cast<int64_t>((place - std::floor(place)) * static_cast<double>(dataset.rows));
    if (const auto error = error_of(**env, row)) errors.push_back(*error);
  }
  if (static_cast<int64_t>(errors.size()) < kFewest) return std::nullopt;
  std::sort(errors.begin(), errors.end());
  return PhysicsFit{environment, to_text(physics), errors[errors.size() / 2], errors.back(),
                    static_cast<int64_t>(errors.size())};
}

}  // namespace

bool PhysicsOfData::certain() const {
  return fits.front().median < kRounding;
}

bool PhysicsOfData::can_be(const std::string& version) const {
  return std::find(physics.begin(), physics.end(), version) != physics.end();
}

namespace {

std::optional<PhysicsOfData> best_of(const Dataset& dataset, const std::function<bool(const Task&)>& may_be,
                                     const RowError& error_of) {
  PhysicsOfData found;
  for (const auto& task : tasks()) {
    if (!may_be(task)) continue;
    for (const auto version : task.physics) {
      if (version.empty()) continue;
      if (auto fit = fit_of(dataset, std::string(task.name), *parse_physics(std::string(version)), error_of))
        found.fits.push_back(std::move(*fit));
    }
  }
  if (found.fits.empty()) return std::nullopt;
  // Of equals the one that the file names, so that mazes of one shape keep theirs.
  std::stable_sort(found.fits.begin(), found.fits.end(), [&](const PhysicsFit& a, const PhysicsFit& b) {
    if (a.median != b.median) return a.median < b.median;
    return (a.environment == dataset.environment) > (b.environment == dataset.environment);
  });
  const auto& best = found.fits.front();
  for (const auto& fit : found.fits)
    if (fit.environment == best.environment && alike(fit, best)) found.physics.push_back(fit.physics);
  return found;
}

std::optional<PhysicsOfData> by_observations(const Dataset& dataset) {
  return best_of(
      dataset,
      [&](const Task& task) {
        return task.has_shape(dataset.obs_dim, dataset.action_dim, dataset.action_count > 0);
      },
      [&](Environment& env, int64_t row) -> std::optional<double> {
        if (!dataset.has_next[static_cast<size_t>(row)]) return std::nullopt;
        return restep_error(env, row_of(dataset.observations, row, dataset.obs_dim),
                            row_of(dataset.actions, row, dataset.action_dim),
                            row_of(dataset.next_observations, row, dataset.obs_dim));
      });
}

/// By the states beside the observations: whatever these leave out, or however a task of one's own shows them.
std::optional<PhysicsOfData> by_states(const Dataset& dataset) {
  const auto& episodes = dataset.episodes;
  const int64_t end = episodes.in_file().back() + episodes.length.back();
  const auto states = read_episode_states(dataset.source.path, 0, 0, end);
  if (!states) return std::nullopt;
  const Recording& s = **states;
  return best_of(
      dataset,
      [&](const Task& task) {
        return task.simulated() && (task.action_count > 0) == (dataset.action_count > 0);
      },
      [&](Environment& env, int64_t row) -> std::optional<double> {
        const auto behind = std::upper_bound(episodes.first.begin(), episodes.first.end(), row);
        const auto e = static_cast<size_t>(behind - episodes.first.begin()) - 1;
        const int64_t step = row - episodes.first[e], at = episodes.in_file()[e] + step;
        if (step + 1 >= episodes.length[e]) return std::nullopt;
        return restep_error_of_states(env, row_of(s.qpos, at, s.nq), row_of(s.qvel, at, s.nv),
                                      row_of(dataset.actions, row, dataset.action_dim),
                                      row_of(s.qpos, at + 1, s.nq), row_of(s.qvel, at + 1, s.nv));
      });
}

}  // namespace

std::optional<PhysicsOfData> physics_of_data(const Dataset& dataset) {
  auto found = by_observations(dataset);
  if (found && found->certain()) return found;
  if (auto better = by_states(dataset); better && (better->certain() || !found)) return better;
  return found;
}

std::string to_text(const PhysicsOfData& found) {
  const auto& best = found.fits.front();
  std::string versions;
  for (const auto& version : found.physics) versions += (versions.empty() ? "" : " or ") + version;
  std::string text = found.certain()
                         ? best.environment + " in " + versions + " physics: " + std::to_string(best.rows) +
                               " rows follow to " + significant(best.median, 1) + " (median; " +
                               significant(best.largest, 1) + " at worst)"
                         : "no simulated physics: the nearest, " + best.environment + " in " + best.physics +
                               ", is off by " + significant(best.median, 1) + " (median)";
  for (const auto& next : found.fits) {
    if (alike(next, best) || (next.environment == best.environment && !found.certain())) continue;
    const bool same = next.environment == best.environment;
    return text + "; next is " + (same ? "" : next.environment + " in ") + next.physics + " with " +
           significant(next.median, 1);
  }
  return text;
}

Json to_json(const PhysicsOfData& found) {
  Json fits = Json::array();
  for (const auto& fit : found.fits)
    fits.push_back({{"environment", fit.environment},
                    {"physics", fit.physics},
                    {"median_error", fit.median},
                    {"largest_error", fit.largest},
                    {"rows", fit.rows}});
  return {{"certain", found.certain()},
          {"environment", found.certain() ? Json(found.environment()) : Json(nullptr)},
          {"physics", found.certain() ? Json(found.physics) : Json(nullptr)},
          {"fits", std::move(fits)}};
}

std::string physics_warning(const PhysicsOfData& found, const std::string& environment,
                            const std::string& physics) {
  if (!found.certain() || (found.environment() == environment && found.can_be(physics))) return {};
  // Mazes that look alike differ in their walls only, which few rows touch.
  const auto named = std::find_if(found.fits.begin(), found.fits.end(), [&](const PhysicsFit& fit) {
    return fit.environment == environment && fit.physics == physics;
  });
  if (named != found.fits.end() && alike(*named, found.fits.front())) return {};
  return "the rows of the data are of " + to_text(found) + "; " + environment + " in " + physics +
         " physics is another, so returns in it do not compare";
}

}  // namespace vaco
