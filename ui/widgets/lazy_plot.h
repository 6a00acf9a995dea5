// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <qcustomplot.h>

namespace vaco::ui {

/// Is not drawn by itself in every size that it has for a moment: its owner draws it anew for another size.
/// What was drawn is brought to the screen with all else that changed in the window, not at once.
class LazyPlot : public QCustomPlot {
 public:
  explicit LazyPlot(QWidget* parent = nullptr) : QCustomPlot(parent) {
    setPlottingHint(QCP::phImmediateRefresh, false);
  }

 protected:
  void resizeEvent(QResizeEvent*) override {
    // Without a pixel Qt would complain of every drawing, as while a panel is squeezed to nothing.
    setViewport(QRect(QPoint(0, 0), size().expandedTo(QSize(1, 1))));
    for (const auto phase :
         {QCPLayoutElement::upPreparation, QCPLayoutElement::upMargins, QCPLayoutElement::upLayout})
      plotLayout()->update(phase);
  }
};

}  // namespace vaco::ui
