// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/return_figure.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "core/base/reference_scores.h"
#include "ui/plots/canvas.h"

namespace vaco::ui {

bool ReturnFigure::consume(int run, const Event& event) {
  const auto* done = std::get_if<EvaluationDone>(&event);
  if (!done) return false;
  points_.resize(runs().size());
  auto& points = points_[static_cast<size_t>(run)];
  const EvaluationResult& result = done->result;
  // A resumed run goes on from its checkpoint: what came after it is no longer true.
  while (!points.empty() && points.back().step >= result.step) points.pop_back();
  const double none = std::numeric_limits<double>::quiet_NaN();
  points.push_back({result.step, static_cast<int64_t>(result.returns.size()), result.mean_return,
                    result.std_return, result.has_reference ? result.normalized_mean : none,
                    result.has_reference ? result.normalized_std : none});
  return true;
}

bool ReturnFigure::empty() const {
  return std::all_of(points_.begin(), points_.end(), [](const auto& points) { return points.empty(); });
}

QString ReturnFigure::emptyText() const {
  return "Evaluation returns appear here after the first evaluation";
}

bool ReturnFigure::hasReference() const {
  for (const auto& points : points_)
    for (const Point& point : points)
      if (!std::isnan(point.normalizedMean)) return true;
  return false;
}

size_t ReturnFigure::best(size_t run, bool normalized) const {
  const auto& points = points_[run];
  size_t best = points.size();
  for (size_t i = 0; i < points.size(); ++i) {
    const double value = points[i].value(normalized);
    if (std::isnan(value)) continue;
    if (best == points.size() || value > points[best].value(normalized)) best = i;
  }
  return best;
}

DrawResult ReturnFigure::draw(const DrawRequest& request) const {
  const FigureSpec& spec = request.spec;
  const bool normalized = spec.normalized;
  LimitsOf xs, ys;
  const std::string environment = runs().empty() ? std::string() : runs().front().environment;
  const auto reference = reference_scores(environment);
  if (normalized || reference) {
    const double random = normalized ? 0.0 : reference->random, expert = normalized ? 100.0 : reference->expert;
    addReference(request, random, "random policy", request.theme.reference, false);
    addReference(request, expert, "expert policy", request.theme.reference, true);
    ys.include(random);
    ys.include(expert + 0.05 * (expert - random));  // room for the name on the line
  }
  // Bands first, so that no band lies over another run's line.
  for (const bool bands : {true, false}) {
    for (size_t run = 0; run < points_.size(); ++run) {
      const int slot = slots_.slot("run " + std::to_string(run));
      QVector<double> x, mean, low, high;
      for (const Point& point : points_[run]) {
        if (!inView(spec, static_cast<double>(point.step))) continue;
        x << static_cast<double>(point.step);
        mean << point.value(normalized);
        low << point.value(normalized) - point.spread(normalized);
        high << point.value(normalized) + point.spread(normalized);
        xs.include(x.back());
        ys.include(mean.back());
        if (spec.band) {
          ys.include(low.back());
          ys.include(high.back());
        }
      }
      if (x.isEmpty()) continue;
      if (bands) {
        if (spec.band) addBand(request, x, low, high, request.theme.faint(slot, 0.18));
        continue;
      }
      QString label = labelOf(spec, runs()[run].name);
      const size_t top = best(run, normalized);
      const bool ringed =
          top < points_[run].size() && inView(spec, static_cast<double>(points_[run][top].step));
      if (ringed) label += QString(" (best %1)").arg(valueText(points_[run][top].value(normalized)));
      QCPGraph* line = addLine(request, x, mean, request.theme.linePen(slot), label);
      line->setScatterStyle(QCPScatterStyle(x.size() < 60 ? QCPScatterStyle::ssSquare : QCPScatterStyle::ssNone,
                                            QPen(request.theme.color(slot), 1.0), request.theme.color(slot),
                                            3.5));
      if (ringed)
        addPoints(request, {static_cast<double>(points_[run][top].step)}, {points_[run][top].value(normalized)},
                  QCPScatterStyle::ssCircle, request.theme.color(slot), request.theme.markerSize + 6.0);
    }
  }
  DrawResult result;
  result.xLabel = "Gradient steps";
  result.yLabel = normalized ? "Normalized score" : "Evaluation return";
  result.x = xs.get();
  result.y = ys.get();
  return result;
}

FigureTable ReturnFigure::table(const FigureSpec& spec) const {
  FigureTable table;
  const std::string what = spec.normalized ? "normalized_score" : "return";
  table.columns = {"run", "step", "episodes", what + "_mean", what + "_std", "best"};
  for (size_t run = 0; run < points_.size(); ++run) {
    const size_t top = best(run, spec.normalized);
    for (size_t i = 0; i < points_[run].size(); ++i) {
      const Point& point = points_[run][i];
      if (!inView(spec, static_cast<double>(point.step))) continue;
      table.rows.push_back({labelOf(spec, runs()[run].name).toStdString(), point.step, point.episodes,
                            point.value(spec.normalized), point.spread(spec.normalized), int64_t{i == top}});
    }
  }
  return table;
}

QString ReturnFigure::summary(const FigureSpec& spec) const {
  QStringList parts;
  for (size_t run = 0; run < points_.size(); ++run) {
    if (points_[run].empty()) continue;
    const Point& last = points_[run].back();
    QString text = QString("%1: %2 ± %3 at step %4")
                       .arg(labelOf(spec, runs()[run].name), valueText(last.value(spec.normalized)),
                            valueText(last.spread(spec.normalized)), stepText(static_cast<double>(last.step)));
    if (const size_t top = best(run, spec.normalized); top < points_[run].size())
      text += QString(", best %1 at step %2")
                  .arg(valueText(points_[run][top].value(spec.normalized)),
                       stepText(static_cast<double>(points_[run][top].step)));
    parts << text;
  }
  return parts.join("; ");
}

QString ReturnFigure::readOut(const FigureSpec& spec, double x, double) const {
  QStringList parts;
  for (size_t run = 0; run < points_.size(); ++run) {
    if (points_[run].empty()) continue;
    const auto nearest =
        std::min_element(points_[run].begin(), points_[run].end(), [x](const Point& a, const Point& b) {
          return std::abs(static_cast<double>(a.step) - x) < std::abs(static_cast<double>(b.step) - x);
        });
    parts << QString("%1 at %2: %3 ± %4 (%5 episodes)")
                 .arg(labelOf(spec, runs()[run].name), stepText(static_cast<double>(nearest->step)),
                      valueText(nearest->value(spec.normalized)), valueText(nearest->spread(spec.normalized)))
                 .arg(nearest->episodes);
  }
  return parts.join("   ");
}

}  // namespace vaco::ui
