// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/score_figure.h"

#include <algorithm>
#include <cmath>

#include "core/tasks/reference_scores.h"
#include "ui/figures/canvas.h"
#include "ui/figures/fit_labels.h"
#include "ui/figures/number_text.h"

namespace vaco::ui {
namespace {

// Places within the row of a run, from its middle: the last score stands above the best one.
constexpr double kLastAt = 0.2, kBestAt = -0.2, kScoreBarWidth = 0.34;
constexpr double kBestOpacity = 0.35, kWhisker = 0.1;
constexpr double kTextRoom = 0.3;  ///< of the scores' range, right of the longest bar

struct Bar {
  double at, width;
  QColor fill, edge;
};

void addBar(const DrawRequest& request, double length, const Bar& bar) {
  auto* area = new QCPItemRect(&request.plot);
  area->setLayer("main");
  area->setPen(QPen(bar.edge, request.theme.thinWidth));
  area->setBrush(bar.fill);
  area->topLeft->setCoords(std::min(0.0, length), bar.at + bar.width / 2.0);
  area->bottomRight->setCoords(std::max(0.0, length), bar.at - bar.width / 2.0);
}

void addLabel(const DrawRequest& request, const QString& words, double x, double y) {
  auto* text = new QCPItemText(&request.plot);
  text->setText(words);
  text->setFont(request.theme.font);
  text->setColor(request.theme.text);
  text->setPadding(QMargins(9, 0, 2, 0));
  text->setBrush(request.theme.background);  // the expert's line may cross it
  text->setPositionAlignment(Qt::AlignLeft | Qt::AlignVCenter);
  text->position->setCoords(x, y);
}

}  // namespace

QString ScoreFigure::emptyText() const {
  return tr("The last and the best score of every run appear here after its first evaluation");
}

std::vector<FigureVariant> ScoreFigure::variants(const FigureSpec& spec) const {
  if (runs().size() < 2) return {};
  return EvaluationFigure::variants(spec);
}

std::vector<ScoreFigure::Row> ScoreFigure::rows(const FigureSpec& spec) const {
  std::vector<Row> rows;
  const auto add = [&](const std::string& name, int slot, const std::vector<size_t>& members) {
    Row row;
    row.name = labelOf(spec, name);
    row.slot = slot;
    for (const size_t run : members) {
      const auto* evaluated = record(run);
      if (!evaluated) continue;
      const auto& points = evaluated->points();
      const size_t best = evaluated->best(spec.normalized);
      if (best == points.size()) continue;
      row.runs.push_back(run);
      row.last.push_back(points.back().value(spec.normalized));
      row.best.push_back(points[best].value(spec.normalized));
    }
    row.last_band = bandOf(row.last, spec.spread);
    row.best_band = bandOf(row.best, spec.spread);
    rows.push_back(std::move(row));
  };
  const auto all = groups();
  if (spec.grouped) {
    for (const RunGroup& group : all) add(group.name, group.slot, group.runs);
    return rows;
  }
  std::vector<int> slot_of(runs().size());
  for (const RunGroup& group : all)
    for (const size_t run : group.runs) slot_of[run] = group.slot;
  for (size_t run = 0; run < runs().size(); ++run) add(runs()[run].name, slot_of[run], {run});
  return rows;
}

void ScoreFigure::drawBar(const DrawRequest& request, const Row& row, double middle, bool last, bool named,
                          LimitsOf& xs) const {
  const FigureSpec& spec = request.spec;
  const double at = middle + (last ? kLastAt : kBestAt);
  const Band& band = last ? row.last_band : row.best_band;
  const std::vector<double>& values = last ? row.last : row.best;
  const QColor color = request.theme.color(row.slot);
  const bool whisker = band.count > 1 && spec.band;
  double end = std::max(0.0, band.mean);
  for (const double value : values) end = std::max(end, value);
  if (whisker) end = std::max(end, band.high);
  for (const double value : values) xs.include(value);
  xs.include(end);
  // Under bar and points, which its background would cut.
  if (named) addLabel(request, bandText(band, spec.spread, spec.normalized, spec.band), end, at);
  addBar(request, band.mean,
         {at, kScoreBarWidth, last ? color : request.theme.faint(row.slot, kBestOpacity), color});
  if (band.count < 2) return;
  const QVector<double> x(values.begin(), values.end()), y(static_cast<qsizetype>(values.size()), at);
  addPoints(request, x, y, QCPScatterStyle::ssCircle, request.theme.text, request.theme.markerSize);
  if (!whisker) return;
  addWhisker(request, band.low, band.high, at, kWhisker);
  xs.include(band.low);
}

DrawResult ScoreFigure::draw(const DrawRequest& request) const {
  const FigureSpec& spec = request.spec;
  DrawResult result;
  LimitsOf xs;
  xs.include(0.0);
  const auto all = rows(spec);
  const auto reference = reference_scores(runs().empty() ? std::string() : runs().front().environment);
  if (spec.normalized || reference) {
    const double expert = spec.normalized ? 100.0 : reference->expert;
    addMarkAbove(request, expert, tr("expert policy"), request.theme.reference);
    xs.include(expert);
  }
  // Thin bars would have their values written over each other.
  const double rowHeight = innerHeight(request.plot, 1) / std::max(1.0, static_cast<double>(all.size()));
  const bool named = (kLastAt - kBestAt) * rowHeight >= QFontMetrics(request.theme.font).height();
  for (size_t i = 0; i < all.size(); ++i) {
    const Row& row = all[i];
    const double middle = static_cast<double>(all.size() - 1 - i);  // the first one on top
    result.yTicks.emplace_back(middle, row.name);
    if (row.runs.empty()) continue;
    for (const bool last : {true, false}) drawBar(request, row, middle, last, named, xs);
  }
  result.xLabel = (spec.normalized ? tr("Normalized score") : tr("Evaluation return")).toStdString();
  result.title = {tr("Full bar: last evaluation"), tr("pale bar: best evaluation")};
  if (spec.grouped && spec.band) result.title << tr("whisker: %1 of the runs").arg(spreadLabel(spec.spread));
  result.x = xs.get();
  if (named) result.x.high += kTextRoom * (result.x.high - result.x.low);
  result.y = {-0.55, static_cast<double>(all.size()) - 0.45};
  result.fixedY = true;
  result.stepsOnX = false;
  return result;
}

FigureTable ScoreFigure::table(const FigureSpec& spec) const {
  FigureTable table;
  const std::string what = spec.normalized ? "normalized_score" : "return";
  table.columns = {spec.grouped ? "group" : "run",
                   "run",
                   "runs",
                   "last_" + what,
                   "last_low",
                   "last_high",
                   "best_" + what,
                   "best_low",
                   "best_high"};
  for (const Row& row : rows(spec)) {
    if (row.runs.empty()) continue;
    const std::string name = row.name.toStdString();
    table.rows.push_back({name, spec.grouped ? "mean" : name, static_cast<int64_t>(row.runs.size()),
                          row.last_band.mean, row.last_band.low, row.last_band.high, row.best_band.mean,
                          row.best_band.low, row.best_band.high});
    for (size_t i = 0; spec.grouped && i < row.runs.size(); ++i)
      table.rows.push_back({name, labelOf(spec, runs()[row.runs[i]].name).toStdString(), int64_t{1},
                            row.last[i], "", "", row.best[i], "", ""});
  }
  if (!spec.grouped) {
    // Without groups the second column only repeats the first, and there is no spread.
    const auto narrow = [](auto& cells) { cells = {cells[0], cells[3], cells[6]}; };
    narrow(table.columns);
    for (auto& row : table.rows) narrow(row);
  }
  return table;
}

QString ScoreFigure::summary(const FigureSpec& spec) const {
  QStringList parts;
  for (const Row& row : rows(spec))
    if (!row.runs.empty())
      parts << tr("%1: last %2, best %3")
                   .arg(row.name, bandText(row.last_band, spec.spread, spec.normalized, spec.band),
                        bandText(row.best_band, spec.spread, spec.normalized, spec.band));
  return parts.join("; ");
}

QString ScoreFigure::readOut(const FigureSpec& spec, double, double y) const {
  const auto all = rows(spec);
  const auto at = static_cast<double>(all.size()) - 1.0 - std::round(y);
  if (at < 0.0 || at >= static_cast<double>(all.size())) return summary(spec);
  const Row& row = all[static_cast<size_t>(at)];
  if (row.runs.empty()) return tr("%1: not evaluated yet").arg(row.name);
  return tr("%1: last %2, best %3")
      .arg(row.name, bandText(row.last_band, spec.spread, spec.normalized, spec.band),
           bandText(row.best_band, spec.spread, spec.normalized, spec.band));
}

}  // namespace vaco::ui
