// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/mixed_ends.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "core/data/linter.h"
#include "core/tasks/catalogue.h"

namespace vaco {
namespace {

/// Whether episodes end by time alone, so that terminals are time limits: by the catalogue, else by a name that
/// says so ("maze2d-toy-v1.hdf5", "Pendulum-v1").
bool never_terminates(std::string_view environment) {
  if (const Task* task = find_task(environment)) return !task->can_terminate;
  std::string plain;
  for (const char c : environment)
    if (c != '_' && c != '-' && c != ' ')
      plain += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  constexpr std::array<std::string_view, 5> kEndless{"halfcheetah", "maze2d", "pendulum", "reacher", "swimmer"};
  if (plain.find("inverted") != std::string::npos) return false;
  return std::any_of(kEndless.begin(), kEndless.end(),
                     [&](std::string_view word) { return plain.find(word) != std::string::npos; });
}

struct End {
  int64_t row = 0, length = 0;
};

/// The episodes that a terminal ends.
std::vector<End> terminal_ends(const RawRows& rows) {
  std::vector<End> ends;
  int64_t first = 0;
  for (int64_t i = 0; i < rows.rows; ++i) {
    const auto at = static_cast<size_t>(i);
    const bool terminal = rows.terminals[at] != 0;
    const bool other = (rows.timeouts && (*rows.timeouts)[at]) || (!rows.cuts.empty() && rows.cuts[at]);
    if (terminal) ends.push_back({i, i - first + 1});
    if (terminal || other) first = i + 1;
  }
  return ends;
}

FindingRows make_timeouts(RawRows& rows, const std::vector<End>& ends) {
  if (!rows.timeouts) rows.timeouts.emplace(static_cast<size_t>(rows.rows), 0);
  FindingRows changed;
  for (const End& end : ends) {
    rows.terminals[static_cast<size_t>(end.row)] = 0;
    (*rows.timeouts)[static_cast<size_t>(end.row)] = 1;
    changed.add(end.row);
  }
  return changed;
}

}  // namespace

void part_time_limits(RawRows& rows, std::string_view environment, int64_t step_limit) {
  const auto ends = terminal_ends(rows);
  if (ends.empty()) return;
  if (never_terminates(environment)) {
    const auto changed = make_timeouts(rows, ends);
    rows.findings.push_back({Severity::warning, "time_limits_as_terminals",
                             counted(changed.count, "row is", "rows are") + " marked terminal, but " +
                                 std::string(environment) +
                                 " never terminates: they count as time limits, whose values are bootstrapped",
                             changed.first, changed.count});
    return;
  }
  if (!rows.ends_are_mixed) return;
  int64_t limit = step_limit;
  std::vector<End> longest;
  const auto take = [&] {
    longest.clear();
    std::copy_if(ends.begin(), ends.end(), std::back_inserter(longest),
                 [&](const End& end) { return end.length == limit; });
  };
  take();
  const bool at_step_limit = !longest.empty();
  if (!at_step_limit) {
    limit = 0;
    for (const End& end : ends) limit = std::max(limit, end.length);
    take();
    if (longest.size() < 2) longest.clear();
  }
  const FindingRows changed = longest.empty() ? FindingRows{} : make_timeouts(rows, longest);
  const std::string doubt = "its flags of ends do not tell time limits from terminal states";
  if (changed.count > 0)
    rows.findings.push_back({Severity::warning, "ends_are_mixed",
                             doubt + ": the " + episodes_text(changed.count) + " of exactly " +
                                 std::to_string(limit) + " rows, the " +
                                 (at_step_limit ? "step limit" : "greatest length there is") +
                                 ", count as ended by time, the others as terminal",
                             changed.first, changed.count});
  else
    rows.findings.push_back(
        {Severity::warning, "ends_are_mixed",
         doubt + "; no length repeats as a time limit would make it, so all count as terminal",
         ends.front().row, static_cast<int64_t>(ends.size())});
}

}  // namespace vaco
