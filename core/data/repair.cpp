// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/repair.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <span>

#include "core/base/json.h"
#include "core/base/readable.h"
#include "core/data/content_hash.h"
#include "core/data/episodes.h"
#include "core/data/linter.h"
#include "core/data/row_states.h"
#include "core/tasks/catalogue.h"

namespace vaco {
namespace {

/// The work of repair(): which episodes stay, and the flags and numbers that change in them.
class Mender {
 public:
  Mender(const Dataset& dataset, const RepairOptions& options)
      : d_(dataset),
        options_(options),
        kept_(dataset.episodes.size(), true),
        terminals_(dataset.terminals),
        timeouts_(dataset.timeouts),
        rewards_(dataset.rewards),
        actions_(dataset.actions) {}

  Result<Repaired> run() {
    drop_not_finite();
    drop_repeated();
    mark_ends();
    if (options_.time_limits) part_time_limits();
    if (options_.shift_rewards) shift_rewards();
    if (!options_.goal.empty()) reward_goal();
    clip_actions();
    return gather();
  }

 private:
  [[nodiscard]] int64_t last(size_t e) const { return d_.episodes.first[e] + d_.episodes.length[e] - 1; }
  [[nodiscard]] bool finite(const std::vector<float>& column, size_t e, int64_t width) const {
    const auto from = column.begin() + d_.episodes.first[e] * width;
    return std::all_of(from, from + d_.episodes.length[e] * width, [](float v) { return std::isfinite(v); });
  }
  void did(int64_t count, const std::string& what) {
    if (count > 0) done_.push_back(what);
  }

  void drop_not_finite() {
    int64_t dropped = 0;
    for (size_t e = 0; e < kept_.size(); ++e) {
      kept_[e] = finite(d_.observations, e, d_.obs_dim) && finite(d_.actions, e, d_.action_dim) &&
                 finite(d_.rewards, e, 1) && finite(d_.next_observations, e, d_.obs_dim);
      dropped += !kept_[e];
    }
    did(dropped, "left out " + episodes_text(dropped) + " with a NaN or an infinity");
  }

  void drop_repeated() {
    std::set<uint64_t> seen;
    int64_t dropped = 0;
    for (size_t e = 0; e < kept_.size(); ++e) {
      if (!kept_[e] || d_.episodes.length[e] < 2) continue;
      ContentHash hash;
      const auto add = [&](const std::vector<float>& column, int64_t width) {
        hash.add(std::as_bytes(std::span(column).subspan(static_cast<size_t>(d_.episodes.first[e] * width),
                                                         static_cast<size_t>(d_.episodes.length[e] * width))));
      };
      add(d_.observations, d_.obs_dim);
      add(d_.actions, d_.action_dim);
      if (seen.insert(hash.value()).second) continue;
      kept_[e] = false;
      ++dropped;
    }
    did(dropped, "left out " + episodes_text(dropped) + " that repeat an earlier one");
  }

  /// Every end becomes a flag, so that other readers split the rows as this one did.
  void mark_ends() {
    int64_t marked = 0, split = 0;
    for (size_t e = 0; e < kept_.size(); ++e) {
      if (!kept_[e]) continue;
      if (d_.episodes.ended_by[e] == EndedBy::cut) {
        timeouts_[static_cast<size_t>(last(e))] = 1;
        ++marked;
      }
    }
    const auto finding_rows = find_jumps(d_.observations, d_.next_observations, d_.rows, d_.obs_dim);
    for (size_t e = 0; e < kept_.size(); ++e)
      for (int64_t i = d_.episodes.first[e]; kept_[e] && i < last(e); ++i) {
        const auto at = static_cast<size_t>(i);
        if (!finding_rows[at] || terminals_[at]) continue;
        timeouts_[at] = 1;
        ++split;
      }
    did(marked, "marked the ends of " + episodes_text(marked) + " that had no flag as timeouts");
    did(split, "ended episodes at " + rows_text(split) + " where the next row does not follow");
  }

  void part_time_limits() {
    int64_t limit = step_limit(d_.environment), longest = 0, changed = 0, split = 0;
    for (size_t e = 0; e < kept_.size(); ++e)
      if (kept_[e]) longest = std::max(longest, d_.episodes.length[e]);
    const int64_t at_end = limit > 0 ? limit : longest;
    for (size_t e = 0; e < kept_.size(); ++e) {
      const auto end = static_cast<size_t>(last(e));
      if (kept_[e] && d_.episodes.length[e] == at_end && terminals_[end]) {
        terminals_[end] = 0;
        timeouts_[end] = 1;
        ++changed;
      }
      for (int64_t i = limit; kept_[e] && limit > 0 && i < d_.episodes.length[e]; i += limit) {
        timeouts_[static_cast<size_t>(d_.episodes.first[e] + i - 1)] = 1;
        ++split;
      }
    }
    did(changed, "made the terminals of " + episodes_text(changed) + " of " + rows_text(at_end) + " timeouts");
    did(split, "ended episodes at the step limit " + std::to_string(split) + " times");
  }

