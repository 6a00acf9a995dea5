// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/focus_frame.h"

#include <QEvent>
#include <QPainter>

namespace vaco::ui {

namespace {
constexpr int kLine = 2;  // pixels
}

FocusFrame::FocusFrame(QWidget* parent) : QWidget(parent) {
  setObjectName("focusFrame");
  setAttribute(Qt::WA_TransparentForMouseEvents);
  setAttribute(Qt::WA_NoSystemBackground);
  hide();
  parent->installEventFilter(this);
}

bool FocusFrame::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() == QEvent::FocusIn) {
    setGeometry(parentWidget()->rect());
    raise();
    show();
  } else if (event->type() == QEvent::FocusOut) {
    hide();
  } else if (event->type() == QEvent::Resize) {
    setGeometry(parentWidget()->rect());
  }
  return QWidget::eventFilter(watched, event);
}

void FocusFrame::paintEvent(QPaintEvent*) {
  QPainter painter(this);
  painter.setPen(QPen(palette().color(QPalette::Highlight), kLine));
  painter.drawRect(rect().adjusted(kLine / 2, kLine / 2, -kLine / 2, -kLine / 2));
}

}  // namespace vaco::ui
