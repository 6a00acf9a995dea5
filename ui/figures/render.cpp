// SPDX-License-Identifier: GPL-3.0-or-later
// How a figure comes on a canvas: ranges, ticks, labels and title.
#include <algorithm>
#include <cmath>

#include "ui/figures/canvas.h"
#include "ui/figures/fit_labels.h"
#include "ui/figures/legend_place.h"
#include "ui/figures/number_text.h"

namespace vaco::ui {
namespace {

/// Grouped thousands and true minus signs; powers of ten keep their form. The same in every locale.
class NumberTicker : public QCPAxisTicker {
 protected:
  QString getTickLabel(double tick, const QLocale&, QChar format, int precision) override {
    const QString label = QCPAxisTicker::getTickLabel(tick, QLocale::c(), format, precision);
    if (label.contains('e')) return label.startsWith('-') ? withMinus("-") + label.mid(1) : label;
    const qsizetype point = label.indexOf('.');
    return fixedText(tick, point < 0 ? 0 : static_cast<int>(label.size() - point) - 1);
  }
};

/// 0, 250k, 1.5M: gradient steps without zeros to count.
class StepTicker : public NumberTicker {
 protected:
  QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override {
    const double size = std::abs(tick);
    if (size >= 1e6) return withMinus(QString::number(tick / 1e6, 'g', 6)) + "M";
    if (size >= 1e3) return withMinus(QString::number(tick / 1e3, 'g', 6)) + "k";
    if (size < 1e-9) return "0";
    return NumberTicker::getTickLabel(tick, locale, format, precision);
  }
};

/// Names at their places, as many as the height holds; what is too long loses its middle.
QSharedPointer<QCPAxisTicker> namedTicks(const std::vector<std::pair<double, QString>>& names,
                                         const QFont& font, const QSize& room) {
  auto ticker = QSharedPointer<QCPAxisTickerText>::create();
  const QFontMetrics metrics(font);
  const size_t fitting = static_cast<size_t>(std::max(1, room.height() / metrics.height()));
  const size_t stride = (names.size() + fitting - 1) / fitting;
  for (size_t i = 0; i < names.size(); i += std::max<size_t>(1, stride))
    ticker->addTick(names[i].first, metrics.elidedText(names[i].second, Qt::ElideMiddle, room.width()));
  return ticker;
}

void setTicks(QCPAxis* axis, bool logarithmic, bool steps) {
  axis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  if (logarithmic)
    axis->setTicker(QSharedPointer<QCPAxisTickerLog>::create());
  else if (steps)
    axis->setTicker(QSharedPointer<StepTicker>::create());
  else
    axis->setTicker(QSharedPointer<NumberTicker>::create());
  axis->ticker()->setTickCount(steps ? 5 : 6);
  axis->setNumberFormat(logarithmic ? "eb" : "gb");
  axis->setNumberPrecision(logarithmic ? 0 : 6);
}

AxisLimits withMargin(AxisLimits limits, double share, bool logarithmic) {
  if (logarithmic) {
    const double low = std::log10(std::max(limits.low, 1e-300)),
                 high = std::log10(std::max(limits.high, 1e-300));
    const double margin = high > low ? share * (high - low) : 0.5;
    return {std::pow(10.0, low - margin), std::pow(10.0, high + margin)};
  }
  double margin = share * (limits.high - limits.low);
  if (!(margin > 0.0)) margin = std::max(std::abs(limits.low) * 0.05, limits.low == 0.0 ? 1.0 : 1e-12);
  return {limits.low - margin, limits.high + margin};
}

/// Names on the y axis take no more than this share of the width.
constexpr double kNamesShare = 0.4;
/// Pixels that the label of the y axis may be longer than the axis: above and below it stands nothing else.
constexpr int kBeyondAxis = 20;
/// Axes of fewer lines of text than this are low.
constexpr int kLowLines = 8;

/// Parts side by side while they fit, else on lines of their own.
QString wrapped(const QStringList& parts, const QFont& font, int pixels) {
  const QFontMetrics metrics(font);
  QString out, line;
  for (const QString& part : parts) {
    const QString longer = line.isEmpty() ? part : line + ",  " + part;
    if (!line.isEmpty() && metrics.horizontalAdvance(longer) > pixels) {
      out += line + "\n";
      line = part;
    } else {
      line = longer;
    }
  }
  return out + line;
}

/// A low plot keeps so much of its title as leaves the axes their height, and one line of it at least; what is
/// on the others is said below the plot, or by its numbers.
QString lowTitle(const QCustomPlot& plot, const QString& title, const QFont& font, int pixels) {
  const QFontMetrics metrics(font);
  QStringList lines = title.split('\n');
  while (lines.size() > 1 &&
         innerHeight(plot, static_cast<int>(lines.size())) < kLowLines * metrics.lineSpacing())
    lines.removeLast();
  for (QString& line : lines) line = metrics.elidedText(line, Qt::ElideRight, pixels);
  return lines.join('\n');
}

/// A single curve has no legend: the title says what it is.
QStringList titleParts(const QCustomPlot& plot, const DrawResult& result) {
  if (plot.legend->itemCount() != 1) return result.title;
  auto* entry = qobject_cast<QCPPlottableLegendItem*>(plot.legend->item(0));
  return entry ? QStringList{entry->plottable()->name()} + result.title : result.title;
}

void setTitle(QCustomPlot& plot, const QString& text, const PlotTheme& theme) {
  QCPLayoutGrid* layout = plot.plotLayout();
  auto* title = qobject_cast<QCPTextElement*>(layout->element(0, 0));
  if (text.isEmpty()) {
    if (title) {
      layout->remove(title);
      layout->simplify();
    }
    return;
  }
  if (!title) {
    layout->insertRow(0);
    title = new QCPTextElement(&plot);
    title->setMargins(QMargins(2, 4, 2, 2));
    layout->addElement(0, 0, title);
    layout->setRowSpacing(0);
  }
  title->setText(text);
  title->setFont(theme.font);
  title->setTextColor(theme.text);
}

std::string labelOr(const FigureSpec& spec, const char* key, const std::string& otherwise) {
  const auto found = spec.labels.find(key);
  return found == spec.labels.end() ? otherwise : found->second;
}

}  // namespace

void renderFigure(QCustomPlot& plot, const Figure& figure, const FigureSpec& spec, const PlotTheme& dress,
                  const std::optional<AxisLimits>& viewX, const std::optional<AxisLimits>& viewY) {
  const PlotTheme theme = withFont(dress, spec.font);
  plot.setLocale(QLocale::c());  // figures are the same whoever draws them
  plot.clearPlottables();
  for (int i = plot.itemCount() - 1; i >= 0; --i)
    if (plot.item(i)->layer()->name() != kCursorLayer) plot.removeItem(plot.item(i));
  plot.setPlottingHint(QCP::phFastPolylines, false);
  plot.setAntialiasedElement(QCP::aeAxes, !theme.screen);
  plot.setAntialiasedElement(QCP::aeGrid, !theme.screen);
  applyTheme(plot, theme);

  const std::optional<AxisLimits> chosenX = viewX ? viewX : spec.x, chosenY = viewY ? viewY : spec.y;
  releaseLegend(plot);
  const DrawRequest request{plot, spec, theme, chosenX, std::max(100, plot.viewport().width())};
  const DrawResult result = figure.draw(request);

  setTicks(plot.xAxis, false, result.stepsOnX);
  setTicks(plot.yAxis, result.logarithmic, false);
  if (!result.yTicks.empty())
    plot.yAxis->setTicker(
        namedTicks(result.yTicks, theme.font,
                   QSize(static_cast<int>(kNamesShare * request.pixels), innerHeight(plot, 1))));
  const AxisLimits x = chosenX.value_or(withMargin(result.x, 0.03, false));
  AxisLimits y = chosenY.value_or(result.fixedY ? result.y : withMargin(result.y, 0.05, result.logarithmic));
  plot.xAxis->setRange(x.low, x.high);
  plot.yAxis->setRange(y.low, y.high);
  const std::string given = labelOr(spec, "title", "");
  QString title = given.empty() ? wrapped(titleParts(plot, result), theme.font, request.pixels - 12)
                                : QString::fromStdString(given);
  if (given.empty() || theme.screen) title = lowTitle(plot, title, theme.font, request.pixels - 12);
  setTitle(plot, title, theme);
  const int titleLines = title.isEmpty() ? 0 : static_cast<int>(title.count('\n')) + 1;
  plot.xAxis->setLabel(
      fittedAxisLabel(QString::fromStdString(labelOr(spec, "x", result.xLabel)), theme.font, innerWidth(plot)));
  const int laidOut = plot.axisRect()->height() > 10 ? plot.axisRect()->height() : 0;
  const int along = std::max(laidOut, innerHeight(plot, titleLines)) + kBeyondAxis;
  plot.yAxis->setLabel(
      fittedAxisLabel(QString::fromStdString(labelOr(spec, "y", result.yLabel)), theme.font, along));
  fitMarkNames(plot);
  fitStretchNames(plot);
  fitTextsAbove(plot);
  fitReferenceNames(plot, !chosenY && !result.fixedY, theme.screen);
  placeLegend(plot, theme.screen);
  // Numbers of a low or narrow plot would stand on each other.
  const auto* rect = plot.axisRect();
  const int height = rect->height() > 10 ? rect->height() : innerHeight(plot, titleLines);
  const int width = rect->width() > 10 ? rect->width() : innerWidth(plot);
  const int number = QFontMetrics(theme.font).horizontalAdvance("3.25k");
  plot.xAxis->ticker()->setTickCount(std::clamp(2 * width / (3 * number), 2, result.stepsOnX ? 5 : 6));
  if (!result.logarithmic && result.yTicks.empty())
    plot.yAxis->ticker()->setTickCount(std::clamp(height / (2 * QFontMetrics(theme.font).height()), 2, 6));
}

}  // namespace vaco::ui
