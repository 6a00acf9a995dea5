// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/legend_place.h"

#include <qcustomplot.h>

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "ui/figures/drawn_mask.h"
#include "ui/figures/fit_labels.h"

namespace vaco::ui {
namespace {

constexpr int kInset = 8;  ///< between the legend and the ends of the axis rect
constexpr int kClear = 3;  ///< between the legend and what is drawn
constexpr double kMostOfInside = 0.8;
constexpr int kLongColumn = 6;
constexpr int kTitleEnds = 12;
constexpr int kFewestLines = 4;        ///< of text that the axes must have room for below a legend
constexpr double kWidestBeside = 0.4;  ///< of the canvas, where a low plot has its legend beside the axes
constexpr char kStrip[] = "legend strip";
constexpr char kFreed[] = "freedByLegend";  ///< property of the plot: what the axes gain when it goes inside

constexpr std::array<Qt::Alignment, 8> kPlaces{
    Qt::AlignTop | Qt::AlignRight,     Qt::AlignTop | Qt::AlignLeft,    Qt::AlignBottom | Qt::AlignRight,
    Qt::AlignBottom | Qt::AlignLeft,   Qt::AlignTop | Qt::AlignHCenter, Qt::AlignBottom | Qt::AlignHCenter,
    Qt::AlignVCenter | Qt::AlignRight, Qt::AlignVCenter | Qt::AlignLeft};

/// Before the first layout the axis rect has no size yet: it will be about this much of the canvas.
QSize insideOf(const QCustomPlot& plot) {
  const QSize inside = plot.axisRect()->size();
  if (inside.width() < 10 || inside.height() < 10) return plot.viewport().size() * 0.8;
  // Else a legend that was put outside once would never fit inside again.
  return inside + plot.property(kFreed).toSize();
}

QRect rectAt(Qt::Alignment place, const QSize& size, const QSize& inside) {
  const QRect within = QRect(QPoint(0, 0), inside).adjusted(kInset, kInset, -kInset, -kInset);
  QRect rect(within.topLeft(), size);
  if (place & Qt::AlignRight) rect.moveRight(within.right());
  if (place & Qt::AlignHCenter) rect.moveLeft(within.center().x() - size.width() / 2);
  if (place & Qt::AlignBottom) rect.moveBottom(within.bottom());
  if (place & Qt::AlignVCenter) rect.moveTop(within.center().y() - size.height() / 2);
  return rect.adjusted(-kClear, -kClear, kClear, kClear);
}

/// A place inside; the one it had last is kept while it is free, so that a live legend stands still.
std::optional<Qt::Alignment> freePlace(const QCustomPlot& plot, const DrawnMask& mask, const QSize& size,
                                       const QSize& inside) {
  if (size.width() > kMostOfInside * inside.width() || size.height() > kMostOfInside * inside.height())
    return {};
  const auto isFree = [&](Qt::Alignment place) { return mask.isFree(rectAt(place, size, inside)); };
  if (const auto last = plot.axisRect()->insetLayout()->insetAlignment(0); isFree(last)) return last;
  for (const Qt::Alignment place : kPlaces)
    if (isFree(place)) return place;
  return {};
}

/// The cells of a legend may be empty where its columns are of different length.
int entriesOf(const QCPLegend& legend) {
  int entries = 0;
  for (int i = 0; i < legend.itemCount(); ++i) entries += legend.item(i) != nullptr;
  return entries;
}

int widestEntry(const QCPLegend& legend) {
  int widest = 1;
  for (int i = 0; i < legend.itemCount(); ++i)
    if (const auto* item = legend.item(i)) widest = std::max(widest, item->minimumOuterSizeHint().width());
  return widest;
}

QSize arranged(QCPLegend& legend, QCPLayoutGrid::FillOrder order, int wrap) {
  legend.setWrap(wrap);
  legend.setFillOrder(order);
  return legend.minimumOuterSizeHint();
}

int rowOfAxes(const QCustomPlot& plot) {
  const QCPLayoutGrid* layout = plot.plotLayout();
  for (int row = 0; row < layout->rowCount(); ++row)
    if (layout->element(row, 0) == plot.axisRect()) return row;
  return 0;
}

/// In rows above the axes or in a column beside them, whichever leaves the axes more room. In a low plot rows
/// would take too much of the height: false when a column does not fit either and it may be hidden.
bool putOutside(QCustomPlot& plot, bool mayHide) {
  QCPLegend& legend = *plot.legend;
  const QSize canvas = plot.viewport().size();
  const int across =
      std::clamp((canvas.width() - 2 * kInset) / (widestEntry(legend) + 8), 1, entriesOf(legend));
  const QSize above = arranged(legend, QCPLayoutGrid::foColumnsFirst, across);
  const QSize beside = arranged(legend, QCPLayoutGrid::foRowsFirst, 0);
  const double leftBelow = static_cast<double>(canvas.width()) * (canvas.height() - above.height());
  const double leftBeside = static_cast<double>(canvas.width() - beside.width()) * canvas.height();
  const auto* title = qobject_cast<QCPTextElement*>(plot.plotLayout()->element(0, 0));
  const int titleLines = title ? static_cast<int>(title->text().count('\n')) + 1 : 0;
  // The title stands above the axes alone, and must not be pushed under a column beside them.
  const int titleWidth =
      title ? QFontMetrics(title->font()).size(Qt::TextExpandTabs, title->text()).width() + kTitleEnds : 0;
  const bool fitsBeside =
      beside.height() < 0.9 * canvas.height() && titleWidth + beside.width() <= canvas.width();
  const bool low =
      innerHeight(plot, titleLines) - above.height() < kFewestLines * QFontMetrics(legend.font()).lineSpacing();
  const bool columnFits = fitsBeside && beside.width() < kWidestBeside * canvas.width();
  if (low && mayHide && !columnFits) return false;
  const bool isBeside = fitsBeside && (low ? columnFits : leftBeside > leftBelow);
  if (!isBeside) arranged(legend, QCPLayoutGrid::foColumnsFirst, across);
  legend.setBorderPen(Qt::NoPen);
  plot.axisRect()->insetLayout()->take(&legend);
  auto* strip = new QCPLayoutInset;
  strip->setObjectName(kStrip);
  if (isBeside) {
    strip->setMinimumSize(beside);
    strip->setMaximumSize(beside.width(), QWIDGETSIZE_MAX);
    plot.plotLayout()->addElement(rowOfAxes(plot), 1, strip);
  } else {
    strip->setMinimumSize(10, above.height());
    strip->setMaximumSize(QWIDGETSIZE_MAX, above.height());
    const int row = rowOfAxes(plot);
    plot.plotLayout()->insertRow(row);
    plot.plotLayout()->addElement(row, 0, strip);
  }
  strip->addElement(&legend, Qt::AlignTop | Qt::AlignHCenter);
  return true;
}

}  // namespace

void releaseLegend(QCustomPlot& plot) {
  QCPLayout* layout = plot.legend->layout();
  plot.setProperty(kFreed, QSize(0, 0));
  if (!layout || layout->objectName() != kStrip) return;
  const bool beside = layout->maximumSize().width() < QWIDGETSIZE_MAX;
  plot.setProperty(kFreed,
                   beside ? QSize(layout->maximumSize().width(), 0) : QSize(0, layout->minimumSize().height()));
  layout->take(plot.legend);
  plot.axisRect()->insetLayout()->addElement(plot.legend, Qt::AlignTop | Qt::AlignRight);
  plot.plotLayout()->remove(layout);
  plot.plotLayout()->simplify();
}

void placeLegend(QCustomPlot& plot, bool mayHide) {
  QCPLegend* legend = plot.legend;
  const int entries = entriesOf(*legend);
  legend->setVisible(entries > 1);
  if (!legend->visible()) return;
  const QSize inside = insideOf(plot);
  plot.axisRect()->insetLayout()->setMargins(QMargins(kInset, kInset, kInset, kInset));
  // An entry is clipped at its ends, and an underscore may lie below its letters.
  for (int i = 0; i < legend->itemCount(); ++i)
    if (auto* item = legend->item(i)) item->setMargins(QMargins(0, 0, 0, 2));
  // A long legend in two columns or, where that is too wide, in one.
  const DrawnMask mask(plot, inside);
  std::vector<int> wraps{0};
  if (entries > kLongColumn) wraps.insert(wraps.begin(), (entries + 1) / 2);
  for (const int wrap : wraps) {
    const QSize size = arranged(*legend, QCPLayoutGrid::foRowsFirst, wrap);
    const auto place = freePlace(plot, mask, size, inside);
    if (!place) continue;
    plot.axisRect()->insetLayout()->setInsetAlignment(0, *place);
    return;
  }
  legend->setVisible(putOutside(plot, mayHide));
}

QString hiddenLegendText(const QCustomPlot& plot) {
  QStringList lines;
  for (int i = 0; i < plot.itemCount(); ++i)
    if (const auto* name = qobject_cast<const QCPItemText*>(plot.item(i));
        name && !name->visible() && name->property(kOnLine).isValid())
      lines << QString("<span style='color:%1'>┄</span> %2")
                   .arg(name->color().name(), name->text().toHtmlEscaped());
  const bool told = plot.legend->visible() || entriesOf(*plot.legend) < 2;
  for (int i = 0; !told && i < plot.legend->itemCount(); ++i) {
    auto* item = qobject_cast<QCPPlottableLegendItem*>(plot.legend->item(i));
    if (!item) continue;
    const auto* graph = qobject_cast<QCPGraph*>(item->plottable());
    const bool points = graph && graph->lineStyle() == QCPGraph::lsNone;
    const QColor color = points ? graph->scatterStyle().pen().color() : item->plottable()->pen().color();
    lines << QString("<span style='color:%1'>■</span> %2")
                 .arg(color.name(), item->plottable()->name().toHtmlEscaped());
  }
  return lines.join("<br>");
}

}  // namespace vaco::ui