  void shift_rewards() {
    for (size_t e = 0; e < kept_.size(); ++e)
      for (int64_t i = d_.episodes.first[e]; i <= last(e); ++i)
        rewards_[static_cast<size_t>(i)] = i + 1 < d_.rows ? d_.rewards[static_cast<size_t>(i + 1)] : 0.0f;
    did(1, "moved each reward to the row before");
  }

  void reward_goal() {
    int64_t reached = 0;
    for (int64_t i = 0; i < d_.rows; ++i) {
      double squares = 0.0;
      for (size_t k = 0; k < options_.goal.size(); ++k) {
        const double off =
            static_cast<double>(d_.observations[static_cast<size_t>(i * d_.obs_dim) + k]) - options_.goal[k];
        squares += off * off;
      }
      const bool there = std::sqrt(squares) <= options_.goal_radius;
      rewards_[static_cast<size_t>(i)] = there ? 0.0f : -1.0f;
      reached += there;
    }
    did(1, "gave each row the reward 0 within " + readable(options_.goal_radius) + " of the goal (" +
               rows_text(reached) + ") and -1 elsewhere");
  }

  void clip_actions() {
    const Task* task = find_task(d_.environment);
    if (d_.action_count > 0 || !task || !task->has_shape(d_.obs_dim, d_.action_dim)) return;
    const float bound = task->action_bound;
    int64_t clipped = 0;
    for (float& action : actions_) {
      if (!(std::abs(action) > bound)) continue;
      action = std::clamp(action, -bound, bound);
      ++clipped;
    }
    did(clipped, "clipped " + std::to_string(clipped) + " numbers of actions to ±" + readable(bound));
  }

  Result<Repaired> gather() {
    Repaired repaired;
    DatasetColumns& c = repaired.columns;
    c.obs_dim = d_.obs_dim;
    c.action_dim = d_.action_dim;
    c.action_count = d_.action_count;
    c.environment = d_.environment;
    c.physics = d_.physics;
    c.policy_names = d_.policy_names;
    const auto states = read_row_states(d_);
    if (!states) return states.error();
    c.qpos_dim = states->qpos_dim;
    c.qvel_dim = states->qvel_dim;
    for (size_t e = 0; e < kept_.size(); ++e) {
      if (!kept_[e]) continue;
      const int64_t first = d_.episodes.first[e], length = d_.episodes.length[e];
      const auto take = [&](auto& to, const auto& from, int64_t width) {
        if (!from.empty())
          to.insert(to.end(), from.begin() + first * width, from.begin() + (first + length) * width);
      };
      take(c.observations, d_.observations, d_.obs_dim);
      take(c.next_observations, d_.next_observations, d_.obs_dim);
      take(c.actions, actions_, d_.action_dim);
      take(c.rewards, rewards_, 1);
      take(c.terminals, terminals_, 1);
      take(c.timeouts, timeouts_, 1);
      take(c.policy_ids, d_.policy_ids, 1);
      take(c.has_next, d_.has_next, 1);
      take(c.qpos, states->qpos, states->qpos_dim);
      take(c.qvel, states->qvel, states->qvel_dim);
      c.rows += length;
    }
    if (c.rows == 0)
      return Error{ErrorCode::usage,
                   d_.source.path.string() + " cannot be mended: none of its episodes is sound"};
    c.provenance = to_line(Json{{"made_by", "vaco repair"},
                                {"file", d_.source.path.filename().string()},
                                {"format", d_.source.format},
                                {"hash", d_.source.hash},
                                {"done", done_}});
    repaired.done = std::move(done_);
    return repaired;
  }

  const Dataset& d_;
  const RepairOptions& options_;
  std::vector<bool> kept_;
  std::vector<uint8_t> terminals_, timeouts_;
  std::vector<float> rewards_, actions_;
  std::vector<std::string> done_;
};

}  // namespace

Result<Repaired> repair(const Dataset& dataset, const RepairOptions& options) {
  if (static_cast<int64_t>(options.goal.size()) > dataset.obs_dim)
    return Error{ErrorCode::usage, "the goal has " + std::to_string(options.goal.size()) +
                                       " numbers, the observations of " + dataset.source.path.string() +
                                       " only " + std::to_string(dataset.obs_dim)};
  return Mender(dataset, options).run();
}

}  // namespace vaco
