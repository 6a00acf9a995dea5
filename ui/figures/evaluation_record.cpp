// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/evaluation_record.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vaco::ui {

void EvaluationRecord::add(const EvaluationResult& result) {
  // A resumed run goes on from its checkpoint: what came after it is no longer true.
  while (!points_.empty() && points_.back().step >= result.step) points_.pop_back();
  const double none = std::numeric_limits<double>::quiet_NaN();
  points_.push_back({result.step, static_cast<int64_t>(result.returns.size()), result.mean_return,
                     result.std_return, result.has_reference ? result.normalized_mean : none,
                     result.has_reference ? result.normalized_std : none});
}

bool EvaluationRecord::hasReference() const {
  return std::any_of(points_.begin(), points_.end(),
                     [](const EvaluationPoint& point) { return !std::isnan(point.normalizedMean); });
}

size_t EvaluationRecord::best(bool normalized) const {
  size_t best = points_.size();
  for (size_t i = 0; i < points_.size(); ++i) {
    const double value = points_[i].value(normalized);
    if (std::isnan(value)) continue;
    if (best == points_.size() || value > points_[best].value(normalized)) best = i;
  }
  return best;
}

}  // namespace vaco::ui
