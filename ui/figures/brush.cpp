// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/brush.h"

#include <qcustomplot.h>

#include <QMouseEvent>
#include <algorithm>
#include <utility>

namespace vaco::ui {
namespace {

AxisLimits between(QCPAxis* axis, int pixel, int other) {
  const double a = axis->pixelToCoord(pixel), b = axis->pixelToCoord(other);
  return {std::min(a, b), std::max(a, b)};
}

}  // namespace

void enableBrush(QCustomPlot& plot, std::function<void(AxisLimits, AxisLimits, bool)> brushed) {
  plot.selectionRect()->setPen(QPen(plot.palette().color(QPalette::Highlight), 1.0, Qt::DashLine));
  QObject::connect(&plot, &QCustomPlot::mousePress, &plot, [&plot](QMouseEvent* event) {
    const bool wanted = event->button() == Qt::LeftButton && (event->modifiers() & Qt::ShiftModifier);
    plot.setSelectionRectMode(wanted ? QCP::srmCustom : QCP::srmNone);
  });
  QObject::connect(plot.selectionRect(), &QCPSelectionRect::accepted, &plot,
                   [&plot, brushed = std::move(brushed)](const QRect& frame, QMouseEvent* event) {
                     plot.setSelectionRectMode(QCP::srmNone);
                     brushed(between(plot.xAxis, frame.left(), frame.right()),
                             between(plot.yAxis, frame.top(), frame.bottom()),
                             event->modifiers() & Qt::ControlModifier);
                   });
}

}  // namespace vaco::ui
