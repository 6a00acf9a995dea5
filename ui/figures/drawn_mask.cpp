// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/drawn_mask.h"

#include <qcustomplot.h>

#include <QPainter>
#include <algorithm>
#include <cmath>
#include <vector>

#include "ui/figures/canvas.h"

namespace vaco::ui {
namespace {

constexpr double kPenWidth = 2.0;
constexpr qsizetype kLongPiece = 300;  ///< points
constexpr double kFar = 1e5;           ///< pixels; the painter does not like infinity

/// From the coordinates of a plot to the pixels of its axis rect.
class Pixels {
 public:
  Pixels(const QCustomPlot& plot, const QSize& inside) : plot_(plot), inside_(inside) {}

  [[nodiscard]] QPointF of(double key, double value) const {
    return {bounded(fraction(plot_.xAxis, key) * inside_.width()),
            bounded((1.0 - fraction(plot_.yAxis, value)) * inside_.height())};
  }
  [[nodiscard]] QPointF of(const QCPItemPosition* position) const {
    QPointF at = of(position->key(), position->value());
    if (position->typeX() == QCPItemPosition::ptAxisRectRatio) at.setX(position->key() * inside_.width());
    if (position->typeY() == QCPItemPosition::ptAxisRectRatio) at.setY(position->value() * inside_.height());
    return at;
  }
  /// Where fills end.
  [[nodiscard]] double base() const {
    const bool logarithmic = plot_.yAxis->scaleType() == QCPAxis::stLogarithmic;
    return logarithmic ? inside_.height() : of(plot_.xAxis->range().lower, 0.0).y();
  }

 private:
  static double bounded(double pixel) { return std::isnan(pixel) ? -kFar : std::clamp(pixel, -kFar, kFar); }
  static double fraction(const QCPAxis* axis, double value) {
    const QCPRange range = axis->range();
    if (axis->scaleType() == QCPAxis::stLogarithmic)
      return std::log(value / range.lower) / std::log(range.upper / range.lower);
    return (value - range.lower) / range.size();
  }

