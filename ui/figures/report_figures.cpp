// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/report_figures.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>

#include "ui/figures/canvas.h"
#include "ui/figures/number_text.h"
#include "ui/figures/spread.h"

namespace vaco::ui {
namespace {

constexpr int kResamples = 2000;
constexpr uint64_t kSeed = 1;
constexpr double kGroupWidth = 0.8;  // of the distance between two datasets
constexpr double kJitter = 0.9;      // of half a bar: the points stay on it
constexpr double kFill = 0.45;

QString figureNumber(double value) {
  return fixedText(value, 1);
}

}  // namespace

ReportBarsFigure::ReportBarsFigure(const Report& report, ScoreKind score)
    : places_(report.datasets), labels_(report.labels), score_(score) {
  for (size_t place = 0; place < places_.size(); ++place)
    for (size_t label = 0; label < labels_.size(); ++label) {
      auto seeds = report.scores(places_[place], labels_[label], score);
      if (seeds.empty()) continue;
      // A single run has no spread.
      const double spread =
          seeds.size() < 2 ? std::numeric_limits<double>::quiet_NaN() : standard_deviation(seeds);
      const double middle = mean(seeds);
      bars_.push_back({place, label, {middle, middle - spread, middle + spread}, std::move(seeds)});
    }
  for (const ReportRun* run : report.group("", "")) normalized_ = normalized_ && run->normalized;
  const auto by_physics = report.common_by_physics(labels_);
  for (const auto& [physics, common] : by_physics) {
    if (common.size() < 2) continue;
    places_.push_back("mean of " + std::to_string(common.size()) +
                      (by_physics.size() > 1 ? ", " + physics : ""));
    for (size_t label = 0; label < labels_.size(); ++label)
      bars_.push_back({places_.size() - 1,
                       label,
                       bootstrap_stratified(report.task_scores(common, labels_[label], score), mean_over_tasks,
                                            kResamples, kSeed),
                       {}});
  }
}

double ReportBarsFigure::center(const Bar& bar) const {
  const double slot = (static_cast<double>(bar.label) + 0.5) / static_cast<double>(labels_.size()) - 0.5;
  return static_cast<double>(places_.size() - 1 - bar.place) - kGroupWidth * slot;
}

DrawResult ReportBarsFigure::draw(const DrawRequest& request) const {
  LimitsOf xs;
  xs.include(0.0);
  const double half = 0.44 * kGroupWidth / static_cast<double>(std::max<size_t>(1, labels_.size()));
  for (size_t label = 0; label < labels_.size(); ++label) {
    const int slot = static_cast<int>(label);
    addSwatch(request, request.theme.faint(slot, kFill), request.theme.color(slot),
              labelOf(request.spec, labels_[label]));
  }
  for (const Bar& bar : bars_) {
    const int slot = static_cast<int>(bar.label);
    const double y = center(bar), x = bar.score.value;
    auto* area = new QCPItemRect(&request.plot);
    area->setLayer("main");
    area->setPen(QPen(request.theme.color(slot), request.theme.thinWidth));
    area->setBrush(request.theme.faint(slot, kFill));
    area->topLeft->setCoords(std::min(0.0, x), y + half);
    area->bottomRight->setCoords(std::max(0.0, x), y - half);
    xs.include(x);
    if (bar.score.has_interval()) addWhisker(request, bar.score.low, bar.score.high, y, 0.5 * half);
    xs.include(bar.score.low);
    xs.include(bar.score.high);
    QVector<double> scores, across;
    for (size_t i = 0; i < bar.seeds.size(); ++i) {
      scores << bar.seeds[i];
      across << y + kJitter * half *
                        ((static_cast<double>(i) + 0.5) / static_cast<double>(bar.seeds.size()) - 0.5);
      xs.include(bar.seeds[i]);
    }
    addPoints(request, scores, across, QCPScatterStyle::ssDisc, request.theme.text,
              0.5 * request.theme.markerSize);
  }
  if (normalized_) {
    addMarkAbove(request, 100.0, tr("expert policy"), request.theme.reference);
    xs.include(100.0);
  }
  DrawResult result;
  const QString score = normalized_ ? tr("Normalized score") : tr("Return");
  result.xLabel = (score_ == ScoreKind::last ? tr("%1 of the last policy") : tr("%1, best evaluation"))
                      .arg(score)
                      .toStdString();
  const bool averaged =
      std::any_of(bars_.begin(), bars_.end(), [](const Bar& bar) { return bar.seeds.empty(); });
  result.title = {averaged ? tr("Whisker of a dataset: ± std over its runs")
                           : tr("Whisker: ± std over the runs")};
  if (averaged) result.title << tr("whisker of the mean: 95 % bootstrap interval");
  result.title << tr("point: a run");
  for (size_t place = 0; place < places_.size(); ++place)
    result.yTicks.emplace_back(static_cast<double>(places_.size() - 1 - place),
                               labelOf(request.spec, places_[place]));
  result.x = xs.get();
  result.y = {-0.6, static_cast<double>(places_.size()) - 0.4};
  result.fixedY = true;
  result.stepsOnX = false;
  return result;
}

FigureTable ReportBarsFigure::table(const FigureSpec& spec) const {
  FigureTable table;
  table.columns = {"dataset", "algorithm", "what", "value", "low", "high"};
  for (const Bar& bar : bars_) {
    const std::string place = labelOf(spec, places_[bar.place]).toStdString(),
                      label = labelOf(spec, labels_[bar.label]).toStdString();
    const std::string what = bar.seeds.empty() ? "mean with 95 % interval" : "mean with standard deviation";
    table.rows.push_back({place, label, what, bar.score.value, bar.score.low, bar.score.high});
    for (const double seed : bar.seeds)
      table.rows.push_back({place, label, std::string("run"), seed, seed, seed});
  }
  return table;
}

QString ReportBarsFigure::summary(const FigureSpec& spec) const {
  QStringList parts;
  for (const Bar& bar : bars_)
    if (bar.place + 1 == places_.size())
      parts << QString("%1 %2").arg(labelOf(spec, labels_[bar.label]), figureNumber(bar.score.value));
  return places_.empty() ? QString() : labelOf(spec, places_.back()) + ": " + parts.join(", ");
}

QString ReportBarsFigure::text(const Bar& bar) {
  const Band band{bar.score.value, bar.score.low, bar.score.high, bar.seeds.size()};
  return bar.seeds.empty() ? QString::fromStdString(to_text(bar.score, 1)) + " (95 %)"
                           : bandText(band, Spread::deviation, true);
}

QString ReportBarsFigure::readOut(const FigureSpec& spec, double, double y) const {
  for (const Bar& bar : bars_)
    if (std::abs(center(bar) - y) < 0.5 * kGroupWidth / static_cast<double>(labels_.size()))
      return labelOf(spec, places_[bar.place]) + ", " + labelOf(spec, labels_[bar.label]) + ": " + text(bar);
  return {};
}

ReportProfiles profilesOf(const Report& report) {
  ReportProfiles profiles;
  const auto by_physics = report.common_by_physics(report.labels);
  // The shares change at the scores that were reached and nowhere else.
  std::set<double> scores;
  for (const auto& [physics, common] : by_physics)
    for (const std::string& label : report.labels)
      for (const auto& task : report.task_scores(common, label, ScoreKind::last))
        scores.insert(task.begin(), task.end());
  if (scores.empty()) return profiles;
  // From below the lowest score on, where every share is 1.
  profiles.thresholds = {std::min(0.0, std::floor(*scores.begin()) - 1.0)};
  profiles.thresholds.insert(profiles.thresholds.end(), scores.begin(), scores.end());
  for (const auto& [physics, common] : by_physics)
    for (const std::string& label : report.labels)
      profiles.curves.push_back({by_physics.size() > 1 ? label + ", " + physics : label,
                                 performance_profile(report.task_scores(common, label, ScoreKind::last),
                                                     profiles.thresholds, kResamples, kSeed)});
  return profiles;
}

DrawResult ReportProfileFigure::draw(const DrawRequest& request) const {
  const QVector<double> x(profiles_.thresholds.begin(), profiles_.thresholds.end());
  for (const bool bands : {true, false})
    for (size_t c = 0; c < profiles_.curves.size(); ++c) {
      if (bands && !request.spec.band) continue;
      QVector<double> share, low, high;
      for (const Estimate& estimate : profiles_.curves[c].shares) {
        share << estimate.value;
        low << estimate.low;
        high << estimate.high;
      }
      const int slot = static_cast<int>(c);
      if (bands)
        addBand(request, x, low, high, request.theme.faint(slot, 0.16), true);
      else
        addLine(request, x, share, request.theme.linePen(slot),
                labelOf(request.spec, profiles_.curves[c].label))
            ->setLineStyle(QCPGraph::lsStepLeft);
    }
  DrawResult result;
  result.xLabel = tr("Score threshold (normalized score of the last policy)").toStdString();
  result.yLabel = tr("Share of runs above the threshold").toStdString();
  if (request.spec.band) result.title = {tr("Band: pointwise 95 % bootstrap interval")};
  if (!profiles_.thresholds.empty()) result.x = {profiles_.thresholds.front(), profiles_.thresholds.back()};
  result.y = {0.0, 1.03};
  result.fixedY = true;
  result.stepsOnX = false;
  return result;
}

FigureTable ReportProfileFigure::table(const FigureSpec& spec) const {
  FigureTable table;
  table.columns = {"algorithm", "threshold", "share", "low", "high"};
  for (const ReportProfiles::Curve& curve : profiles_.curves)
    for (size_t i = 0; i < profiles_.thresholds.size(); ++i)
      table.rows.push_back({labelOf(spec, curve.label).toStdString(), profiles_.thresholds[i],
                            curve.shares[i].value, curve.shares[i].low, curve.shares[i].high});
  return table;
}

QString ReportProfileFigure::summary(const FigureSpec& spec) const {
  QStringList parts;
  for (const ReportProfiles::Curve& curve : profiles_.curves) {
    const auto half = std::find_if(curve.shares.begin(), curve.shares.end(),
                                   [](const Estimate& share) { return share.value < 0.5; });
    if (half != curve.shares.end())
      parts << QString("%1 %2").arg(
          labelOf(spec, curve.label),
          figureNumber(profiles_.thresholds[static_cast<size_t>(half - curve.shares.begin())]));
  }
  return tr("Half of the runs score above: %1").arg(parts.join(", "));
}

QString ReportProfileFigure::readOut(const FigureSpec& spec, double x, double) const {
  if (profiles_.thresholds.empty()) return {};
  const auto above = std::upper_bound(profiles_.thresholds.begin() + 1, profiles_.thresholds.end(), x);
  const auto at = static_cast<size_t>(above - profiles_.thresholds.begin()) - 1;
  QStringList parts{tr("above %1:").arg(figureNumber(x))};
  for (const ReportProfiles::Curve& curve : profiles_.curves)
    parts << QString("%1 %2 %").arg(labelOf(spec, curve.label)).arg(100.0 * curve.shares[at].value, 0, 'f', 0);
  return parts.join("  ");
}

}  // namespace vaco::ui
