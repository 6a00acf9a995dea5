// SPDX-License-Identifier: GPL-3.0-or-later
// What the figures of the weights keep, and the histogram of a snapshot.
#include <algorithm>
#include <cmath>

#include "ui/figures/canvas.h"
#include "ui/figures/weight_figures.h"

namespace vaco::ui {
namespace {

constexpr size_t kFilledSources = 4;

int64_t total(const Histogram& histogram) {
  int64_t sum = 0;
  for (const int64_t count : histogram.counts) sum += count;
  return sum;
}

double height(const Histogram& histogram, size_t bin, bool share) {
  const auto count = static_cast<double>(histogram.counts[bin]);
  return share ? count / static_cast<double>(std::max<int64_t>(1, total(histogram))) : count;
}

QString atStep(const WeightReport& report) {
  return Figure::tr("step %1").arg(stepText(static_cast<double>(report.step)));
}

}  // namespace

bool WeightFigure::consume(int run, const Event& event) {
  const auto* report = std::get_if<WeightReport>(&event);
  if (!report || (drawsTrajectories() && report->trajectory_weight.empty())) return false;
  reports_.resize(runs().size());
  auto& kept = reports_[static_cast<size_t>(run)];
  while (!kept.empty() && kept.back().step >= report->step) kept.pop_back();
  kept.push_back(*report);
  if (!drawsTrajectories()) {
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
  return tr(
      "The histogram of the weights appears here when the run has its first weights; cloning without weights, "
      "as BC, never has any");
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
    label += tr(" (mean %1)").arg(fixedText(report.source_mean_weight[source], 3));
  if (histogram.not_a_number > 0) label += tr(", %1 NaN").arg(countText(histogram.not_a_number));
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
  if (!marked_.empty()) {
    // On the axis: the place tells, the height means nothing.
    const QVector<double> at(marked_.begin(), marked_.end());
    const double height =
        spec.logarithmic ? result.y.low * 1.2 : result.y.low + 0.015 * (result.y.high - result.y.low);
    addPoints(request, at, QVector<double>(at.size(), height), QCPScatterStyle::ssTriangle, request.theme.text,
              7.0, tr("chosen trajectories (n = %1)").arg(countText(static_cast<int64_t>(marked_.size()))));
  }
  if (above > 0.0) {
    const auto& edges = report->histograms.front().edges;
    addBinName(request, edges.back(), above, above > 0.8 * heights.high,
               "≥ " + valueText(edges[edges.size() - 2]));
  }
  result.xLabel = tr("Weight of a sample").toStdString();
  result.yLabel = (spec.share ? tr("Share of the source's samples") : tr("Samples")).toStdString();
  result.title = shownRunTitle(request);
  result.title << (result.title.isEmpty() ? tr("Weights at %1") : tr("weights at %1")).arg(atStep(*report));
  result.fixedY = true;
  result.logarithmic = spec.logarithmic;
  result.stepsOnX = false;
  return result;
}

std::optional<AxisLimits> WeightHistogramFigure::binAt(const FigureSpec& spec, double weight) const {
  const WeightReport* report = snapshot(spec);
  if (!report || report->histograms.empty()) return {};
  const auto& edges = report->histograms.front().edges;
  const auto above = std::upper_bound(edges.begin(), edges.end(), weight);
  if (above == edges.begin() || above == edges.end()) return {};
  // Weights at the last edge count in the last bin, and what lies beyond it too.
  const bool last = above + 1 == edges.end();
  return AxisLimits{*(above - 1), last ? HUGE_VAL : std::nextafter(*above, 0.0)};
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
  return tr("Mean weight at %1: %2").arg(atStep(*report), parts.join(", "));
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
        parts
            << tr("weight %1 to %2:").arg(valueText(histogram.edges[bin]), valueText(histogram.edges[bin + 1]));
      parts << QString("%1 %2 (%3 %)")
                   .arg(labelOf(spec, report->sources[source]),
                        stepText(static_cast<double>(histogram.counts[bin])))
                   .arg(100.0 * height(histogram, bin, true), 0, 'f', 1);
    }
  }
  return parts.join("  ");
}

}  // namespace vaco::ui
