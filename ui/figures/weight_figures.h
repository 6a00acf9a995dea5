// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <utility>
#include <vector>

#include "ui/figures/figure.h"

namespace vaco::ui {

/// Keeps every weight report of every run; the four figures of the weights draw from it.
class WeightFigure : public Figure {
 public:
  using Figure::Figure;
  bool consume(int run, const Event& event) override;
  [[nodiscard]] bool empty() const override;
  /// Steps of the snapshots of the run that is drawn (the first), increasing.
  [[nodiscard]] virtual std::vector<int64_t> steps() const;

 protected:
  void clearData() override { reports_.clear(); }
  /// Whether it draws every trajectory; otherwise these columns, which are most of a report, are not kept.
  [[nodiscard]] virtual bool drawsTrajectories() const { return false; }
  [[nodiscard]] const std::vector<std::vector<WeightReport>>& reports() const { return reports_; }
  /// The first run's snapshot that the spec asks for: at its step or the last before it; nullptr when there is
  /// none.
  [[nodiscard]] const WeightReport* snapshot(const FigureSpec& spec) const;
  /// The part of the title that names the run whose snapshot is drawn.
  [[nodiscard]] QStringList shownRunTitle(const DrawRequest& request) const;

 private:
  std::vector<std::vector<WeightReport>> reports_;  ///< [runs], steps increasing
};

/// Exact counts of the row weights over fixed edges, one curve per source policy.
class WeightHistogramFigure : public WeightFigure {
 public:
  WeightHistogramFigure() : WeightFigure(FigureKind::weightHistogram) {}
  [[nodiscard]] QString name() const override { return tr("Weight histogram"); }
  [[nodiscard]] QString emptyText() const override;
  [[nodiscard]] DrawResult draw(const DrawRequest& request) const override;
  [[nodiscard]] FigureTable table(const FigureSpec& spec) const override;
  [[nodiscard]] QString summary(const FigureSpec& spec) const override;
  [[nodiscard]] QString readOut(const FigureSpec& spec, double x, double y) const override;
  /// Weights that are marked on the axis: those of chosen trajectories.
  void mark(std::vector<double> weights) { marked_ = std::move(weights); }
  [[nodiscard]] const std::vector<double>& marked() const { return marked_; }
  /// The bin that holds a weight, in the snapshot that is drawn; nothing beyond the edges.
  [[nodiscard]] std::optional<AxisLimits> binAt(const FigureSpec& spec, double weight) const;

 private:
  std::vector<double> marked_;
  /// The curve of a source; the height of its highest bin and that of its lowest one that holds anything.
  AxisLimits drawSource(const DrawRequest& request, const WeightReport& report, size_t source) const;
};

/// A trajectory's mean weight against its return, coloured and shaped by source policy.
class WeightReturnFigure : public WeightFigure {
 public:
  WeightReturnFigure() : WeightFigure(FigureKind::weightReturn) {}
  bool consume(int run, const Event& event) override;
  [[nodiscard]] QString name() const override { return tr("Weight against return"); }
  [[nodiscard]] QString emptyText() const override;
  [[nodiscard]] DrawResult draw(const DrawRequest& request) const override;
  [[nodiscard]] FigureTable table(const FigureSpec& spec) const override;
  [[nodiscard]] QString summary(const FigureSpec& spec) const override;
  [[nodiscard]] QString readOut(const FigureSpec& spec, double x, double y) const override;
  /// Index of the trajectory whose point is nearest, distances measured in shares of the axes given; -1 for
  /// none.
  [[nodiscard]] int nearest(const FigureSpec& spec, double x, double y, double width, double height) const;
  /// Step of the snapshot that is drawn; -1 for none.
  [[nodiscard]] int64_t shownStep(const FigureSpec& spec) const;
  /// A trajectory to be ringed; -1 = none.
  void select(int trajectory) { selected_ = trajectory; }
  /// Trajectories that light up, increasing; the others fade. Empty: none fades.
  void light(std::vector<int> trajectories) { lit_ = std::move(trajectories); }
  [[nodiscard]] const std::vector<int>& lit() const { return lit_; }
  /// The trajectories whose points lie between these returns and weights.
  [[nodiscard]] std::vector<int> within(const FigureSpec& spec, AxisLimits returns, AxisLimits weights) const;
  /// Mean weights of some trajectories in the snapshot that is drawn; those that it does not have are left out.
  [[nodiscard]] std::vector<double> weightsOf(const FigureSpec& spec,
                                              const std::vector<int>& trajectories) const;

 protected:
  void clearData() override;
  [[nodiscard]] bool drawsTrajectories() const override { return true; }

 private:
  /// Indices of the trajectories by their return; sorted once for a snapshot, not with every drawing.
  [[nodiscard]] const std::vector<size_t>& byReturn(const WeightReport& report) const;

  int selected_ = -1;
  std::vector<int> lit_;
  mutable std::vector<size_t> order_;
  mutable const double* ordered_ = nullptr;  ///< the returns that order_ is of
};

/// Effective sample size, mean weight and share of weights below 0.01 over steps, with the alarm line.
class EffectiveSamplesFigure : public WeightFigure {
 public:
  EffectiveSamplesFigure() : WeightFigure(FigureKind::effectiveSamples) {}
  static constexpr double kAlarmPercent = 5.0;
  [[nodiscard]] QString name() const override { return tr("Effective sample size"); }
  [[nodiscard]] QString emptyText() const override;
  [[nodiscard]] DrawResult draw(const DrawRequest& request) const override;
  [[nodiscard]] FigureTable table(const FigureSpec& spec) const override;
  [[nodiscard]] QString summary(const FigureSpec& spec) const override;
  [[nodiscard]] QString readOut(const FigureSpec& spec, double x, double y) const override;
};

/// Pearson's r and Spearman's ρ of weight against return over steps, with their 95 % bootstrap intervals.
class CorrelationFigure : public WeightFigure {
 public:
  CorrelationFigure() : WeightFigure(FigureKind::correlation) {}
  [[nodiscard]] QString name() const override { return tr("Weight–return correlation"); }
  [[nodiscard]] QString emptyText() const override;
  [[nodiscard]] DrawResult draw(const DrawRequest& request) const override;
  [[nodiscard]] FigureTable table(const FigureSpec& spec) const override;
  [[nodiscard]] QString summary(const FigureSpec& spec) const override;
  [[nodiscard]] QString readOut(const FigureSpec& spec, double x, double y) const override;
};

}  // namespace vaco::ui
