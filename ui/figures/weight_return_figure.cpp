// SPDX-License-Identifier: GPL-3.0-or-later
// The scatter of a snapshot: trajectories' mean weight against their return.
#include <algorithm>
#include <numeric>

#include "ui/figures/canvas.h"
#include "ui/figures/weight_figures.h"

namespace vaco::ui {
namespace {

std::string sourceOf(const WeightReport& report, size_t trajectory) {
  if (trajectory >= report.trajectory_source.size()) return "all";
  const auto source = static_cast<size_t>(report.trajectory_source[trajectory]);
  return source < report.sources.size() ? report.sources[source] : "all";
}

QString estimateText(const Estimate& estimate) {
  return withMinus(QString::fromStdString(to_text(estimate, 3)));
}

}  // namespace

QString WeightReturnFigure::emptyText() const {
  return tr(
      "Each trajectory's weight against its return appears here when the run has its first weights; cloning "
      "without weights, as BC, never has any");
}

const std::vector<size_t>& WeightReturnFigure::byReturn(const WeightReport& report) const {
  const auto* returns = report.trajectory_return.data();
  if (ordered_ == returns) return order_;
  order_.resize(std::min(report.trajectory_weight.size(), report.trajectory_return.size()));
  std::iota(order_.begin(), order_.end(), size_t{0});
  std::sort(order_.begin(), order_.end(), [&](size_t a, size_t b) { return returns[a] < returns[b]; });
  ordered_ = returns;
  return order_;
}

DrawResult WeightReturnFigure::draw(const DrawRequest& request) const {
  const WeightReport* report = snapshot(request.spec);
  DrawResult result;
  if (!report) return result;
  LimitsOf xs, ys;
  const size_t n = std::min(report->trajectory_weight.size(), report->trajectory_return.size());
  // What is lit lies over what is faded.
  const size_t kinds = report->sources.size() + 1;
  std::vector<QVector<double>> x(2 * kinds), y(2 * kinds);
  int64_t lit = 0;
  std::vector<char> lights(n, lit_.empty() ? 1 : 0);
  for (const int trajectory : lit_)
    if (static_cast<size_t>(trajectory) < n) lights[static_cast<size_t>(trajectory)] = 1;
  for (const size_t i : byReturn(*report)) {
    if (!inView(request.spec, report->trajectory_return[i])) continue;
    const bool known = i < report->trajectory_source.size() && report->trajectory_source[i] >= 0 &&
                       static_cast<size_t>(report->trajectory_source[i]) < report->sources.size();
    const size_t source = known ? static_cast<size_t>(report->trajectory_source[i]) : report->sources.size();
    const bool fades = lights[i] == 0;
    lit += fades ? 0 : 1;
    const size_t kind = fades ? source : source + kinds;
    if (x[kind].isEmpty()) {
      x[kind].reserve(static_cast<qsizetype>(n));
      y[kind].reserve(static_cast<qsizetype>(n));
    }
    x[kind] << report->trajectory_return[i];
    y[kind] << report->trajectory_weight[i];
    xs.include(report->trajectory_return[i]);
    ys.include(report->trajectory_weight[i]);
  }
  for (size_t kind = 0; kind < x.size(); ++kind) {
    if (x[kind].isEmpty()) continue;
    const size_t source = kind % kinds;
    const bool fades = kind < kinds;
    const std::string sourceName = source < report->sources.size() ? report->sources[source] : "all";
    const int slot = std::max(0, slots_.find(sourceName));
    QColor color = request.theme.color(slot);
    if (x[kind].size() > 300) color.setAlphaF(0.7f);
    if (fades) color.setAlphaF(0.15f);
    const QString label =
        fades ? QString()
              : QString("%1 (n = %2)").arg(labelOf(request.spec, sourceName), countText(x[kind].size()));
    addPoints(request, x[kind], y[kind], markerShape(slot), color, request.theme.markerSize, label);
  }
  if (const auto at = static_cast<size_t>(selected_); selected_ >= 0 && at < n)
    addPoints(request, {report->trajectory_return[at]}, {report->trajectory_weight[at]},
              QCPScatterStyle::ssCircle, request.theme.text, request.theme.markerSize + 8.0);
  result.xLabel = tr("Trajectory return").toStdString();
  result.yLabel = tr("Mean weight").toStdString();
  result.title = shownRunTitle(request);
  result.title << "Pearson r = " + estimateText(report->pearson)
               << "Spearman ρ = " + estimateText(report->spearman)
               << "n = " + countText(static_cast<int64_t>(n));
  if (!lit_.empty()) result.title << tr("%1 chosen").arg(countText(lit));
  result.x = xs.get();
  result.y = ys.get();
  result.stepsOnX = false;
  return result;
}

std::vector<int> WeightReturnFigure::within(const FigureSpec& spec, AxisLimits returns,
                                            AxisLimits weights) const {
  std::vector<int> found;
  const WeightReport* report = snapshot(spec);
  if (!report) return found;
  const size_t n = std::min(report->trajectory_weight.size(), report->trajectory_return.size());
  for (size_t i = 0; i < n; ++i)
    if (report->trajectory_return[i] >= returns.low && report->trajectory_return[i] <= returns.high &&
        report->trajectory_weight[i] >= weights.low && report->trajectory_weight[i] <= weights.high)
      found.push_back(static_cast<int>(i));
  return found;
}

std::vector<double> WeightReturnFigure::weightsOf(const FigureSpec& spec,
                                                  const std::vector<int>& trajectories) const {
  std::vector<double> weights;
  const WeightReport* report = snapshot(spec);
  if (!report) return weights;
  for (const int t : trajectories)
    if (t >= 0 && static_cast<size_t>(t) < report->trajectory_weight.size())
      weights.push_back(report->trajectory_weight[static_cast<size_t>(t)]);
  return weights;
}

int64_t WeightReturnFigure::shownStep(const FigureSpec& spec) const {
  const WeightReport* report = snapshot(spec);
  return report ? report->step : -1;
}

void WeightReturnFigure::clearData() {
  selected_ = -1;
  lit_.clear();
  ordered_ = nullptr;
  WeightFigure::clearData();
}

bool WeightReturnFigure::consume(int run, const Event& event) {
  if (!WeightFigure::consume(run, event)) return false;
  ordered_ = nullptr;
  return true;
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
  return tr("Pearson r %1, Spearman ρ %2 over %3 trajectories at %4")
      .arg(estimateText(report->pearson), estimateText(report->spearman))
      .arg(report->trajectory_weight.size())
      .arg("step " + stepText(static_cast<double>(report->step)));
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
  if (i < 0) return tr("return %1, weight %2").arg(valueText(x), valueText(y));
  const auto at = static_cast<size_t>(i);
  return tr("trajectory %1 (%2): return %3, mean weight %4")
      .arg(i)
      .arg(labelOf(spec, sourceOf(*report, at)), valueText(report->trajectory_return[at]),
           valueText(report->trajectory_weight[at]));
}

}  // namespace vaco::ui
