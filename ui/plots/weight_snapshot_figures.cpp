// SPDX-License-Identifier: GPL-3.0-or-later
// The figures of one snapshot of the weights: histogram and scatter.
#include <algorithm>
#include <cmath>

#include "ui/plots/canvas.h"
#include "ui/plots/weight_figures.h"

namespace vaco::ui {
namespace {

constexpr size_t kFilledSources = 4;
constexpr const char* kComing = "appears here when the first weights have been learned";

int64_t total(const Histogram& histogram) {
  int64_t sum = 0;
  for (const int64_t count : histogram.counts) sum += count;
  return sum;
}

double height(const Histogram& histogram, size_t bin, bool share) {
  const auto count = static_cast<double>(histogram.counts[bin]);
  return share ? count / static_cast<double>(std::max<int64_t>(1, total(histogram))) : count;
}

std::string sourceOf(const WeightReport& report, size_t trajectory) {
  if (trajectory >= report.trajectory_source.size()) return "all";
  const auto source = static_cast<size_t>(report.trajectory_source[trajectory]);
  return source < report.sources.size() ? report.sources[source] : "all";
}

QString estimateText(const Estimate& estimate) {
  return withMinus(QString::fromStdString(to_text(estimate, 3)));
}

QString atStep(const WeightReport& report) {
  return QString("step %1").arg(stepText(static_cast<double>(report.step)));
}

}  // namespace

bool WeightFigure::consume(int run, const Event& event) {
  const auto* report = std::get_if<WeightReport>(&event);
  if (!report || !wants(*report)) return false;
  reports_.resize(runs().size());
  auto& kept = reports_[static_cast<size_t>(run)];
  while (!kept.empty() && kept.back().step >= report->step) kept.pop_back();
  kept.push_back(*report);
  if (kind() != FigureKind::weightReturn) {
    // Only the scatter draws these; they are most of a report.
    kept.back().trajectory_weight = {};
    kept.back().trajectory_return = {};
    kept.back().trajectory_source = {};
  }
  for (const std::string& source : report->sources) slots_.slot(source);
  return true;
}

bool WeightFigure::empty() const {
  return std::all_of(reports_.begin(), reports_.end(), [](const auto& reports) { return reports.empty(); });
}

std::vector<int64_t> WeightFigure::steps() const {
  std::vector<int64_t> out;
  for (const auto& reports : reports_) {
    for (const WeightReport& report : reports) out.push_back(report.step);
    if (!out.empty()) break;
  }
  return out;
}

const WeightReport* WeightFigure::snapshot(const FigureSpec& spec) const {
  for (const auto& reports : reports_) {
    if (reports.empty()) continue;
    const WeightReport* chosen = &reports.back();
    if (spec.step < 0) return chosen;
    for (const WeightReport& report : reports)
      if (report.step <= spec.step || &report == &reports.front()) chosen = &report;
    return chosen;
  }
  return nullptr;
}

QStringList WeightFigure::shownRunTitle(const DrawRequest& request) const {
  if (request.theme.screen && runs().size() < 2) return {};
  for (size_t run = 0; run < reports_.size(); ++run)
    if (!reports_[run].empty() && !runs()[run].name.empty()) return {labelOf(request.spec, runs()[run].name)};
  return {};
}

QString WeightHistogramFigure::emptyText() const {
  return QString("The histogram of the weights ") + kComing;
}

AxisLimits WeightHistogramFigure::drawSource(const DrawRequest& request, const WeightReport& report,
                                             size_t source) const {
  const Histogram& histogram = report.histograms[source];
  const FigureSpec& spec = request.spec;
  const int slot = std::max(0, slots_.find(report.sources[source]));
  const double floor = !spec.logarithmic ? 0.0 : spec.share ? 1e-9 : 1e-3;
  QVector<double> x{histogram.edges.front()}, y{floor};
  AxisLimits heights{HUGE_VAL, 0.0};
  for (size_t bin = 0; bin < histogram.counts.size(); ++bin) {
    x << histogram.edges[bin];
    y << std::max(floor, height(histogram, bin, spec.share));
    if (histogram.counts[bin] > 0) heights.low = std::min(heights.low, y.back());
    heights.high = std::max(heights.high, y.back());
  }
  x << histogram.edges.back();
  y << floor;
  QString label = labelOf(spec, report.sources[source]);
  if (source < report.source_mean_weight.size())
    label += QString(" (mean %1)").arg(fixedText(report.source_mean_weight[source], 3));
  if (histogram.not_a_number > 0) label += QString(", %1 NaN").arg(countText(histogram.not_a_number));
  QCPGraph* graph = addLine(request, x, y, request.theme.linePen(slot), label);
  graph->setLineStyle(QCPGraph::lsStepLeft);
  graph->setAdaptiveSampling(false);
  // The fills of many sources would mix to colours that none of them has.
  if (report.sources.size() <= kFilledSources) graph->setBrush(request.theme.faint(slot, 0.16));
  return heights;
}

DrawResult WeightHistogramFigure::draw(const DrawRequest& request) const {
  const WeightReport* report = snapshot(request.spec);
  DrawResult result;
  if (!report) return result;
  const FigureSpec& spec = request.spec;
  LimitsOf xs;
  AxisLimits heights{HUGE_VAL, 0.0};
  double above = 0.0;  // height of the bin of what lies beyond the edges
  for (size_t source = 0; source < report->histograms.size() && source < report->sources.size(); ++source) {
    const Histogram& histogram = report->histograms[source];
    if (histogram.counts.empty()) continue;
    const AxisLimits own = drawSource(request, *report, source);
    heights = {std::min(heights.low, own.low), std::max(heights.high, own.high)};
    xs.include(histogram.edges.front());
    xs.include(histogram.edges.back());
    // Weights of at most 1 end with their edges.
    if (histogram.edges.back() > 1.0 && histogram.counts.back() > 0)
      above = std::max(above, height(histogram, histogram.counts.size() - 1, spec.share));
  }
  result.x = xs.get();
  result.y.low = spec.logarithmic ? std::min(heights.low, heights.high) / 2.0 : 0.0;
  result.y.high = heights.high * (spec.logarithmic ? 2.0 : 1.06);
  if (spec.share) result.y.high = std::min(1.0, result.y.high);  // a share is no more than all
  if (!(result.y.high > result.y.low)) result.y = {spec.logarithmic ? 0.5 : 0.0, 1.0};
  if (above > 0.0) {
    const auto& edges = report->histograms.front().edges;
    addBinName(request, edges.back(), above, above > 0.8 * heights.high,
               "≥ " + valueText(edges[edges.size() - 2]));
  }
  result.xLabel = "Weight of a sample";
  result.yLabel = spec.share ? "Share of the source's samples" : "Samples";
  result.title = shownRunTitle(request) << QString("Weights at %1").arg(atStep(*report));
  result.fixedY = true;
  result.logarithmic = spec.logarithmic;
  result.stepsOnX = false;
  return result;
}

FigureTable WeightHistogramFigure::table(const FigureSpec& spec) const {
  FigureTable table;
  table.columns = {"step", "source", "weight_low", "weight_high", spec.share ? "share" : "count"};
  const WeightReport* report = snapshot(spec);
  if (!report) return table;
  for (size_t source = 0; source < report->histograms.size() && source < report->sources.size(); ++source) {
    const Histogram& histogram = report->histograms[source];
    for (size_t bin = 0; bin < histogram.counts.size(); ++bin) {
      const FigureCell value =
          spec.share ? FigureCell(height(histogram, bin, true)) : FigureCell(histogram.counts[bin]);
      table.rows.push_back({report->step, labelOf(spec, report->sources[source]).toStdString(),
                            histogram.edges[bin], histogram.edges[bin + 1], value});
    }
  }
  return table;
}

QString WeightHistogramFigure::summary(const FigureSpec& spec) const {
  const WeightReport* report = snapshot(spec);
  if (!report) return {};
  QStringList parts;
  for (size_t i = 0; i < report->sources.size() && i < report->source_mean_weight.size(); ++i)
    parts << labelOf(spec, report->sources[i]) + " " + fixedText(report->source_mean_weight[i], 3);
  return QString("Mean weight at %1: %2").arg(atStep(*report), parts.join(", "));
}

QString WeightHistogramFigure::readOut(const FigureSpec& spec, double x, double) const {
  const WeightReport* report = snapshot(spec);
  if (!report) return {};
  QStringList parts;
  for (size_t source = 0; source < report->histograms.size() && source < report->sources.size(); ++source) {
    const Histogram& histogram = report->histograms[source];
    for (size_t bin = 0; bin < histogram.counts.size(); ++bin) {
      if (x < histogram.edges[bin] || x >= histogram.edges[bin + 1]) continue;
      if (parts.isEmpty())
        parts << QString("weight %1 to %2:")
                     .arg(valueText(histogram.edges[bin]), valueText(histogram.edges[bin + 1]));
      parts << QString("%1 %2 (%3 %)")
                   .arg(labelOf(spec, report->sources[source]),
                        stepText(static_cast<double>(histogram.counts[bin])))
                   .arg(100.0 * height(histogram, bin, true), 0, 'f', 1);
    }
  }
  return parts.join("  ");
}

QString WeightReturnFigure::emptyText() const {
  return QString("Each trajectory's weight against its return ") + kComing;
}

DrawResult WeightReturnFigure::draw(const DrawRequest& request) const {
  const WeightReport* report = snapshot(request.spec);
  DrawResult result;
  if (!report) return result;
  LimitsOf xs, ys;
  const size_t n = std::min(report->trajectory_weight.size(), report->trajectory_return.size());
  std::vector<QVector<double>> x(report->sources.size() + 1), y(report->sources.size() + 1);
  for (size_t i = 0; i < n; ++i) {
    if (!inView(request.spec, report->trajectory_return[i])) continue;
    const bool known = i < report->trajectory_source.size() && report->trajectory_source[i] >= 0 &&
                       static_cast<size_t>(report->trajectory_source[i]) < report->sources.size();
    const size_t source = known ? static_cast<size_t>(report->trajectory_source[i]) : report->sources.size();
    x[source] << report->trajectory_return[i];
    y[source] << report->trajectory_weight[i];
    xs.include(report->trajectory_return[i]);
    ys.include(report->trajectory_weight[i]);
  }
  for (size_t source = 0; source < x.size(); ++source) {
    if (x[source].isEmpty()) continue;
    const std::string sourceName = source < report->sources.size() ? report->sources[source] : "all";
    const int slot = std::max(0, slots_.find(sourceName));
    QColor color = request.theme.color(slot);
    if (x[source].size() > 300) color.setAlphaF(0.7f);
    const QString label = QString("%1 (n = %2)").arg(labelOf(request.spec, sourceName)).arg(x[source].size());
    addPoints(request, x[source], y[source], markerShape(slot), color, request.theme.markerSize, label);
  }
  if (const auto at = static_cast<size_t>(selected_); selected_ >= 0 && at < n)
    addPoints(request, {report->trajectory_return[at]}, {report->trajectory_weight[at]},
              QCPScatterStyle::ssCircle, request.theme.text, request.theme.markerSize + 8.0);
  result.xLabel = "Trajectory return";
  result.yLabel = "Mean weight";
  result.title = shownRunTitle(request);
  result.title << "Pearson r = " + estimateText(report->pearson)
               << "Spearman ρ = " + estimateText(report->spearman)
               << "n = " + countText(static_cast<int64_t>(n));
  result.x = xs.get();
  result.y = ys.get();
  result.stepsOnX = false;
  return result;
}

int64_t WeightReturnFigure::shownStep(const FigureSpec& spec) const {
  const WeightReport* report = snapshot(spec);
  return report ? report->step : -1;
}

void WeightReturnFigure::clearData() {
  selected_ = -1;
  WeightFigure::clearData();
}

FigureTable WeightReturnFigure::table(const FigureSpec& spec) const {
  FigureTable table;
  table.columns = {"step", "trajectory", "source", "return", "mean_weight"};
  const WeightReport* report = snapshot(spec);
  if (!report) return table;
  const size_t n = std::min(report->trajectory_weight.size(), report->trajectory_return.size());
  for (size_t i = 0; i < n; ++i) {
    if (!inView(spec, report->trajectory_return[i])) continue;
    table.rows.push_back({report->step, static_cast<int64_t>(i),
                          labelOf(spec, sourceOf(*report, i)).toStdString(), report->trajectory_return[i],
                          report->trajectory_weight[i]});
  }
  return table;
}

QString WeightReturnFigure::summary(const FigureSpec& spec) const {
  const WeightReport* report = snapshot(spec);
  if (!report) return {};
  return QString("Pearson r %1, Spearman ρ %2 over %3 trajectories at %4")
      .arg(estimateText(report->pearson), estimateText(report->spearman))
      .arg(report->trajectory_weight.size())
      .arg(atStep(*report));
}

int WeightReturnFigure::nearest(const FigureSpec& spec, double x, double y, double width, double height) const {
  const WeightReport* report = snapshot(spec);
  if (!report || !(width > 0.0) || !(height > 0.0)) return -1;
  int best = -1;
  double closest = 0.03 * 0.03;
  for (size_t i = 0; i < std::min(report->trajectory_weight.size(), report->trajectory_return.size()); ++i) {
    const double dx = (report->trajectory_return[i] - x) / width,
                 dy = (report->trajectory_weight[i] - y) / height;
    if (dx * dx + dy * dy >= closest) continue;
    closest = dx * dx + dy * dy;
    best = static_cast<int>(i);
  }
  return best;
}

QString WeightReturnFigure::readOut(const FigureSpec& spec, double x, double y) const {
  const WeightReport* report = snapshot(spec);
  if (!report) return {};
  LimitsOf xs, ys;
  for (const double value : report->trajectory_return) xs.include(value);
  for (const double value : report->trajectory_weight) ys.include(value);
  const int i = nearest(spec, x, y, xs.get().high - xs.get().low, ys.get().high - ys.get().low);
  if (i < 0) return QString("return %1, weight %2").arg(valueText(x), valueText(y));
  const auto at = static_cast<size_t>(i);
  return QString("trajectory %1 (%2): return %3, mean weight %4")
      .arg(i)
      .arg(labelOf(spec, sourceOf(*report, at)), valueText(report->trajectory_return[at]),
           valueText(report->trajectory_weight[at]));
}

}  // namespace vaco::ui
