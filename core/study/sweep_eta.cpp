// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/sweep_eta.h"

#include <algorithm>
#include <map>
#include <queue>
#include <utility>

namespace vaco {
namespace {

/// Before this the start-up decides the speed.
constexpr double kTellingFraction = 0.02;

struct Mean {
  double sum = 0.0;
  int count = 0;
  void add(double value) {
    sum += value;
    ++count;
  }
  [[nodiscard]] double value() const { return sum / count; }
};

class Costs {
 public:
  explicit Costs(const std::vector<CellCost>& cells) {
    for (const auto& cell : cells)
      if (cell.fraction >= 1.0 && !cell.failed) finished_[{cell.label, cell.dataset}].add(cell.seconds);
    for (const auto& cell : cells) {
      if (cell.failed) continue;
      double whole = 0.0;
      if (cell.fraction >= 1.0)
        whole = cell.seconds;
      else if (cell.fraction >= kTellingFraction)
        whole = own(cell);
      else
        continue;
      by_pair_[{cell.label, cell.dataset}].add(whole);
      by_label_[cell.label].add(whole);
      any_.add(whole);
    }
  }
  /// Seconds of the whole run; < 0 when nothing is known.
  [[nodiscard]] double of(const CellCost& cell) const {
    if (const auto same = finished_.find({cell.label, cell.dataset}); same != finished_.end())
      return same->second.value();
    if (cell.fraction >= kTellingFraction) return own(cell);
    if (const auto same = by_pair_.find({cell.label, cell.dataset}); same != by_pair_.end())
      return same->second.value();
    if (const auto same = by_label_.find(cell.label); same != by_label_.end()) return same->second.value();
    return any_.count > 0 ? any_.value() : -1.0;
  }

 private:
  static double own(const CellCost& cell) { return cell.seconds / cell.fraction; }
  std::map<std::pair<std::string, std::string>, Mean> finished_, by_pair_;
  std::map<std::string, Mean> by_label_;
  Mean any_;
};

}  // namespace

double sweep_eta(const std::vector<CellCost>& cells, int jobs) {
  const Costs costs(cells);
  std::priority_queue<double, std::vector<double>, std::greater<>> free_at;  // of the places to run in
  double end = 0.0;
  bool unknown = false;
  const auto place = [&](const CellCost& cell) {
    const double whole = costs.of(cell);
    unknown = unknown || whole < 0.0;
    double start = 0.0;
    if (static_cast<int>(free_at.size()) >= std::max(1, jobs)) {
      start = free_at.top();
      free_at.pop();
    }
    free_at.push(start + std::max(0.0, whole - cell.seconds));
    end = std::max(end, start + std::max(0.0, whole - cell.seconds));
  };
  for (const bool running : {true, false})
    for (const auto& cell : cells)
      if (!cell.failed && cell.fraction < 1.0 && cell.running == running) place(cell);
  return unknown ? -1.0 : end;
}

}  // namespace vaco
