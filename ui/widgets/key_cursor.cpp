// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/key_cursor.h"

#include <qcustomplot.h>

#include <QKeyEvent>
#include <algorithm>

namespace vaco::ui {

namespace {
constexpr double kStep = 0.01, kLongStep = 0.1;  // shares of the axes
constexpr double kCross = 14.0;                  // pixels
}  // namespace

KeyCursor::KeyCursor(QCustomPlot& plot, QWidget& owner, const QString& layer)
    : QObject(&plot), plot_(plot), layer_(layer), cross_(new QCPItemTracer(&plot)) {
  cross_->setLayer(layer_);
  cross_->setStyle(QCPItemTracer::tsPlus);
  cross_->setSize(kCross);
  cross_->position->setType(QCPItemPosition::ptAxisRectRatio);
  cross_->setVisible(false);
  owner.installEventFilter(this);
  plot.installEventFilter(this);
}

bool KeyCursor::eventFilter(QObject* watched, QEvent* event) {
  const bool gone = event->type() == QEvent::FocusOut && watched != &plot_;
  if (gone || (event->type() == QEvent::MouseMove && watched == &plot_)) hide();
  return QObject::eventFilter(watched, event);
}

QPoint KeyCursor::position() const {
  const QRect axes = plot_.axisRect()->rect();
  return axes.topLeft() + QPoint(qRound(at_.x() * (axes.width() - 1)), qRound(at_.y() * (axes.height() - 1)));
}

void KeyCursor::move(QPointF by) {
  at_ = {std::clamp(at_.x() + by.x(), 0.0, 1.0), std::clamp(at_.y() + by.y(), 0.0, 1.0)};
  cross_->position->setCoords(at_);
  cross_->setPen(QPen(plot_.palette().color(QPalette::Highlight), 2.0));
  cross_->setVisible(true);
  plot_.layer(layer_)->replot();
  emit moved(position());
}

void KeyCursor::tell() {
  if (cross_->visible()) emit moved(position());
}

void KeyCursor::hide() {
  if (!cross_->visible()) return;
  cross_->setVisible(false);
  plot_.layer(layer_)->replot();
  emit hidden();
}

bool KeyCursor::press(const QKeyEvent& event) {
  const double step = event.modifiers() & Qt::ControlModifier ? kLongStep : kStep;
  switch (event.modifiers() & Qt::ShiftModifier ? event.key() : 0) {
    case Qt::Key_Left:
      return move({-step, 0.0}), true;
    case Qt::Key_Right:
      return move({step, 0.0}), true;
    case Qt::Key_Up:
      return move({0.0, -step}), true;
    case Qt::Key_Down:
      return move({0.0, step}), true;
    default:
      break;
  }
  if (!cross_->visible()) return false;
  if (event.key() == Qt::Key_Escape) return hide(), true;
  if (event.key() != Qt::Key_Return && event.key() != Qt::Key_Enter) return false;
  emit picked(position(), event.modifiers() & Qt::ControlModifier);
  return true;
}

}  // namespace vaco::ui
