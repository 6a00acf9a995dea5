// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

namespace vaco::ui {

/// Shows that its parent has the focus by a frame upon it, which takes no room.
class FocusFrame : public QWidget {
 public:
  explicit FocusFrame(QWidget* parent);

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
  void paintEvent(QPaintEvent* event) override;
};

}  // namespace vaco::ui
