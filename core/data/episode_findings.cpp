// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cmath>
#include <limits>

#include "core/data/linter.h"
#include "core/tasks/catalogue.h"

namespace vaco {

/// antmaze v0 set its timeouts out of step with its episodes: the ant leaps across the maze inside them.
void Linter::position_jumps() {
  constexpr double kLeap = 3.0;
  const FindingRows rows = followed_rows([&](int64_t i) {
    const float* from = d_.observations.data() + i * d_.obs_dim;
    const float* to = from + d_.obs_dim;
    return d_.obs_dim >= 2 &&
           std::hypot(static_cast<double>(to[0]) - from[0], static_cast<double>(to[1]) - from[1]) > kLeap;
  });
  if (rows.count > 0)
    add(Severity::warning, "position_jumps",
        "after " + rows_text(rows.count) +
            " inside episodes the ant is elsewhere: episode ends are out of step with "
            "the data (known of antmaze v0; use the -v2 files)",
        rows);
}

void Linter::ends() {
  // That no timeout is set says nothing where every episode ends at a terminal.
  const bool ends_elsewhere =
      facts_.ended_by_limit > 0 || facts_.ended_by_jump > 0 || d_.episodes.ended_by.back() == EndedBy::cut;
  if (!facts_.ends_are_complete && (!facts_.has_timeouts || (facts_.timeouts_all_false && ends_elsewhere))) {
    std::string message = facts_.has_timeouts ? "timeouts are there but none is set" : "there are no timeouts";
    message += facts_.ended_by_limit > 0
                   ? "; " + episodes_text(facts_.ended_by_limit) + " ended at the step limit of " +
                         std::to_string(facts_.step_limit)
                   : std::string("; episodes end at terminals only");
    if (facts_.ended_by_jump > 0)
      message += ", " + episodes_text(facts_.ended_by_jump) + " where the next row does not follow";
    add(Severity::warning, facts_.has_timeouts ? "timeouts_all_false" : "no_timeouts", message,
        {facts_.first_jump, facts_.ended_by_jump, {}});
  }
  if (facts_.terminal_and_timeout > 0)
    add(Severity::note, "terminal_and_timeout",
        counted(facts_.terminal_and_timeout, "row is", "rows are") +
            " both terminal and timeout and count as terminal",
        {facts_.first_terminal_and_timeout, facts_.terminal_and_timeout, {}});
  const Task* task = find_task(d_.environment);
  if (std::find(d_.terminals.begin(), d_.terminals.end(), 1) == d_.terminals.end() &&
      (!task || task->can_terminate))
    add(Severity::note, "no_terminals",
        "no row is terminal: every value is bootstrapped, also at the end of episodes");
  if (d_.episodes.ended_by.back() == EndedBy::cut) {
    const int64_t first = d_.episodes.first.back(), length = d_.episodes.length.back();
    add(Severity::warning, "last_episode_cut",
        "the file ends inside an episode (its last " + rows_text(length) + (length == 1 ? " has" : " have") +
            " no end); its return is too low",
        FindingRows::run(first, length));
  }
}

void Linter::chain() {
  if (facts_.jumps.empty()) return;
  const FindingRows rows = followed_rows([&](int64_t i) { return facts_.jumps[static_cast<size_t>(i)] != 0; });
  if (rows.count > 0)
    add(Severity::warning, "next_observations_do_not_chain",
        "after " + rows_text(rows.count) +
            " inside episodes the next row is not the stored next observation: rows are "
            "missing or out of order",
        rows);
}

void Linter::lengths() {
  const int64_t limit = facts_.step_limit;
  FindingRows longer, shorter;
  int64_t shortest = std::numeric_limits<int64_t>::max();
  for (size_t e = 0; e < d_.episodes.size(); ++e) {
    const int64_t length = d_.episodes.length[e];
    if (limit > 0 && length > limit) longer.add(d_.episodes.first[e]);
    if (limit > 0 && length < limit && d_.episodes.ended_by[e] == EndedBy::timeout) {
      shorter.add(d_.episodes.first[e]);
      shortest = std::min(shortest, length);
    }
  }
  if (longer.count > 0)
    add(Severity::warning, "episodes_too_long",
        counted(longer.count, "episode is", "episodes are") + " longer than the " + std::to_string(limit) +
            " steps of " + d_.environment + ": ends are missing, so returns are too high",
        longer);
  if (shorter.count > 0 && !facts_.collected_here)
    add(Severity::warning, "short_timeouts",
        counted(shorter.count, "episode ends", "episodes end") + " by timeout before step " +
            std::to_string(limit) + " (the shortest after " + std::to_string(shortest) +
            "): replay buffers are cut between training iterations, and the returns of the "
            "pieces are too low",
        shorter);
  if (limit == 0 && d_.episodes.size() == 1 && d_.rows > 10000)
    add(Severity::warning, "single_episode",
        "all " + rows_text(d_.rows) + " are one episode: ends are probably missing",
        FindingRows::run(0, d_.rows));
}

void Linter::short_episodes() {
  if (d_.rows < 2) return;
  if (std::find(d_.terminals.begin(), d_.terminals.end(), 0) == d_.terminals.end()) {
    add(Severity::warning, "all_terminal",
        "every row is terminal: no row has a future, so values are the rewards themselves. If episodes are "
        "longer, terminals holds something else",
        FindingRows::run(0, d_.rows));
    return;
  }
  FindingRows single;
  for (size_t e = 0; e < d_.episodes.size(); ++e)
    if (d_.episodes.length[e] == 1) single.add(d_.episodes.first[e]);
  if (single.count == 0) return;
  const bool many = 10 * single.count >= static_cast<int64_t>(d_.episodes.size());
  add(many ? Severity::warning : Severity::note, "single_row_episodes",
      counted(single.count, "episode is", "episodes are") + " a single row" +
          (many ? ": ends are probably set where none are" : ""),
      single);
}

}  // namespace vaco
