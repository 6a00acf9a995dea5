// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/drawn_mask.h"

#include <qcustomplot.h>

#include <QPainter>
#include <QPolygonF>
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

void fillColumn(QImage& image, int x, double from, double to) {
  const int top = std::clamp(static_cast<int>(std::floor(from)), 0, image.height()),
            bottom = std::clamp(static_cast<int>(std::floor(to)), -1, image.height() - 1);
  uchar* pixels = image.bits();
  for (int y = top; y <= bottom; ++y) pixels[y * image.bytesPerLine() + x] = 255;
}

/// A line of one pixel. Qt makes one area of a thick line, which takes a second where thousands of points go up
/// and down, and a thin one takes longer than all else of a frame.
void drawLongPiece(QImage& image, const QPolygonF& piece) {
  const int width = image.width();
  std::vector<double> highest(static_cast<size_t>(width), kFar), lowest(static_cast<size_t>(width), -kFar);
  for (qsizetype i = 1; i < piece.size(); ++i) {
    const QPointF a = piece[i - 1], b = piece[i];
    const double left = std::min(a.x(), b.x()), right = std::max(a.x(), b.x());
    const int first = std::max(0, static_cast<int>(std::floor(left))),
              last = std::min(width - 1, static_cast<int>(std::floor(right)));
    const double slope = right > left ? (b.y() - a.y()) / (b.x() - a.x()) : 0.0;
    for (int x = first; x <= last; ++x) {
      const auto at = [&](double place) { return a.y() + slope * (std::clamp(place, left, right) - a.x()); };
      const double from = right > left ? at(x) : a.y(), to = right > left ? at(x + 1.0) : b.y();
      auto &high = highest[static_cast<size_t>(x)], &low = lowest[static_cast<size_t>(x)];
      high = std::min({high, from, to});
      low = std::max({low, from, to});
    }
  }
  for (int x = 0; x < width; ++x)
    fillColumn(image, x, highest[static_cast<size_t>(x)], lowest[static_cast<size_t>(x)]);
}

void drawLines(QImage& image, const QCPGraph& graph, const std::vector<QPolygonF>& pieces,
               const Pixels& pixels) {
  QPainter painter(&image);
  painter.setPen(Qt::NoPen);  // the edge of a noisy band would take longer than all else of a frame
  drawFill(painter, graph, pieces, pixels);
  if (graph.pen().style() == Qt::NoPen) return;
  painter.setPen(QPen(Qt::white, kPenWidth));
  for (const QPolygonF& piece : pieces)
    if (piece.size() <= kLongPiece) painter.drawPolyline(piece);
  painter.end();
  for (const QPolygonF& piece : pieces)
    if (piece.size() > kLongPiece) drawLongPiece(image, piece);
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

bool isBlack(const QImage& image, const QRect& place) {
  const QRect inside = place.intersected(image.rect());
  for (int y = inside.top(); y <= inside.bottom(); ++y) {
    const uchar* line = image.constScanLine(y);
    if (std::any_of(line + inside.left(), line + inside.right() + 1, [](uchar pixel) { return pixel != 0; }))
      return false;
  }
  return true;
}

}  // namespace

DrawnMask::DrawnMask(const QCustomPlot& plot, const QSize& inside)
    : image_(inside.expandedTo(QSize(1, 1)), QImage::Format_Grayscale8) {
  image_.fill(Qt::black);
  points_ = image_;
  const Pixels pixels(plot, inside);
  for (int g = 0; g < plot.graphCount(); ++g) {
    const QCPGraph& graph = *plot.graph(g);
    if (graph.lineStyle() != QCPGraph::lsNone) drawLines(image_, graph, piecesOf(graph, pixels), pixels);
    if (graph.scatterStyle().isNone()) continue;
    reach_ = std::max(reach_, static_cast<int>(std::ceil(graph.scatterStyle().size() / 2.0)));
    for (const QCPGraphData& point : *graph.data())
      if (!std::isnan(point.value)) drawPoint(pixels.of(point.key, point.value).toPoint());
  }
  QPainter painter(&image_);
  painter.setPen(QPen(Qt::white, kPenWidth));
  for (int i = 0; i < plot.itemCount(); ++i) {
    const QCPAbstractItem* item = plot.item(i);
    const QString layer = item->layer()->name();
    if (item->visible() && layer != kCursorLayer && layer != "background")
      drawItem(painter, *item, pixels, inside);
  }
}

void DrawnMask::drawPoint(const QPoint& at) {
  if (points_.rect().contains(at)) points_.bits()[at.y() * points_.bytesPerLine() + at.x()] = 255;
}

bool DrawnMask::isFree(const QRect& place) const {
  return isBlack(image_, place) && isBlack(points_, place.adjusted(-reach_, -reach_, reach_, reach_));
}

}  // namespace vaco::ui
