// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/figure.h"

#include <algorithm>
#include <set>

#include "ui/figures/figure_kinds.h"

namespace vaco::ui {
namespace {

/// Wanted slots first, so that a curve keeps its colour when others come; the others share out what is left.
void giveSlots(std::vector<RunGroup>& groups, const std::vector<FigureRun>& runs) {
  std::set<int> taken;
  for (RunGroup& group : groups) {
    group.slot = runs[group.runs.front()].slot;
    if (group.slot >= 0 && !taken.insert(group.slot).second) group.slot = -1;
  }
  int next = 0;
  for (RunGroup& group : groups) {
    if (group.slot >= 0) continue;
    while (!taken.insert(next).second) ++next;
    group.slot = next;
  }
}

}  // namespace

int Figure::addRun(FigureRun run) {
  runs_.push_back(std::move(run));
  return static_cast<int>(runs_.size()) - 1;
}

std::vector<RunGroup> Figure::groups() const {
  std::vector<RunGroup> groups;
  for (size_t run = 0; run < runs_.size(); ++run) {
    const auto& group = runs_[run].group;
    auto found = std::find_if(groups.begin(), groups.end(),
                              [&](const RunGroup& one) { return !group.empty() && one.name == group; });
    if (found == groups.end()) {
      groups.push_back({group.empty() ? runs_[run].name : group, {}});
      found = groups.end() - 1;
    }
    found->runs.push_back(run);
  }
  giveSlots(groups, runs_);
  return groups;
}

void Figure::clear() {
  runs_.clear();
  clearData();
}

QString Figure::labelOf(const FigureSpec& spec, const std::string& name) {
  const auto found = spec.labels.find(name);
  return QString::fromStdString(found == spec.labels.end() ? name : found->second);
}

QStringList Figure::runTitle(const DrawRequest& request) const {
  // On the screen the window says which run it is.
  if (request.theme.screen || runs_.size() != 1 || runs_.front().name.empty()) return {};
  return {labelOf(request.spec, runs_.front().name)};
}

bool Figure::inView(const FigureSpec& spec, double x) {
  return !spec.x || (x >= spec.x->low && x <= spec.x->high);
}

std::vector<FigureVariant> Figure::variants(const FigureSpec& spec) const {
  return {{toText(kind_), spec}};
}

std::unique_ptr<Figure> makeFigure(FigureKind kind) {
  return figureInfo(kind).make();
}

}  // namespace vaco::ui
