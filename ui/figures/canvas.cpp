// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/canvas.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "ui/figures/fit_labels.h"

namespace vaco::ui {
namespace {

QFont smallFont(const PlotTheme& theme) {
  QFont font = theme.font;
  if (font.pixelSize() > 0)
    font.setPixelSize(std::max(1, qRound(font.pixelSize() * 0.85)));
  else
    font.setPointSizeF(font.pointSizeF() * 0.85);
  return font;
}

QCPItemText* addText(const DrawRequest& request, const QString& text, const QColor& color,
                     Qt::Alignment alignment) {
  auto* item = new QCPItemText(&request.plot);
  item->setText(text);
  item->setFont(smallFont(request.theme));
  item->setColor(color);
  item->setPositionAlignment(alignment);
  item->setPadding(QMargins(3, 1, 3, 1));
  return item;
}

/// On the upper end of the axis rect, where no data are.
void putAbove(QCPItemText& text, double x) {
  text.setClipToAxisRect(false);
  text.setProperty(kAbove, true);
  text.position->setTypeX(QCPItemPosition::ptPlotCoords);
  text.position->setTypeY(QCPItemPosition::ptAxisRectRatio);
  text.position->setCoords(x, 0.0);
}

constexpr qsizetype kManyPoints = 200;
constexpr int kMostOnOnePixel = 4;

class PointGraph : public QCPGraph {
 public:
  using QCPGraph::QCPGraph;

