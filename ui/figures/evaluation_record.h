// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/records/events.h"
#include "ui/figures/figure_spec.h"

namespace vaco::ui {

/// An evaluation as the figures of returns and scores need it.
struct EvaluationPoint {
  int64_t step = 0;
  int64_t episodes = 0;
  double mean = 0.0, std = 0.0;
  double normalizedMean = 0.0, normalizedStd = 0.0;  ///< NaN without a reference
  [[nodiscard]] double value(bool normalized) const { return normalized ? normalizedMean : mean; }
  [[nodiscard]] double spread(bool normalized) const { return normalized ? normalizedStd : std; }
};

/// The evaluations of a run, steps increasing.
class EvaluationRecord {
 public:
  void add(const EvaluationResult& result);
  /// Tells when a step was done, and whether the policy learned by then.
  void add(const Metrics& metrics);
  /// Where a step lies on an axis; NaN where the records do not tell.
  [[nodiscard]] double place(int64_t step, Along along) const;
  [[nodiscard]] const std::vector<EvaluationPoint>& points() const { return points_; }
  [[nodiscard]] bool empty() const { return points_.empty(); }
  [[nodiscard]] bool hasReference() const;
  /// Index of the best evaluation; points().size() when there is none.
  [[nodiscard]] size_t best(bool normalized) const;

 private:
  struct Time {
    int64_t step = 0;
    double seconds = 0.0;
  };
  std::vector<EvaluationPoint> points_;
  std::vector<Time> times_;  ///< steps increasing
  int64_t policy_from_ = 0;  ///< steps of value learning alone
};

}  // namespace vaco::ui
