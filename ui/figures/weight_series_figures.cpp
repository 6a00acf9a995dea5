// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of the weights over steps: effective sample size and correlation.
#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <limits>

#include "ui/figures/canvas.h"
#include "ui/figures/weight_figures.h"

namespace vaco::ui {
namespace {

/// A curve that every report has a value for.
struct Quantity {
  const char* key;    ///< in tables
  const char* label;  ///< in legends
  Estimate (*of)(const WeightReport&);
  bool interval;
};

Estimate point(double value) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  return {value, kNone, kNone};
}

constexpr std::array kShares{
    Quantity{"ess_percent", "Effective sample size", [](const WeightReport& r) { return point(100.0 * r.ess); },
             false},
    Quantity{"mean_weight_percent", "Mean weight × 100",
             [](const WeightReport& r) { return point(100.0 * r.mean_weight); }, false},
    Quantity{"below_001_percent", "Weights below 0.01",
             [](const WeightReport& r) { return point(100.0 * r.share_below_001); }, false}};
constexpr std::array kCorrelations{
    Quantity{"pearson_r", "Pearson r", [](const WeightReport& r) { return r.pearson; }, true},
    Quantity{"spearman_rho", "Spearman ρ", [](const WeightReport& r) { return r.spearman; }, true}};

using Reports = std::vector<std::vector<WeightReport>>;

template <size_t N>
void drawQuantities(const DrawRequest& request, const std::array<Quantity, N>& quantities,
                    const Reports& reports, const std::function<QString(size_t run)>& runName, LimitsOf& xs,
                    LimitsOf& ys) {
  for (const bool bands : {true, false})
    for (size_t run = 0; run < reports.size(); ++run)
      for (size_t q = 0; q < N; ++q) {
        // Each quantity has a place in the colour cycle, each run the next stretch of it.
        const int slot = static_cast<int>(run * N + q);
        QVector<double> x, y, low, high;
        for (const WeightReport& report : reports[run]) {
          const auto step = static_cast<double>(report.step);
          if (request.spec.x && (step < request.spec.x->low || step > request.spec.x->high)) continue;
          const Estimate estimate = quantities[q].of(report);
          x << step;
          y << estimate.value;
          low << estimate.low;
          high << estimate.high;
          xs.include(step);
          for (const double value : {estimate.value, estimate.low, estimate.high}) ys.include(value);
        }
        if (x.isEmpty()) continue;
        if (bands) {
          if (quantities[q].interval && request.spec.band)
            addBand(request, x, low, high, request.theme.faint(slot, 0.16));
          continue;
        }
        const QString label = QString::fromUtf8(quantities[q].label);
        QCPGraph* line = addLine(request, x, y, request.theme.linePen(slot),
                                 reports.size() > 1 ? runName(run) + ": " + label : label);
        if (x.size() < 40)
          line->setScatterStyle(QCPScatterStyle(markerShape(slot), QPen(request.theme.color(slot), 1.0),
                                                Qt::NoBrush, request.theme.markerSize - 1.0));
      }
}

template <size_t N>
FigureTable tableOf(const FigureSpec& spec, const std::array<Quantity, N>& quantities, const Reports& reports,
                    const std::function<QString(size_t run)>& runName) {
  FigureTable table;
  table.columns = {"run", "step"};
  for (const Quantity& quantity : quantities) {
    table.columns.emplace_back(quantity.key);
    if (!quantity.interval || !spec.band) continue;
    table.columns.push_back(std::string(quantity.key) + "_low");
    table.columns.push_back(std::string(quantity.key) + "_high");
  }
  for (size_t run = 0; run < reports.size(); ++run)
    for (const WeightReport& report : reports[run]) {
      const auto step = static_cast<double>(report.step);
      if (spec.x && (step < spec.x->low || step > spec.x->high)) continue;
      std::vector<FigureCell> row{runName(run).toStdString(), report.step};
      for (const Quantity& quantity : quantities) {
        const Estimate estimate = quantity.of(report);
        row.emplace_back(estimate.value);
        if (!quantity.interval || !spec.band) continue;
        row.emplace_back(estimate.low);
        row.emplace_back(estimate.high);
      }
      table.rows.push_back(std::move(row));
    }
  return table;
}

template <size_t N>
QString sentence(const std::array<Quantity, N>& quantities, const WeightReport& report, int decimals) {
  QStringList parts;
  for (const Quantity& quantity : quantities) {
    const Estimate estimate = quantity.of(report);
    parts << QString::fromUtf8(quantity.label) + " " +
                 withMinus(QString::fromStdString(to_text(estimate, decimals)));
  }
  return Figure::tr("step %1: %2").arg(stepText(static_cast<double>(report.step)), parts.join(", "));
}

/// A sentence for each run: about its last report, or about the one nearest to x.
template <size_t N>
QString sentences(const std::array<Quantity, N>& quantities, const Reports& reports, const double* x,
                  int decimals, const std::function<QString(size_t run)>& runName) {
  QStringList parts;
  for (size_t run = 0; run < reports.size(); ++run) {
    if (reports[run].empty()) continue;
    const WeightReport* chosen = &reports[run].back();
    for (const WeightReport& report : reports[run])
      if (x &&
          std::abs(static_cast<double>(report.step) - *x) < std::abs(static_cast<double>(chosen->step) - *x))
        chosen = &report;
    const QString text = sentence(quantities, *chosen, decimals);
    parts << (reports.size() > 1 ? runName(run) + ", " + text : text);
  }
  return parts.join("; ");
}

}  // namespace

