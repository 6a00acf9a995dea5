// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/fit_labels.h"

#include <qcustomplot.h>

#include <QFontMetrics>
#include <algorithm>
#include <cmath>

namespace vaco::ui {
namespace {

constexpr int kFewestLetters = 4;
constexpr int kPadding = 6;

int lineHeight(const QCustomPlot& plot) {
  return QFontMetrics(plot.xAxis->labelFont()).lineSpacing();
}

}  // namespace

int innerWidth(const QCustomPlot& plot) {
  return std::max(40, plot.viewport().width() - 6 * lineHeight(plot));
}

int innerHeight(const QCustomPlot& plot, int titleLines) {
  // Below: numbers and label of the x axis; above: the title and a margin.
  return std::max(30, plot.viewport().height() - (4 + titleLines) * lineHeight(plot));
}

void fitTextsAbove(QCustomPlot& plot) {
  const QCPRange range = plot.xAxis->range();
  int height = 0;
  for (int i = 0; i < plot.itemCount(); ++i) {
    auto* text = qobject_cast<QCPItemText*>(plot.item(i));
    if (!text || !text->property(kAbove).isValid() || text->text().isEmpty()) continue;
    height = std::max(height, QFontMetrics(text->font()).height() + 2);
    if (text->property(kStretch).isValid()) continue;
    const double place = (text->position->key() - range.lower) / range.size();
    text->setVisible(place >= 0.0 && place <= 1.0);
    const Qt::Alignment side = place > 0.85 ? Qt::AlignRight : place < 0.15 ? Qt::AlignLeft : Qt::AlignHCenter;
    text->setPositionAlignment(side | Qt::AlignBottom);
  }
  QMargins margins = plot.axisRect()->minimumMargins();
  margins.setTop(std::max(margins.top(), height));
  plot.axisRect()->setMinimumMargins(margins);
}

void fitReferenceNames(QCustomPlot& plot) {
  const QCPRange range = plot.yAxis->range();
  const bool logarithmic = plot.yAxis->scaleType() == QCPAxis::stLogarithmic;
  const int height = plot.axisRect()->height() > 10 ? plot.axisRect()->height() : innerHeight(plot, 1);
  for (int i = 0; i < plot.itemCount(); ++i) {
    auto* text = qobject_cast<QCPItemText*>(plot.item(i));
    if (!text || !text->property(kOnLine).isValid()) continue;
    const double y = text->position->value();
    const double below = logarithmic ? std::log(range.upper / y) / std::log(range.upper / range.lower)
                                     : (range.upper - y) / range.size();
    const bool fits = below * height >= QFontMetrics(text->font()).height() + 2;
    const Qt::Alignment side = text->positionAlignment() & Qt::AlignHorizontal_Mask;
    text->setPositionAlignment(side | (fits ? Qt::AlignBottom : Qt::AlignTop));
  }
}

void fitStretchNames(QCustomPlot& plot) {
  const QCPRange range = plot.xAxis->range();
  const double pixelsPerUnit = innerWidth(plot) / range.size();
  for (int i = 0; i < plot.itemCount(); ++i) {
    auto* text = qobject_cast<QCPItemText*>(plot.item(i));
    if (!text || !text->property(kStretch).isValid()) continue;
    const QPointF stretch = text->property(kStretch).toPointF();
    const double low = std::max(stretch.x(), range.lower), high = std::min(stretch.y(), range.upper);
    const int room = static_cast<int>(std::lround((high - low) * pixelsPerUnit)) - kPadding;
    const QString whole = text->text();
    const QString fitted =
        room > 0 ? QFontMetrics(text->font()).elidedText(whole, Qt::ElideRight, room) : QString();
    text->setVisible(fitted == whole || fitted.size() > kFewestLetters);
    text->setText(fitted);
    text->position->setCoords(low, 0.0);
  }
}

QString fittedAxisLabel(const QString& label, const QFont& font, int pixels) {
  const QFontMetrics metrics(font);
  if (metrics.horizontalAdvance(label) <= pixels) return label;
  // The break that makes the longer line shortest.
  QString best = label;
  int shortest = metrics.horizontalAdvance(label);
  for (qsizetype at = label.indexOf(' '); at >= 0; at = label.indexOf(' ', at + 1)) {
    const int longer =
        std::max(metrics.horizontalAdvance(label.left(at)), metrics.horizontalAdvance(label.mid(at + 1)));
    if (longer >= shortest) continue;
    shortest = longer;
    best = label.left(at) + '\n' + label.mid(at + 1);
  }
  QStringList lines = best.split('\n');
  for (QString& line : lines) line = metrics.elidedText(line, Qt::ElideRight, pixels);
  return lines.join('\n');
}

}  // namespace vaco::ui
