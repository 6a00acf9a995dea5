// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/return_figure.h"

#include <algorithm>
#include <cmath>

#include "core/stats/statistics.h"
#include "core/tasks/reference_scores.h"
#include "ui/figures/canvas.h"

namespace vaco::ui {
namespace {

constexpr qsizetype kMarkedPoints = 60;  ///< longer curves are lines only
constexpr double kFaintRun = 0.4, kFaintBand = 0.18;

QString countText(const std::vector<size_t>& counts) {
  if (counts.empty()) return {};
  const auto [least, most] = std::minmax_element(counts.begin(), counts.end());
  // Runs that have not come as far, or ended earlier: a mean of fewer must not pass for one of all.
  if (*least == *most) return QString("n = %1").arg(*least);
  return QString("n = %1 to %2").arg(*least).arg(*most);
}

std::string placeColumn(Along along) {
  return along == Along::gradientSteps ? "step" : along == Along::policySteps ? "policy_step" : "minutes";
}

FigureCell placeCell(Along along, double x) {
  if (along == Along::minutes) return x;
  return static_cast<int64_t>(std::llround(x));
}

/// "step 1,000", "3.25 min".
QString placeText(Along along, double x) {
  if (along == Along::minutes) return ReturnFigure::tr("%1 min").arg(fixedText(x, 2));
  return along == Along::policySteps ? ReturnFigure::tr("policy step %1").arg(stepText(x))
                                     : ReturnFigure::tr("step %1").arg(stepText(x));
}

}  // namespace

QString alongLabel(Along along) {
  switch (along) {
    case Along::gradientSteps:
      return ReturnFigure::tr("Gradient steps");
    case Along::policySteps:
      return ReturnFigure::tr("Gradient steps of the policy");
    case Along::minutes:
      return ReturnFigure::tr("Training time (min)");
  }
  return {};
}

QString ReturnFigure::emptyText() const {
  return tr("Evaluation returns appear here after the first evaluation");
}

std::vector<ReturnFigure::Curve> ReturnFigure::runCurves(const FigureSpec& spec) const {
  std::vector<Curve> curves;
  for (size_t run = 0; run < runs().size(); ++run) {
    Curve curve;
    curve.name = labelOf(spec, runs()[run].name);
    curve.runs = {run};
    if (const auto* found = record(run))
      for (const EvaluationPoint& point : found->points()) {
        const double x = found->place(point.step, spec.along);
        if (std::isnan(x) || !inView(spec, x)) continue;
        curve.x << x;
        curve.mean << point.value(spec.normalized);
        curve.low << point.value(spec.normalized) - point.spread(spec.normalized);
        curve.high << point.value(spec.normalized) + point.spread(spec.normalized);
        curve.counts.push_back(static_cast<size_t>(point.episodes));
      }
    curves.push_back(std::move(curve));
  }
  for (const RunGroup& group : groups())
    for (size_t i = 0; i < group.runs.size(); ++i) {
      curves[group.runs[i]].slot = group.slot;
      curves[group.runs[i]].dashes = group.slot + static_cast<int>(i);
    }
  return curves;
}

std::vector<ReturnFigure::Curve> ReturnFigure::groupCurves(const FigureSpec& spec) const {
  std::vector<Curve> curves;
  for (const RunGroup& group : groups()) {
    // By step; in time, runs that are as far are at the mean of their times.
    std::map<int64_t, std::pair<std::vector<double>, std::vector<double>>> values;
    for (const size_t run : group.runs)
      if (const auto* found = record(run))
        for (const EvaluationPoint& point : found->points())
          if (const double x = found->place(point.step, spec.along);
              !std::isnan(x) && inView(spec, x) && !std::isnan(point.value(spec.normalized))) {
            values[point.step].first.push_back(x);
            values[point.step].second.push_back(point.value(spec.normalized));
          }
    Curve curve;
    curve.name = labelOf(spec, group.name);
    curve.runs = group.runs;
    curve.slot = curve.dashes = group.slot;
    for (const auto& [step, all] : values) {
      const Band band = bandOf(all.second, spec.spread);
      curve.x << mean(all.first);
      curve.mean << band.mean;
      curve.low << band.low;
      curve.high << band.high;
      curve.counts.push_back(band.count);
    }
    curves.push_back(std::move(curve));
  }
  return curves;
}

void ReturnFigure::drawRun(const DrawRequest& request, const Curve& curve) const {
  const bool normalized = request.spec.normalized;
  const size_t run = curve.runs.front();
  const auto& points = record(run)->points();
  const size_t top = record(run)->best(normalized);
  const double best_at =
      top < points.size() ? record(run)->place(points[top].step, request.spec.along) : std::nan("");
  const bool ringed = !std::isnan(best_at) && inView(request.spec, best_at);
  QString label = curve.name;
  if (ringed) label += tr(" (best %1)").arg(scoreText(points[top].value(normalized), normalized));
  QCPGraph* line =
      addLine(request, curve.x, curve.mean, request.theme.linePen(curve.slot, curve.dashes), label);
  line->setScatterStyle(
      QCPScatterStyle(curve.x.size() < kMarkedPoints ? QCPScatterStyle::ssSquare : QCPScatterStyle::ssNone,
                      QPen(request.theme.color(curve.slot), 1.0), request.theme.color(curve.slot), 3.5));
  if (ringed)
    addPoints(request, {best_at}, {points[top].value(normalized)}, QCPScatterStyle::ssCircle,
              request.theme.color(curve.slot), request.theme.markerSize + 6.0);
}

void ReturnFigure::drawGroup(const DrawRequest& request, const Curve& curve) const {
  if (curve.runs.size() > 1)
    for (const size_t run : curve.runs) {
      QVector<double> x, y;
      if (const auto* found = record(run))
        for (const EvaluationPoint& point : found->points())
          if (const double at = found->place(point.step, request.spec.along);
              !std::isnan(at) && inView(request.spec, at)) {
            x << at;
            y << point.value(request.spec.normalized);
          }
      addLine(request, x, y, QPen(request.theme.faint(curve.slot, kFaintRun), request.theme.thinWidth));
    }
  QCPGraph* line = addLine(request, curve.x, curve.mean, request.theme.linePen(curve.slot, curve.dashes),
                           QString("%1 (%2)").arg(curve.name, countText(curve.counts)));
  line->setScatterStyle(
      QCPScatterStyle(curve.x.size() < kMarkedPoints ? QCPScatterStyle::ssSquare : QCPScatterStyle::ssNone,
                      QPen(request.theme.color(curve.slot), 1.0), request.theme.color(curve.slot), 3.5));
}

DrawResult ReturnFigure::draw(const DrawRequest& request) const {
  const FigureSpec& spec = request.spec;
  LimitsOf xs, ys;
  const std::string environment = runs().empty() ? std::string() : runs().front().environment;
  const auto reference = reference_scores(environment);
  if (spec.normalized || reference) {
    const double random = spec.normalized ? 0.0 : reference->random,
                 expert = spec.normalized ? 100.0 : reference->expert;
    addReference(request, random, tr("random policy"), request.theme.reference, false);
    addReference(request, expert, tr("expert policy"), request.theme.reference, true);
    ys.include(random);
    ys.include(expert + 0.05 * (expert - random));  // room for the name on the line
  }
  const auto curves = spec.grouped ? groupCurves(spec) : runCurves(spec);
  for (const Curve& curve : curves) {
    for (qsizetype k = 0; k < curve.x.size(); ++k) {
      xs.include(curve.x[k]);
      ys.include(curve.mean[k]);
      if (!spec.band) continue;
      ys.include(curve.low[k]);
      ys.include(curve.high[k]);
    }
    // Bands first, so that no band lies over another run's line.
    if (spec.band && !curve.x.isEmpty())
      addBand(request, curve.x, curve.low, curve.high, request.theme.faint(curve.slot, kFaintBand));
  }
  for (const Curve& curve : curves) {
    if (curve.x.isEmpty()) continue;
    if (spec.grouped)
      drawGroup(request, curve);
    else
      drawRun(request, curve);
  }
  DrawResult result;
  result.xLabel = alongLabel(spec.along).toStdString();
  result.stepsOnX = spec.along != Along::minutes;
  result.yLabel = (spec.normalized ? tr("Normalized score") : name()).toStdString();
  result.title = legendWords(spec, curves);
  result.x = xs.get();
  result.y = ys.get();
  return result;
}

Band ReturnFigure::Curve::band(qsizetype at) const {
  return {mean[at], low[at], high[at], counts[static_cast<size_t>(at)]};
}

QStringList ReturnFigure::legendWords(const FigureSpec& spec, const std::vector<Curve>& curves) {
  const auto banded = [&](const Curve& curve) {
    return !curve.x.isEmpty() && (!spec.grouped || curve.runs.size() > 1);
  };
  QStringList words;
  if (spec.band && std::any_of(curves.begin(), curves.end(), banded))
    words << QString("%1: %2").arg(
        curves.size() > 1 ? tr("Band") : tr("band"),
        spec.grouped ? tr("%1 over the runs").arg(spreadLabel(spec.spread)) : tr("± std over the episodes"));
  if (!spec.grouped) words << (words.isEmpty() && curves.size() > 1 ? tr("Ring: best") : tr("ring: best"));
  return words;
}

QString ReturnFigure::pointText(const FigureSpec& spec, const Curve& curve, qsizetype at) {
  const Band band = curve.band(at);
  if (spec.grouped) return bandText(band, spec.spread, spec.normalized, spec.band);
  return tr("%1 ± %2 (std, %3 episodes)")
      .arg(scoreText(band.mean, spec.normalized),
           fixedText(band.high - band.mean, scoreDigits(band.mean, spec.normalized)))
      .arg(band.count);
}

FigureTable ReturnFigure::groupTable(const FigureSpec& spec) const {
  FigureTable table;
  const std::string what = spec.normalized ? "normalized_score" : "return";
  table.columns = {"group", "run", placeColumn(spec.along), "runs", what + "_mean", "low", "high", "band"};
  for (const Curve& curve : groupCurves(spec)) {
    const std::string group = curve.name.toStdString();
    for (qsizetype i = 0; i < curve.x.size(); ++i)
      table.rows.push_back({group, "mean", placeCell(spec.along, curve.x[i]),
                            static_cast<int64_t>(curve.counts[static_cast<size_t>(i)]), curve.mean[i],
                            curve.low[i], curve.high[i], toText(spec.spread)});
    for (const size_t run : curve.runs)
      if (const auto* found = record(run))
        for (const EvaluationPoint& point : found->points())
          if (const double x = found->place(point.step, spec.along); !std::isnan(x) && inView(spec, x))
            table.rows.push_back({group, labelOf(spec, runs()[run].name).toStdString(),
                                  placeCell(spec.along, x), int64_t{1}, point.value(spec.normalized), "", "",
                                  ""});
  }
  return table;
}

FigureTable ReturnFigure::table(const FigureSpec& spec) const {
  if (spec.grouped) return groupTable(spec);
  FigureTable table;
  const std::string what = spec.normalized ? "normalized_score" : "return";
  table.columns = {"run", placeColumn(spec.along), "episodes", what + "_mean", what + "_std", "best"};
  for (size_t run = 0; run < runs().size(); ++run) {
    const auto* found = record(run);
    if (!found) continue;
    const size_t top = found->best(spec.normalized);
    for (size_t i = 0; i < found->points().size(); ++i) {
      const EvaluationPoint& point = found->points()[i];
      const double x = found->place(point.step, spec.along);
      if (std::isnan(x) || !inView(spec, x)) continue;
      table.rows.push_back({labelOf(spec, runs()[run].name).toStdString(), placeCell(spec.along, x),
                            point.episodes, point.value(spec.normalized), point.spread(spec.normalized),
                            int64_t{i == top}});
    }
  }
  return table;
}

QString ReturnFigure::summary(const FigureSpec& spec) const {
  QStringList parts;
  if (spec.grouped) {
    for (const Curve& curve : groupCurves(spec))
      if (!curve.x.isEmpty())
        parts << tr("%1: %2 at %3")
                     .arg(curve.name, pointText(spec, curve, curve.x.size() - 1),
                          placeText(spec.along, curve.x.back()));
    return parts.join("; ");
  }
  for (size_t run = 0; run < runs().size(); ++run) {
    const auto* found = record(run);
    if (!found) continue;
    const EvaluationPoint& last = found->points().back();
    QString text =
        tr("%1: %2 ± %3 (std, %4 episodes) at step %5")
            .arg(labelOf(spec, runs()[run].name), scoreText(last.value(spec.normalized), spec.normalized),
                 fixedText(last.spread(spec.normalized),
                           scoreDigits(last.value(spec.normalized), spec.normalized)))
            .arg(last.episodes)
            .arg(stepText(static_cast<double>(last.step)));
    if (const size_t top = found->best(spec.normalized); top < found->points().size())
      text += tr(", best %1 at step %2")
                  .arg(scoreText(found->points()[top].value(spec.normalized), spec.normalized),
                       stepText(static_cast<double>(found->points()[top].step)));
    parts << text;
  }
  return parts.join("; ");
}

QString ReturnFigure::readOut(const FigureSpec& spec, double x, double) const {
  QStringList parts;
  for (const Curve& curve : spec.grouped ? groupCurves(spec) : runCurves(spec)) {
    if (curve.x.isEmpty()) continue;
    const auto nearest = std::min_element(
        curve.x.begin(), curve.x.end(), [x](double a, double b) { return std::abs(a - x) < std::abs(b - x); });
    const auto at = nearest - curve.x.begin();
    parts
        << QString("%1 at %2: %3").arg(curve.name, placeText(spec.along, *nearest), pointText(spec, curve, at));
  }
  return parts.join("   ");
}

}  // namespace vaco::ui
