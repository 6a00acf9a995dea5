// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/figures/canvas.h"
#include "ui/figures/evaluation_figure.h"
#include "ui/figures/spread.h"

namespace vaco::ui {

/// Scores as bars, one pair for each run or group of runs: the last evaluation and the best one, kept apart.
/// Grouped bars are means with the chosen spread as a whisker and the runs as points.
class ScoreFigure : public EvaluationFigure {
 public:
  ScoreFigure() : EvaluationFigure(FigureKind::scores) {}
  [[nodiscard]] QString name() const override { return tr("Scores"); }
  [[nodiscard]] QString emptyText() const override;
  [[nodiscard]] DrawResult draw(const DrawRequest& request) const override;
  [[nodiscard]] FigureTable table(const FigureSpec& spec) const override;
  [[nodiscard]] QString summary(const FigureSpec& spec) const override;
  [[nodiscard]] QString readOut(const FigureSpec& spec, double x, double y) const override;
  /// None for a single run, whose bars say less than its curve.
  [[nodiscard]] std::vector<FigureVariant> variants(const FigureSpec& spec) const override;

 protected:
  [[nodiscard]] std::string normalizedKey() const override { return "normalized_scores"; }
  [[nodiscard]] QString normalizedName() const override { return tr("Normalized scores"); }

 private:
  /// A pair of bars.
  struct Row {
    QString name;
    int slot = 0;                    ///< in the colour cycle: that of the group, for its single runs as well
    std::vector<size_t> runs;        ///< that have been evaluated
    std::vector<double> last, best;  ///< [runs]
    Band last_band, best_band;
  };
  [[nodiscard]] std::vector<Row> rows(const FigureSpec& spec) const;
  /// One of the two bars of a row, with its value beside it where there is room.
  void drawBar(const DrawRequest& request, const Row& row, double middle, bool last, bool named,
               LimitsOf& xs) const;
};

}  // namespace vaco::ui