QString EffectiveSamplesFigure::emptyText() const {
  return tr(
      "How many samples effectively count appears here when the run has its first weights; cloning without "
      "weights, as BC, never has any");
}

DrawResult EffectiveSamplesFigure::draw(const DrawRequest& request) const {
  LimitsOf xs, ys;
  ys.include(0.0);
  ys.include(20.0);
  addReference(request, kAlarmPercent, tr("alarm below 5 %"), request.theme.alarm, true);
  drawQuantities(
      request, kShares, reports(), [&](size_t run) { return labelOf(request.spec, runs()[run].name); }, xs, ys);
  DrawResult result;
  result.xLabel = tr("Gradient steps").toStdString();
  result.yLabel = tr("Percent").toStdString();
  result.title = runTitle(request);
  result.x = xs.get();
  result.y = ys.get();
  result.y.high *= 1.05;
  result.fixedY = true;
  return result;
}

FigureTable EffectiveSamplesFigure::table(const FigureSpec& spec) const {
  return tableOf(spec, kShares, reports(), [&](size_t run) { return labelOf(spec, runs()[run].name); });
}

QString EffectiveSamplesFigure::summary(const FigureSpec& spec) const {
  return sentences(kShares, reports(), nullptr, 1, [&](size_t run) { return labelOf(spec, runs()[run].name); });
}

QString EffectiveSamplesFigure::readOut(const FigureSpec& spec, double x, double) const {
  return sentences(kShares, reports(), &x, 1, [&](size_t run) { return labelOf(spec, runs()[run].name); });
}

QString CorrelationFigure::emptyText() const {
  return tr(
      "The correlation of weight and return appears here when the run has its first weights; cloning without "
      "weights, as BC, never has any");
}

DrawResult CorrelationFigure::draw(const DrawRequest& request) const {
  LimitsOf xs, ys;
  ys.include(0.0);
  ys.include(1.0);
  drawQuantities(
      request, kCorrelations, reports(), [&](size_t run) { return labelOf(request.spec, runs()[run].name); },
      xs, ys);
  DrawResult result;
  result.xLabel = tr("Gradient steps").toStdString();
  result.yLabel = tr("Weight–return correlation").toStdString();
  result.title = runTitle(request);
  if (request.spec.band)
    result.title << (result.title.isEmpty() ? tr("Band: 95 % bootstrap interval")
                                            : tr("band: 95 % bootstrap interval"));
  result.x = xs.get();
  const AxisLimits seen = ys.get();
  result.y = {seen.low < 0.0 ? -1.0 : -0.02, 1.02};
  result.fixedY = true;
  return result;
}

FigureTable CorrelationFigure::table(const FigureSpec& spec) const {
  return tableOf(spec, kCorrelations, reports(), [&](size_t run) { return labelOf(spec, runs()[run].name); });
}

QString CorrelationFigure::summary(const FigureSpec& spec) const {
  return sentences(kCorrelations, reports(), nullptr, 3,
                   [&](size_t run) { return labelOf(spec, runs()[run].name); });
}

QString CorrelationFigure::readOut(const FigureSpec& spec, double x, double) const {
  return sentences(kCorrelations, reports(), &x, 3,
                   [&](size_t run) { return labelOf(spec, runs()[run].name); });
}

}  // namespace vaco::ui
