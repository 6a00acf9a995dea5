// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/report.h"
#include "ui/figures/figure.h"

namespace vaco::ui {

/// A figure of a whole report: it is fed once, by the report, and by no event.
class ReportFigure : public Figure {
 public:
  ReportFigure() : Figure(FigureKind::scores) {}
  bool consume(int, const Event&) override { return false; }
  [[nodiscard]] QString emptyText() const override {
    return tr("Scores appear here when runs have been evaluated");
  }
};

/// Score of the last policy (or, with best, of the best one) by dataset and algorithm: mean over seeds with its
/// standard deviation and every seed as a point; below the datasets the mean over them with its 95 % interval.
class ReportBarsFigure : public ReportFigure {
 public:
  explicit ReportBarsFigure(const Report& report = {}, ScoreKind score = ScoreKind::last);
  [[nodiscard]] bool empty() const override { return bars_.empty(); }
  [[nodiscard]] QString name() const override { return tr("Scores"); }
  [[nodiscard]] DrawResult draw(const DrawRequest& request) const override;
  [[nodiscard]] FigureTable table(const FigureSpec& spec) const override;
  [[nodiscard]] QString summary(const FigureSpec& spec) const override;
  [[nodiscard]] QString readOut(const FigureSpec& spec, double x, double y) const override;

 protected:
  void clearData() override { bars_.clear(); }

 private:
  struct Bar {
    size_t place = 0, label = 0;
    Estimate score;  ///< mean ± standard deviation, or mean with its interval
    std::vector<double> seeds;
  };
  /// Where the bar lies on the axis of names; the first dataset and the first algorithm are on top.
  [[nodiscard]] double center(const Bar& bar) const;
  [[nodiscard]] static QString text(const Bar& bar);

  std::vector<std::string> places_, labels_;
  std::vector<Bar> bars_;
  bool normalized_ = true;
  ScoreKind score_;
};

/// The performance profiles of a report. A value: it may be made in any thread, and takes a while.
struct ReportProfiles {
  struct Curve {
    std::string label;
    std::vector<Estimate> shares;  ///< [thresholds]
  };
  std::vector<double> thresholds;  ///< one below all scores, then the scores of all runs, increasing
  std::vector<Curve> curves;
};
ReportProfiles profilesOf(const Report& report);

/// For every score the share of runs that are above it (steps at the scores that were reached), averaged over
/// the datasets that all algorithms have, with its pointwise 95 % band.
class ReportProfileFigure : public ReportFigure {
 public:
  explicit ReportProfileFigure(const Report& report = {}) : profiles_(profilesOf(report)) {}
  void setProfiles(ReportProfiles profiles) { profiles_ = std::move(profiles); }
  [[nodiscard]] bool empty() const override { return profiles_.curves.empty(); }
  [[nodiscard]] QString name() const override { return tr("Performance profiles"); }
  [[nodiscard]] DrawResult draw(const DrawRequest& request) const override;
  [[nodiscard]] FigureTable table(const FigureSpec& spec) const override;
  [[nodiscard]] QString summary(const FigureSpec& spec) const override;
  [[nodiscard]] QString readOut(const FigureSpec& spec, double x, double y) const override;

 protected:
  void clearData() override { profiles_.curves.clear(); }

 private:
  ReportProfiles profiles_;
};

}  // namespace vaco::ui
