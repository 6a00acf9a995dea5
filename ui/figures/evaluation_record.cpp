// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/evaluation_record.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vaco::ui {

namespace {
constexpr auto kValuePhase = "value";  ///< in which no policy learns
}

void EvaluationRecord::add(const EvaluationResult& result) {
  // A resumed run goes on from its checkpoint: what came after it is no longer true.
  while (!points_.empty() && points_.back().step >= result.step) points_.pop_back();
  const double none = std::numeric_limits<double>::quiet_NaN();
  points_.push_back({result.step, static_cast<int64_t>(result.returns.size()), result.mean_return,
                     result.std_return, result.has_reference ? result.normalized_mean : none,
                     result.has_reference ? result.normalized_std : none});
}

void EvaluationRecord::add(const Metrics& metrics) {
  while (!times_.empty() && times_.back().step >= metrics.step) times_.pop_back();
  if (metrics.phase == kValuePhase) policy_from_ = metrics.step;
  for (const MetricValue& one : metrics.values)
    if (one.key == "time_s" && std::isfinite(one.value)) times_.push_back({metrics.step, one.value});
}

double EvaluationRecord::place(int64_t step, Along along) const {
  if (along == Along::gradientSteps) return static_cast<double>(step);
  if (along == Along::policySteps) return static_cast<double>(std::max<int64_t>(0, step - policy_from_));
  const auto after = std::lower_bound(times_.begin(), times_.end(), step,
                                      [](const Time& time, int64_t at) { return time.step < at; });
  if (after == times_.end()) return std::numeric_limits<double>::quiet_NaN();
  const Time before = after == times_.begin() ? Time{} : *(after - 1);
  const double share = static_cast<double>(step - before.step) /
                       static_cast<double>(std::max<int64_t>(1, after->step - before.step));
  return (before.seconds + share * (after->seconds - before.seconds)) / 60.0;
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
