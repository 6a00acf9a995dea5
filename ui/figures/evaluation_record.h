// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/records/events.h"

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
  [[nodiscard]] const std::vector<EvaluationPoint>& points() const { return points_; }
  [[nodiscard]] bool empty() const { return points_.empty(); }
  [[nodiscard]] bool hasReference() const;
  /// Index of the best evaluation; points().size() when there is none.
  [[nodiscard]] size_t best(bool normalized) const;

 private:
  std::vector<EvaluationPoint> points_;
};

}  // namespace vaco::ui
