// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>

#include "ui/figures/evaluation_figure.h"
#include "ui/figures/spread.h"

namespace vaco::ui {

/// Of the x axis: "Gradient steps".
QString alongLabel(Along along);

/// Evaluation return over steps. Run by run: the mean over the episodes with ± their standard deviation, the
/// best evaluation ringed. Grouped: the mean over the runs of a group with the chosen band, the runs faint
/// behind it. The reference returns of the environment as lines. Raw or D4RL-normalized.
class ReturnFigure : public EvaluationFigure {
 public:
  ReturnFigure() : EvaluationFigure(FigureKind::evaluationReturn) {}
  [[nodiscard]] QString name() const override { return tr("Evaluation return"); }
  [[nodiscard]] QString emptyText() const override;
  [[nodiscard]] DrawResult draw(const DrawRequest& request) const override;
  [[nodiscard]] FigureTable table(const FigureSpec& spec) const override;
  [[nodiscard]] QString summary(const FigureSpec& spec) const override;
  [[nodiscard]] QString readOut(const FigureSpec& spec, double x, double y) const override;

 protected:
  [[nodiscard]] std::string normalizedKey() const override { return "normalized_score"; }
  [[nodiscard]] QString normalizedName() const override { return tr("Normalized score over steps"); }

 private:
  /// A curve as it is drawn; grouped ones have the runs that make it.
  struct Curve {
    QString name;
    QVector<double> x, mean, low, high;
    std::vector<size_t> counts;  ///< what each mean is of: episodes, or runs (grouped)
    [[nodiscard]] Band band(qsizetype at) const;
    std::vector<size_t> runs;
    int slot = 0, dashes = 0;  ///< of the colour, and of the dash pattern that tells runs of a group apart
  };
  [[nodiscard]] std::vector<Curve> runCurves(const FigureSpec& spec) const;
  [[nodiscard]] std::vector<Curve> groupCurves(const FigureSpec& spec) const;
  [[nodiscard]] FigureTable groupTable(const FigureSpec& spec) const;
  /// What the bands and rings mean.
  [[nodiscard]] static QStringList legendWords(const FigureSpec& spec, const std::vector<Curve>& curves);
  /// "49.5 ± 10.6 (std, n = 2)" at a point of a curve.
  [[nodiscard]] static QString pointText(const FigureSpec& spec, const Curve& curve, qsizetype at);
  void drawRun(const DrawRequest& request, const Curve& curve) const;
  void drawGroup(const DrawRequest& request, const Curve& curve) const;
};

}  // namespace vaco::ui
