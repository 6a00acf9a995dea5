// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/undo_keys.h"

#include <QKeyEvent>
#include <QLineEdit>

namespace vaco::ui {

bool UndoKeys::eventFilter(QObject* watched, QEvent* event) {
  if (event->type() != QEvent::ShortcutOverride) return false;
  const auto* field = qobject_cast<QLineEdit*>(watched);
  if (!field) return false;
  const auto* key = static_cast<QKeyEvent*>(event);
  const bool undo = key->matches(QKeySequence::Undo), redo = key->matches(QKeySequence::Redo);
  if (!(undo && !field->isUndoAvailable()) && !(redo && !field->isRedoAvailable())) return false;
  event->ignore();
  return true;  // the field would claim the key, and then do nothing with it
}

}  // namespace vaco::ui
