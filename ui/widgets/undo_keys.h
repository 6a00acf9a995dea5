// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

namespace vaco::ui {

/// Lets undo and redo reach the window while a text field has the focus: a field keeps the keys only while it
/// has typing of its own to take back.
class UndoKeys : public QObject {
  Q_OBJECT
 public:
  explicit UndoKeys(QObject* parent = nullptr) : QObject(parent) {}

 protected:
  bool eventFilter(QObject* watched, QEvent* event) override;
};

}  // namespace vaco::ui