 protected:
  void drawScatterPlot(QCPPainter* painter, const QVector<QPointF>& points,
                       const QCPScatterStyle& style) const override {
    // Files hold shapes, not pictures.
    if (points.size() < kManyPoints || painter->modes() != QCPPainter::pmDefault)
      return QCPGraph::drawScatterPlot(painter, points, style);
    const double ratio = painter->device()->devicePixelRatioF();
    const int side = 2 * static_cast<int>(std::ceil(style.size() / 2.0 + style.pen().widthF())) + 1;
    QPixmap stamp(QSize(side, side) * ratio);
    stamp.setDevicePixelRatio(ratio);
    stamp.fill(Qt::transparent);
    {
      QCPPainter once(&stamp);
      applyScattersAntialiasingHint(&once);
      style.applyTo(&once, pen());
      style.drawShape(&once, side / 2.0, side / 2.0);
    }
    // Many on one pixel look as a few do.
    QPointF last;
    int times = 0;
    for (const auto& point : points) {
      const QPointF place(std::round(point.x() - side / 2.0), std::round(point.y() - side / 2.0));
      times = place == last ? times + 1 : 0;
      last = place;
      if (times < kMostOnOnePixel) painter->drawPixmap(place, stamp);
    }
  }
};

}  // namespace

QCPGraph* addStampedPoints(QCustomPlot& plot, const QVector<double>& x, const QVector<double>& y,
                           const QCPScatterStyle& style) {
  auto* graph = new PointGraph(plot.xAxis, plot.yAxis);
  graph->setData(x, y, std::is_sorted(x.begin(), x.end()));
  graph->setLineStyle(QCPGraph::lsNone);
  graph->setAdaptiveSampling(false);
  graph->setScatterStyle(style);
  graph->removeFromLegend();
  return graph;
}

QCPGraph* addLine(const DrawRequest& request, const QVector<double>& x, const QVector<double>& y,
                  const QPen& pen, const QString& label) {
  QCPGraph* graph = request.plot.addGraph();
  graph->setData(x, y, true);
  graph->setPen(pen);
  // Thick antialiased poly-lines are slow on screen; the hint breaks dashes, which only short curves have.
  if (request.theme.screen && pen.widthF() > 1.0 && pen.style() == Qt::SolidLine)
    request.plot.setPlottingHint(QCP::phFastPolylines);
  if (!request.theme.screen) graph->setAdaptiveSampling(false);
  if (label.isEmpty())
    graph->removeFromLegend();
  else
    graph->setName(label);
  return graph;
}

void addBand(const DrawRequest& request, const QVector<double>& x, const QVector<double>& low,
             const QVector<double>& high, const QColor& fill, bool steps) {
  QCPGraph* bottom = addLine(request, x, low, QPen(Qt::NoPen));
  QCPGraph* top = addLine(request, x, high, QPen(Qt::NoPen));
  for (QCPGraph* end : {bottom, top}) end->setLineStyle(steps ? QCPGraph::lsStepLeft : QCPGraph::lsLine);
  top->setBrush(fill);
  top->setChannelFillGraph(bottom);
}

QCPGraph* addPoints(const DrawRequest& request, const QVector<double>& x, const QVector<double>& y,
                    QCPScatterStyle::ScatterShape shape, const QColor& color, double size,
                    const QString& label) {
  QCPGraph* graph = addStampedPoints(
      request.plot, x, y,
      QCPScatterStyle(shape, QPen(color, request.theme.screen ? 1.0 : 0.9), Qt::NoBrush, size));
  graph->setPen(QPen(color, request.theme.thinWidth));
  if (label.isEmpty()) return graph;
  graph->setName(label);
  graph->addToLegend();
  return graph;
}

void addWhisker(const DrawRequest& request, double low, double high, double at, double reach) {
  const auto segment = [&](double x1, double y1, double x2, double y2) {
    auto* line = new QCPItemLine(&request.plot);
    line->setPen(QPen(request.theme.text, request.theme.thinWidth));
    line->start->setCoords(x1, y1);
    line->end->setCoords(x2, y2);
  };
  segment(low, at, high, at);
  for (const double end : {low, high}) segment(end, at - reach, end, at + reach);
}

void addReference(const DrawRequest& request, double y, const QString& label, const QColor& color, bool left) {
  auto* line = new QCPItemStraightLine(&request.plot);
  line->setPen(QPen(color, request.theme.thinWidth, Qt::DashLine));
  line->point1->setCoords(0, y);
  line->point2->setCoords(1, y);
  QCPItemText* text = addText(request, label, color, (left ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignBottom);
  text->position->setTypeX(QCPItemPosition::ptAxisRectRatio);
  text->position->setTypeY(QCPItemPosition::ptPlotCoords);
  text->position->setCoords(left ? 0.0 : 1.0, y);
  text->setProperty(kOnLine, true);
}

void addBinName(const DrawRequest& request, double x, double y, bool tall, const QString& label) {
  const Qt::Alignment side = Qt::AlignRight | (tall ? Qt::AlignTop : Qt::AlignBottom);
  QCPItemText* text = addText(request, label, request.theme.faintText, side);
  if (tall) text->setPadding(QMargins(3, 1, 12, 1));
  text->position->setCoords(x, y);
}

void addSwatch(const DrawRequest& request, const QColor& fill, const QColor& edge, const QString& label) {
  QCPGraph* graph = addPoints(request, {}, {}, QCPScatterStyle::ssSquare, edge, 9.0, label);
  graph->setScatterStyle(QCPScatterStyle(QCPScatterStyle::ssSquare, QPen(edge, 1.0), fill, 9.0));
}

void addMarkAbove(const DrawRequest& request, double x, const QString& label, const QColor& color) {
  addMark(request, x, {}, color);
  QCPItemText* text = addText(request, label, color, Qt::AlignHCenter | Qt::AlignBottom);
  putAbove(*text, x);
}

void addMark(const DrawRequest& request, double x, const QString& label, const QColor& color) {
  auto* line = new QCPItemStraightLine(&request.plot);
  line->setPen(QPen(color, request.theme.thinWidth, Qt::DotLine));
  line->point1->setCoords(x, 1);
  line->point2->setCoords(x, 2);
  if (label.isEmpty()) return;
  QCPItemText* text = addText(request, label, color, Qt::AlignRight | Qt::AlignBottom);
  text->setRotation(-90);
  text->position->setTypeX(QCPItemPosition::ptPlotCoords);
  text->position->setTypeY(QCPItemPosition::ptAxisRectRatio);
  text->setPositionAlignment(Qt::AlignRight | Qt::AlignBottom);
  text->position->setCoords(x, 0.02);
  text->setProperty(kBeside, true);
}

void addPhase(const DrawRequest& request, double low, double high, const QString& label, const QColor& shade) {
  if (shade.alpha() > 0) {
    auto* area = new QCPItemRect(&request.plot);
    area->setLayer("background");
    area->setPen(Qt::NoPen);
    area->setBrush(shade);
    for (QCPItemPosition* corner : {area->topLeft, area->bottomRight}) {
      corner->setTypeX(QCPItemPosition::ptPlotCoords);
      corner->setTypeY(QCPItemPosition::ptAxisRectRatio);
    }
    area->topLeft->setCoords(low, 0.0);
    area->bottomRight->setCoords(high, 1.0);
  }
  if (label.isEmpty()) return;
  QCPItemText* text = addText(request, label, request.theme.faintText, Qt::AlignLeft | Qt::AlignBottom);
  putAbove(*text, low);
  text->setProperty(kStretch, QPointF(low, high));
}

QCPScatterStyle::ScatterShape markerShape(int slot) {
  static constexpr std::array kShapes{QCPScatterStyle::ssCircle,          QCPScatterStyle::ssCross,
                                      QCPScatterStyle::ssSquare,          QCPScatterStyle::ssTriangle,
                                      QCPScatterStyle::ssDiamond,         QCPScatterStyle::ssPlus,
                                      QCPScatterStyle::ssTriangleInverted};
  return kShapes[static_cast<size_t>(slot) % kShapes.size()];
}

void LimitsOf::include(double value) {
  if (!std::isfinite(value)) return;
  if (empty_) limits_ = {value, value};
  limits_.low = std::min(limits_.low, value);
  limits_.high = std::max(limits_.high, value);
  empty_ = false;
}

}  // namespace vaco::ui
