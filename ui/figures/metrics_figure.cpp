// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/metrics_figure.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "ui/figures/canvas.h"
#include "ui/figures/metric_names.h"

namespace vaco::ui {
namespace {

constexpr char kHidden[] = " (values ≤ 0 not shown)";
constexpr double kNoMetrics = std::numeric_limits<double>::quiet_NaN();

/// The points that draw a window of a series: extremes in the order in which they came, so that no spike is
/// lost.
void curveOf(const Pyramid& series, const DrawRequest& request, bool positiveOnly, QVector<double>& x,
             QVector<double>& y) {
  const double all = std::numeric_limits<double>::infinity();
  const AxisLimits view = request.x.value_or(AxisLimits{-all, all});
  const auto add = [&](double px, double py) {
    x << px;
    y << (positiveOnly && !(py > 0.0) ? kNoMetrics : py);
  };
  for (const PyramidBucket& bucket :
       series.window(view.low, view.high, 2 * static_cast<size_t>(request.pixels))) {
    if (bucket.gaps > 0) add(bucket.x0, kNoMetrics);
    if (bucket.count == 0) continue;
    const bool minFirst = bucket.minX <= bucket.maxX;
    add(minFirst ? bucket.minX : bucket.maxX, minFirst ? bucket.min : bucket.max);
    if (bucket.min != bucket.max) add(minFirst ? bucket.maxX : bucket.minX, minFirst ? bucket.max : bucket.min);
  }
}

}  // namespace

bool MetricsFigure::consume(int index, const Event& event) {
  data_.resize(runs().size());
  Run& run = data_[static_cast<size_t>(index)];
  if (const auto* progress = std::get_if<Progress>(&event)) {
    std::string& label = phaseLabels_[progress->phase];
    const bool changed = label != progress->phase_label && !progress->phase_label.empty();
    if (changed) label = progress->phase_label;
    return changed && std::any_of(run.phases.begin(), run.phases.end(),
                                  [&](const Phase& phase) { return phase.key == progress->phase; });
  }
  const auto* metrics = std::get_if<Metrics>(&event);
  if (metrics && static_cast<double>(metrics->step) <= run.lastStep)
    cut(run, static_cast<double>(metrics->step));
  if (!metrics && !std::holds_alternative<WeightReport>(event)) return false;
  if (!run.watch) run.watch.emplace(value_limits(runs()[static_cast<size_t>(index)].folder));
  const auto alarms = run.watch->take(event).begun;
  for (const Alarm& alarm : alarms) run.alarms.push_back({static_cast<double>(alarm.step), alarm.key});
  if (!metrics) return !alarms.empty();
  const auto step = static_cast<double>(metrics->step);
  run.lastStep = step;
  if (run.phases.empty() || run.phases.back().key != metrics->phase)
    run.phases.push_back({metrics->phase, run.phases.empty() ? 0.0 : run.phases.back().high, step});
  run.phases.back().high = step;
  for (const MetricValue& metric : metrics->values) {
    if (std::find(keys_.begin(), keys_.end(), metric.key) == keys_.end()) {
      keys_.push_back(metric.key);
      slots_.slot(metric.key);
    }
    run.series[metric.key].append(step, metric.value);
  }
  return true;
}

void MetricsFigure::cut(Run& run, double step) {
  for (auto& [key, series] : run.series) series.truncateFrom(step);
  while (!run.phases.empty() && run.phases.back().low >= step) run.phases.pop_back();
  if (!run.phases.empty()) run.phases.back().high = std::min(run.phases.back().high, step);
  std::erase_if(run.alarms, [step](const Mark& mark) { return mark.step >= step; });
}

bool MetricsFigure::empty() const {
  return keys_.empty();
}

QString MetricsFigure::emptyText() const {
  return tr("Losses and other training metrics appear here while a run trains");
}

void MetricsFigure::clearData() {
  data_.clear();
  keys_.clear();
}

std::vector<std::string> MetricsFigure::shownKeys(const FigureSpec& spec) const {
  if (!spec.metrics.empty()) return spec.metrics;
  std::vector<std::string> shown;
  for (const std::string& key : keys_)
    if (key.find("loss") != std::string::npos) shown.push_back(key);
  if (shown.empty() && !keys_.empty()) shown.push_back(keys_.front());
  return shown;
}

std::vector<FigureVariant> MetricsFigure::variants(const FigureSpec& spec) const {
  // The losses of a run together, and every other metric by itself: their units have nothing in common.
  // Several runs share one metric a figure, or nothing could be told apart.
  std::vector<FigureVariant> out;
  std::vector<std::string> losses;
  if (runs().size() == 1) {
    losses = shownKeys(spec);
    out.push_back({"losses", spec});
  }
  for (const std::string& key : keys_) {
    if (std::find(losses.begin(), losses.end(), key) != losses.end()) continue;
    FigureSpec single = spec;
    single.metrics = {key};
    out.push_back({"metric_" + key, single});
  }
  return out;
}

QString MetricsFigure::variantTitle(const FigureSpec& spec) const {
  return spec.metrics.size() == 1 ? tr("Metric: %1").arg(metricName(spec.metrics.front())) : tr("Losses");
}

const MetricSeries* MetricsFigure::series(int run, const std::string& key) const {
  if (static_cast<size_t>(run) >= data_.size()) return nullptr;
  const auto& series = data_[static_cast<size_t>(run)].series;
  const auto found = series.find(key);
  return found == series.end() ? nullptr : &found->second;
}

/// One metric of several runs is coloured by run, everything else by metric.
int MetricsFigure::slotOf(int run, const std::string& key, size_t shown) const {
  return shown == 1 && data_.size() > 1 ? run : std::max(0, slots_.find(key));
}

QString MetricsFigure::curveName(const FigureSpec& spec, int run, const std::string& key, size_t shown) const {
  const QString metric = spec.labels.contains(key) ? labelOf(spec, key) : metricName(key);
  if (data_.size() < 2) return metric;
  const QString name = labelOf(spec, runs()[static_cast<size_t>(run)].name);
  return shown == 1 ? name : name + ": " + metric;
}

void MetricsFigure::drawCurve(const DrawRequest& request, int run, const std::string& key, size_t shown,
                              bool raw) const {
  auto& all = data_[static_cast<size_t>(run)].series;
  const auto found = all.find(key);
  if (found == all.end()) return;
  const FigureSpec& spec = request.spec;
  const bool smoothed = spec.smoothing > 0.0;
  if (raw && !smoothed) return;
  const int slot = slotOf(run, key, shown);
  QVector<double> x, y;
  curveOf(raw || !smoothed ? found->second.raw() : found->second.smooth(spec.smoothing), request,
          spec.logarithmic, x, y);
  QPen pen(raw ? request.theme.faint(slot, 0.3) : request.theme.color(slot),
           raw ? request.theme.thinWidth : request.theme.lineWidth * (smoothed ? 1.0 : 0.7));
  pen.setJoinStyle(Qt::RoundJoin);
  if (!raw && shown > 1 && run > 0) pen.setStyle(run % 2 ? Qt::DashLine : Qt::DotLine);
  // A curve that fills its columns of pixels looks the same without smooth edges, and is drawn many times
  // faster.
  const bool dense = request.theme.screen && x.size() > 2 * request.pixels;
  if (dense) pen.setWidthF(1.0);
  QString label;
  if (!raw) label = curveName(spec, run, key, shown);
  const bool hides = spec.logarithmic && found->second.raw().extremes(-HUGE_VAL, HUGE_VAL).min <= 0.0;
  if (!raw && hides) label += kHidden;
  QCPGraph* line = addLine(request, x, y, pen, label);
  if (dense) line->setAntialiased(false);
  // A single curve is named by its axis; the title has a place only for what the axis does not say.
  if (!raw && shown == 1 && data_.size() == 1 && !hides) line->removeFromLegend();
}

QString MetricsFigure::phaseLabel(const std::string& key) const {
  if (const auto told = phaseLabels_.find(key); told != phaseLabels_.end() && !told->second.empty())
    return QString::fromStdString(told->second);
  // Run folders do not hold the labels; the algorithms call their last phase by what comes before it.
  const auto has = [this](const char* phase) {
    const auto& phases = data_.front().phases;
    return std::any_of(phases.begin(), phases.end(), [&](const Phase& one) { return one.key == phase; });
  };
  if (key == "cloning" && !data_.empty()) {
    if (has("warmup") || has("bilevel")) return tr("Final cloning");
    return has("value") ? tr("Weighted cloning") : tr("Cloning");
  }
  static const std::map<std::string, QString> kUsual{
      {"value", tr("Value learning")}, {"warmup", tr("Warm-up")}, {"bilevel", tr("Bi-level")}};
  const auto usual = kUsual.find(key);
  return usual != kUsual.end() ? usual->second : keyWords(key);
}

void MetricsFigure::drawFaults(const DrawRequest& request) const {
  for (size_t run = 0; run < data_.size(); ++run) {
    // Alarms of one step share a line, or their names would be written over each other.
    std::map<double, QStringList> alarms;
    for (const Mark& mark : data_[run].alarms)
      if (inView(request.spec, mark.step)) alarms[mark.step] << keyWords(mark.key);
    for (const auto& [step, names] : alarms)
      addMark(request, step, tr("alarm: %1").arg(names.join(", ")), request.theme.alarm);
    for (const std::string& key : shownKeys(request.spec)) {
      const MetricSeries* one = series(static_cast<int>(run), key);
      if (!one) continue;
      // Thousands of separate faults would only paint the plot red: the first ones say it.
      size_t drawn = 0;
      for (const AxisLimits& fault : one->faults()) {
        if (!inView(request.spec, fault.low)) continue;
        if (++drawn > 20) break;
        QColor shade = request.theme.alarm;
        shade.setAlpha(40);
        if (fault.high > fault.low) addPhase(request, fault.low, fault.high, {}, shade);
        addMark(request, fault.low, tr("%1 is not a number").arg(metricName(key)), request.theme.alarm);
      }
    }
  }
}

DrawResult MetricsFigure::draw(const DrawRequest& request) const {
  const FigureSpec& spec = request.spec;
  const auto shown = shownKeys(spec);
  DrawResult result;
  result.logarithmic = spec.logarithmic;
  LimitsOf xs, ys;
  const double all = std::numeric_limits<double>::infinity();
  const AxisLimits view = request.x.value_or(AxisLimits{-all, all});
  for (size_t run = 0; run < data_.size(); ++run) {
    for (const std::string& key : shown) {
      const MetricSeries* one = series(static_cast<int>(run), key);
      if (!one || one->raw().empty()) continue;
      xs.include(one->raw().x().front());
      xs.include(one->raw().x().back());
      const PyramidBucket ends = one->raw().extremes(view.low, view.high);
      if (ends.count == 0) continue;
      if (!spec.logarithmic) ys.include(ends.min);
      if (!spec.logarithmic || ends.max > 0.0) ys.include(ends.max);
      if (!spec.logarithmic) continue;
      if (ends.min > 0.0) {
        ys.include(ends.min);
        continue;
      }
      double smallest = all;
      for (const double value : one->raw().y())
        if (value > 0.0) smallest = std::min(smallest, value);
      ys.include(smallest);
    }
  }
  result.x = xs.get();
  result.y = ys.get({1.0, 10.0});
  if (!data_.empty() && data_.front().phases.size() > 1) {
    const auto& phases = data_.front().phases;
    for (size_t i = 0; i < phases.size(); ++i)
      if (phases[i].low < result.x.high)
        addPhase(request, phases[i].low, std::min(phases[i].high, result.x.high), phaseLabel(phases[i].key),
                 i % 2 == 1 ? request.theme.phaseShade : QColor(Qt::transparent));
  }
  drawFaults(request);
  for (const bool raw : {true, false})
    for (size_t run = 0; run < data_.size(); ++run)
      for (const std::string& key : shown) drawCurve(request, static_cast<int>(run), key, shown.size(), raw);
  result.xLabel = tr("Gradient steps").toStdString();
  const bool losses = std::all_of(shown.begin(), shown.end(),
                                  [](const std::string& key) { return key.find("loss") != std::string::npos; });
  result.yLabel = shown.size() == 1 ? metricName(shown.front()).toStdString()
                                    : (losses ? tr("Loss") : tr("Value")).toStdString();
  result.title = runTitle(request);
  return result;
}

}  // namespace vaco::ui