  const QCustomPlot& plot_;
  QSize inside_;
};

/// The unbroken pieces of a curve; steps with their corners.
std::vector<QPolygonF> piecesOf(const QCPGraph& graph, const Pixels& pixels) {
  std::vector<QPolygonF> pieces(1);
  for (const QCPGraphData& point : *graph.data()) {
    if (std::isnan(point.value)) {
      if (!pieces.back().isEmpty()) pieces.emplace_back();
      continue;
    }
    const QPointF at = pixels.of(point.key, point.value);
    if (graph.lineStyle() == QCPGraph::lsStepLeft && !pieces.back().isEmpty())
      pieces.back() << QPointF(at.x(), pieces.back().last().y());
    pieces.back() << at;
  }
  return pieces;
}

void drawFill(QPainter& painter, const QCPGraph& graph, const std::vector<QPolygonF>& pieces,
              const Pixels& pixels) {
  if (graph.brush().style() == Qt::NoBrush) return;
  painter.setBrush(Qt::white);
  if (const QCPGraph* other = graph.channelFillGraph()) {
    QPolygonF area;
    for (const QPolygonF& piece : pieces) area << piece;
    QPolygonF back;
    for (const QPolygonF& piece : piecesOf(*other, pixels)) back << piece;
    std::reverse(back.begin(), back.end());
    area << back;
    painter.drawPolygon(area);
  } else {
    for (QPolygonF piece : pieces) {
      if (piece.isEmpty()) continue;
      piece << QPointF(piece.last().x(), pixels.base()) << QPointF(piece.first().x(), pixels.base());
      painter.drawPolygon(piece);
    }
  }
  painter.setBrush(Qt::NoBrush);
}

void drawGraph(QPainter& painter, const QCPGraph& graph, const Pixels& pixels) {
  const auto pieces = piecesOf(graph, pixels);
  if (graph.lineStyle() != QCPGraph::lsNone) {
    drawFill(painter, graph, pieces, pixels);
    if (graph.pen().style() != Qt::NoPen)
      for (const QPolygonF& piece : pieces) {
        // Qt makes one area of a thick line, which takes a second where thousands of points go up and down.
        painter.setPen(QPen(Qt::white, piece.size() > kLongPiece ? 1.0 : kPenWidth));
        painter.drawPolyline(piece);
      }
    painter.setPen(QPen(Qt::white, kPenWidth));
  }
  if (graph.scatterStyle().isNone()) return;
  const double size = graph.scatterStyle().size();
  for (const QPolygonF& piece : pieces)
    for (const QPointF& at : piece)
      painter.fillRect(QRectF(at.x() - size / 2.0, at.y() - size / 2.0, size, size), Qt::white);
}

void drawText(QPainter& painter, const QCPItemText& text, const Pixels& pixels) {
  const QRect words = QFontMetrics(text.font()).boundingRect(QRect(0, 0, 1, 1), Qt::TextDontClip, text.text());
  QRectF area = QRectF(words).marginsAdded(QMarginsF(text.padding()));
  area.moveTopLeft({0.0, 0.0});
  const auto shift = [](Qt::Alignment side, Qt::Alignment end, Qt::Alignment middle, double length) {
    return side & end ? -length : side & middle ? -length / 2.0 : 0.0;
  };
  area.translate(shift(text.positionAlignment(), Qt::AlignRight, Qt::AlignHCenter, area.width()),
                 shift(text.positionAlignment(), Qt::AlignBottom, Qt::AlignVCenter, area.height()));
  const QPointF at = pixels.of(text.position);
  painter.fillRect(QTransform::fromTranslate(at.x(), at.y()).rotate(text.rotation()).mapRect(area), Qt::white);
}

void drawItem(QPainter& painter, const QCPAbstractItem& item, const Pixels& pixels, const QSize& inside) {
  if (const auto* text = qobject_cast<const QCPItemText*>(&item)) {
    if (!text->text().isEmpty()) drawText(painter, *text, pixels);
  } else if (const auto* area = qobject_cast<const QCPItemRect*>(&item)) {
    painter.fillRect(QRectF(pixels.of(area->topLeft), pixels.of(area->bottomRight)).normalized(), Qt::white);
  } else if (const auto* line = qobject_cast<const QCPItemLine*>(&item)) {
    painter.drawLine(pixels.of(line->start), pixels.of(line->end));
  } else if (const auto* straight = qobject_cast<const QCPItemStraightLine*>(&item)) {
    const QPointF at = pixels.of(straight->point1);
    if (straight->point1->key() == straight->point2->key())
      painter.drawLine(QPointF(at.x(), 0.0), QPointF(at.x(), inside.height()));
    else
      painter.drawLine(QPointF(0.0, at.y()), QPointF(inside.width(), at.y()));
  }
}

}  // namespace

DrawnMask::DrawnMask(const QCustomPlot& plot, const QSize& inside)
    : image_(inside.expandedTo(QSize(1, 1)), QImage::Format_Grayscale8) {
  image_.fill(Qt::black);
  QPainter painter(&image_);
  painter.setPen(QPen(Qt::white, kPenWidth));
  const Pixels pixels(plot, inside);
  for (int g = 0; g < plot.graphCount(); ++g) drawGraph(painter, *plot.graph(g), pixels);
  for (int i = 0; i < plot.itemCount(); ++i) {
    const QCPAbstractItem* item = plot.item(i);
    const QString layer = item->layer()->name();
    if (item->visible() && layer != kCursorLayer && layer != "background")
      drawItem(painter, *item, pixels, inside);
  }
}

bool DrawnMask::isFree(const QRect& place) const {
  const QRect inside = place.intersected(image_.rect());
  for (int y = inside.top(); y <= inside.bottom(); ++y) {
    const uchar* line = image_.constScanLine(y);
    if (std::any_of(line + inside.left(), line + inside.right() + 1, [](uchar pixel) { return pixel != 0; }))
      return false;
  }
  return true;
}

}  // namespace vaco::ui
