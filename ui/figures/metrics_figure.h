// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>

#include "core/records/alarm_watch.h"

#include "ui/figures/figure.h"
#include "ui/figures/pyramid.h"

namespace vaco::ui {

/// Debiased exponential smoothing that grows with its series; the same numbers as debiased_smoothing() of
/// core/stats.
class Smoother {
 public:
  explicit Smoother(double weight = 0.0) : weight_(weight) {}
  double next(double value);

 private:
  double weight_;
  double sum_ = 0.0, norm_ = 0.0;
};

/// A metric of a run at full resolution, and its smoothed twin.
class MetricSeries {
 public:
  void append(double x, double y);
  void truncateFrom(double x);
  /// Recomputes when the weight differs from the last one; O(n) then.
  const Pyramid& smooth(double weight);
  [[nodiscard]] const Pyramid& raw() const { return raw_; }
  /// Stretches of x in which every value was NaN or infinite.
  [[nodiscard]] const std::vector<AxisLimits>& faults() const { return faults_; }

 private:
  Pyramid raw_, smooth_;
  Smoother smoother_;
  double weight_ = -1.0;
  std::vector<AxisLimits> faults_;
  bool faulty_ = false;  ///< the last value was not finite
};

/// Training metrics over steps: raw curves (faint when smoothed), phases, what an AlarmWatch finds, and where a
/// value was not a number.
class MetricsFigure : public Figure {
 public:
  MetricsFigure() : Figure(FigureKind::metrics) {}
  bool consume(int run, const Event& event) override;
  [[nodiscard]] bool empty() const override;
  [[nodiscard]] QString name() const override { return tr("Training metrics"); }
  [[nodiscard]] QString emptyText() const override;
  [[nodiscard]] DrawResult draw(const DrawRequest& request) const override;
  [[nodiscard]] FigureTable table(const FigureSpec& spec) const override;
  [[nodiscard]] QString summary(const FigureSpec& spec) const override;
  [[nodiscard]] QString readOut(const FigureSpec& spec, double x, double y) const override;
  [[nodiscard]] std::vector<FigureVariant> variants(const FigureSpec& spec) const override;
  [[nodiscard]] QString variantTitle(const FigureSpec& spec) const override;

  /// Every metric there is, in the order in which they came.
  [[nodiscard]] const std::vector<std::string>& keys() const { return keys_; }
  /// Those the spec draws: its own, else every key with "loss" in it, else the first.
  [[nodiscard]] std::vector<std::string> shownKeys(const FigureSpec& spec) const;
  /// nullptr when the run has no such metric.
  [[nodiscard]] const MetricSeries* series(int run, const std::string& key) const;

 protected:
  void clearData() override;

 private:
  struct Phase {
    std::string key;
    double low = 0.0, high = 0.0;
  };
  struct Mark {
    double step = 0.0;
    std::string key;
  };
  struct Run {
    std::map<std::string, MetricSeries, std::less<>> series;
    std::vector<Phase> phases;
    std::vector<Mark> alarms;
    double lastStep = -1.0;
    std::optional<AlarmWatch> watch{};  ///< from its first record on
  };
  void cut(Run& run, double step);
  void drawCurve(const DrawRequest& request, int run, const std::string& key, size_t shown, bool raw) const;
  void drawFaults(const DrawRequest& request) const;
  [[nodiscard]] QString phaseLabel(const std::string& key) const;
  [[nodiscard]] QString curveName(const FigureSpec& spec, int run, const std::string& key, size_t shown) const;
  [[nodiscard]] int slotOf(int run, const std::string& key, size_t shown) const;

  mutable std::vector<Run> data_;  ///< [runs]; the smoothed curves are made when they are asked for
  std::vector<std::string> keys_;
  std::map<std::string, std::string> phaseLabels_;
};

}  // namespace vaco::ui
