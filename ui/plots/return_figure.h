// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/plots/figure.h"

namespace vaco::ui {

/// Evaluation return over steps: mean over the episodes with ± their standard deviation, the best evaluation
/// ringed, the reference returns of the environment as lines. Raw or D4RL-normalized.
class ReturnFigure : public Figure {
 public:
  ReturnFigure() : Figure(FigureKind::evaluationReturn) {}
  bool consume(int run, const Event& event) override;
  [[nodiscard]] bool empty() const override;
  [[nodiscard]] QString name() const override { return "Evaluation return"; }
  [[nodiscard]] QString emptyText() const override;
  [[nodiscard]] DrawResult draw(const DrawRequest& request) const override;
  [[nodiscard]] FigureTable table(const FigureSpec& spec) const override;
  [[nodiscard]] QString summary(const FigureSpec& spec) const override;
  [[nodiscard]] QString readOut(const FigureSpec& spec, double x, double y) const override;
  /// Whether any evaluation has a normalized score.
  [[nodiscard]] bool hasReference() const;

 protected:
  void clearData() override { points_.clear(); }

 private:
  struct Point {
    int64_t step = 0;
    int64_t episodes = 0;
    double mean = 0.0, std = 0.0;
    double normalizedMean = 0.0, normalizedStd = 0.0;  ///< NaN without a reference
    [[nodiscard]] double value(bool normalized) const { return normalized ? normalizedMean : mean; }
    [[nodiscard]] double spread(bool normalized) const { return normalized ? normalizedStd : std; }
  };
  [[nodiscard]] size_t best(size_t run, bool normalized) const;

  std::vector<std::vector<Point>> points_;  ///< [runs], steps increasing
};

}  // namespace vaco::ui
