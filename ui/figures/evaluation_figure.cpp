// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/evaluation_figure.h"

#include <algorithm>

namespace vaco::ui {

bool EvaluationFigure::consume(int run, const Event& event) {
  const auto* done = std::get_if<EvaluationDone>(&event);
  const auto* metrics = std::get_if<Metrics>(&event);
  if (!done && !metrics) return false;
  records_.resize(runs().size());
  if (metrics) {
    records_[static_cast<size_t>(run)].add(*metrics);
    return false;
  }
  records_[static_cast<size_t>(run)].add(done->result);
  return true;
}

bool EvaluationFigure::empty() const {
  return std::all_of(records_.begin(), records_.end(), [](const auto& record) { return record.empty(); });
}

bool EvaluationFigure::hasReference() const {
  return std::any_of(records_.begin(), records_.end(),
                     [](const auto& record) { return record.hasReference(); });
}

const EvaluationRecord* EvaluationFigure::record(size_t run) const {
  return run < records_.size() && !records_[run].empty() ? &records_[run] : nullptr;
}

std::vector<FigureVariant> EvaluationFigure::variants(const FigureSpec& spec) const {
  std::vector<FigureVariant> out;
  for (const bool grouped : {false, true}) {
    if (grouped && !hasSeeds()) continue;
    FigureSpec variant = spec;
    variant.grouped = grouped;
    const std::string over = grouped ? "_over_seeds" : "";
    variant.normalized = false;
    out.push_back({toText(kind()) + over, variant});
    variant.normalized = true;
    if (hasReference()) out.push_back({normalizedKey() + over, variant});
  }
  return out;
}

QString EvaluationFigure::variantTitle(const FigureSpec& spec) const {
  const QString title = spec.normalized ? normalizedName() : name();
  return spec.grouped ? tr("%1, means over seeds").arg(title) : title;
}

}  // namespace vaco::ui
