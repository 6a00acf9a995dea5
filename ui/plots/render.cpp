// SPDX-License-Identifier: GPL-3.0-or-later
// How a figure comes on a canvas: ranges, ticks, labels, title and the place of the legend.
#include <algorithm>
#include <array>
#include <cmath>

#include "ui/plots/canvas.h"
#include "ui/plots/fit_labels.h"

namespace vaco::ui {
namespace {

/// 0, 250k, 1.5M: gradient steps without zeros to count.
class StepTicker : public QCPAxisTicker {
 protected:
  QString getTickLabel(double tick, const QLocale& locale, QChar format, int precision) override {
    const double size = std::abs(tick);
    if (size >= 1e6) return QString::number(tick / 1e6, 'g', 6) + "M";
    if (size >= 1e3) return QString::number(tick / 1e3, 'g', 6) + "k";
    if (size < 1e-9) return "0";
    return QCPAxisTicker::getTickLabel(tick, locale, format, precision);
  }
};

/// Names at their places; what is too long loses its middle.
QSharedPointer<QCPAxisTicker> namedTicks(const std::vector<std::pair<double, QString>>& names,
                                         const QFont& font, int pixels) {
  auto ticker = QSharedPointer<QCPAxisTickerText>::create();
  const QFontMetrics metrics(font);
  for (const auto& [at, name] : names) ticker->addTick(at, metrics.elidedText(name, Qt::ElideMiddle, pixels));
  return ticker;
}

void setTicks(QCPAxis* axis, bool logarithmic, bool steps) {
  axis->setScaleType(logarithmic ? QCPAxis::stLogarithmic : QCPAxis::stLinear);
  if (logarithmic)
    axis->setTicker(QSharedPointer<QCPAxisTickerLog>::create());
  else if (steps)
    axis->setTicker(QSharedPointer<StepTicker>::create());
  else
    axis->setTicker(QSharedPointer<QCPAxisTicker>::create());
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

/// Position of a value between the ends of an axis, 0 to 1.
double fraction(const QCPAxis* axis, double value) {
  const QCPRange range = axis->range();
  if (axis->scaleType() == QCPAxis::stLogarithmic)
    return std::log(value / range.lower) / std::log(range.upper / range.lower);
  return (value - range.lower) / range.size();
}

/// Names on the y axis take no more than this share of the width.
constexpr double kNamesShare = 0.4;

/// A legend that takes a greater share of the height is set smaller.
constexpr double kTallLegend = 0.35;

constexpr std::array kPlaces{Qt::AlignTop | Qt::AlignRight,     Qt::AlignTop | Qt::AlignLeft,
                             Qt::AlignBottom | Qt::AlignRight,  Qt::AlignBottom | Qt::AlignLeft,
                             Qt::AlignVCenter | Qt::AlignRight, Qt::AlignVCenter | Qt::AlignLeft};
using PlaceCounts = std::array<int, kPlaces.size()>;

/// How much of what is drawn a legend of this size (shares of the axis rect) would hide in each place.
PlaceCounts hiddenPoints(const QCustomPlot& plot, double width, double height) {
  PlaceCounts hidden{};
  const auto count = [&](double x, double y, int weight) {
    if (!(x >= 0.0 && x <= 1.0 && y >= 0.0 && y <= 1.0)) return;
    const bool right = x > 1.0 - width, left = x < width;
    const bool top = y > 1.0 - height, bottom = y < height, middle = std::abs(y - 0.5) < height / 2.0;
    const std::array in{top && right,   top && left,     bottom && right,
                        bottom && left, middle && right, middle && left};
    for (size_t i = 0; i < in.size(); ++i) hidden[i] += in[i] ? weight : 0;
  };
  for (int g = 0; g < plot.graphCount(); ++g) {
    const QCPGraph* graph = plot.graph(g);
    const auto& data = *graph->data();
    const int stride = std::max(1, data.size() / 2000);
    // Long straight pieces have no points of their own between their ends.
    const int parts = data.size() < 200 && graph->lineStyle() != QCPGraph::lsNone ? 8 : 1;
    double lastX = 0.0, lastY = 0.0;
    for (int i = 0; i < data.size(); i += stride) {
      const QCPGraphData& point = *(data.constBegin() + i);
      const double x = fraction(plot.xAxis, point.key), y = fraction(plot.yAxis, point.value);
      count(x, y, 4);
      for (int part = 1; i > 0 && part < parts; ++part)
        count(lastX + (x - lastX) * part / parts, lastY + (y - lastY) * part / parts, 1);
      lastX = x;
      lastY = y;
    }
  }
  // The names that stand upright on marks reach from the top to the middle.
  for (int i = 0; i < plot.itemCount(); ++i) {
    const auto* text = qobject_cast<const QCPItemText*>(plot.item(i));
    if (!text || text->rotation() == 0.0) continue;
    // They stand left of their marks.
    const double x = fraction(plot.xAxis, text->position->key());
    for (const double y : {0.35, 0.45, 0.55, 0.65, 0.75, 0.85, 0.95})
      for (const double left : {0.0, 0.03, 0.06}) count(x - left, y, 40);
  }
  return hidden;
}

void growUpwards(QCPAxis* axis, double factor) {
  const QCPRange range = axis->range();
  if (axis->scaleType() == QCPAxis::stLogarithmic)
    axis->setRange(range.lower, range.lower * std::pow(range.upper / range.lower, factor));
  else
    axis->setRange(range.lower, range.lower + range.size() * factor);
}

/// Whether anything is written along the top of the axis rect.
bool hasNames(const QCustomPlot& plot) {
  for (int i = 0; i < plot.itemCount(); ++i)
    if (const auto* text = qobject_cast<const QCPItemText*>(plot.item(i));
        text && text->layer()->name() != kCursorLayer)
      return true;
  return false;
}

void makeCompact(QCPLegend& legend) {
  QFont font = legend.font();
  if (font.pixelSize() > 0)
    font.setPixelSize(std::max(1, qRound(0.85 * font.pixelSize())));
  else
    font.setPointSizeF(0.85 * font.pointSizeF());
  legend.setFont(font);
  legend.setIconSize(18, QFontMetrics(font).height() - 2);
  legend.setRowSpacing(0);
  legend.setMargins(QMargins(4, 2, 4, 2));
}

void placeLegend(QCustomPlot& plot, bool mayGrow) {
  QCPLegend* legend = plot.legend;
  legend->setVisible(legend->itemCount() > 0);
  if (!legend->visible()) return;
  legend->setFillOrder(QCPLayoutGrid::foRowsFirst);
  legend->setWrap(legend->itemCount() > 6 ? (legend->itemCount() + 1) / 2 : 0);
  // Before the first layout the axis rect has no size yet: it will be about this much of the canvas.
  QSize inside = plot.axisRect()->size();
  if (inside.width() < 10 || inside.height() < 10) inside = plot.viewport().size() * 0.8;
  if (legend->minimumOuterSizeHint().height() > kTallLegend * inside.height()) makeCompact(*legend);
  // Room above for the names of lines and phases, where there are any.
  const int above = hasNames(plot) ? QFontMetrics(legend->font()).height() + 3 : 6;
  plot.axisRect()->insetLayout()->setMargins(QMargins(8, above, 8, 8));
  const QSize size = legend->minimumOuterSizeHint();
  const double width = (size.width() + 12.0) / std::max(1, inside.width());
  const double height = static_cast<double>(size.height() + above) / std::max(1, inside.height());
  PlaceCounts hidden = hiddenPoints(plot, width, height);
  auto best = std::min_element(hidden.begin(), hidden.end());
  // Make room above the data rather than hide some of them.
  for (int grown = 0; mayGrow && *best > 0 && height < 0.6 && grown < 6; ++grown) {
    growUpwards(plot.yAxis, std::pow(1.0 / (1.0 - height), 1.0 / 6.0));
    hidden = hiddenPoints(plot, width, height);
    best = std::min_element(hidden.begin(), hidden.end());
  }
  plot.axisRect()->insetLayout()->setInsetAlignment(0, kPlaces[static_cast<size_t>(best - hidden.begin())]);
}

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

void renderFigure(QCustomPlot& plot, const Figure& figure, const FigureSpec& spec, const PlotTheme& theme,
                  const std::optional<AxisLimits>& viewX, const std::optional<AxisLimits>& viewY) {
  plot.clearPlottables();
  for (int i = plot.itemCount() - 1; i >= 0; --i)
    if (plot.item(i)->layer()->name() != kCursorLayer) plot.removeItem(plot.item(i));
  plot.setPlottingHint(QCP::phFastPolylines, false);
  plot.setAntialiasedElement(QCP::aeAxes, !theme.screen);
  plot.setAntialiasedElement(QCP::aeGrid, !theme.screen);
  applyTheme(plot, theme);

  const std::optional<AxisLimits> chosenX = viewX ? viewX : spec.x, chosenY = viewY ? viewY : spec.y;
  const DrawRequest request{plot, spec, theme, chosenX, std::max(100, plot.viewport().width())};
  const DrawResult result = figure.draw(request);

  setTicks(plot.xAxis, false, result.stepsOnX);
  setTicks(plot.yAxis, result.logarithmic, false);
  if (!result.yTicks.empty())
    plot.yAxis->setTicker(
        namedTicks(result.yTicks, theme.font, static_cast<int>(kNamesShare * request.pixels)));
  const AxisLimits x = chosenX.value_or(withMargin(result.x, 0.03, false));
  AxisLimits y = chosenY.value_or(result.fixedY ? result.y : withMargin(result.y, 0.05, result.logarithmic));
  plot.xAxis->setRange(x.low, x.high);
  plot.yAxis->setRange(y.low, y.high);
  const std::string given = labelOr(spec, "title", "");
  const QString title =
      given.empty() ? wrapped(result.title, theme.font, request.pixels - 12) : QString::fromStdString(given);
  setTitle(plot, title, theme);
  const int titleLines = title.isEmpty() ? 0 : static_cast<int>(title.count('\n')) + 1;
  plot.xAxis->setLabel(
      fittedAxisLabel(QString::fromStdString(labelOr(spec, "x", result.xLabel)), theme.font, innerWidth(plot)));
  plot.yAxis->setLabel(fittedAxisLabel(QString::fromStdString(labelOr(spec, "y", result.yLabel)), theme.font,
                                       innerHeight(plot, titleLines)));
  fitStretchNames(plot);
  placeLegend(plot, !chosenY && result.mayGrow);
}

}  // namespace vaco::ui
