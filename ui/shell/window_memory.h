// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "ui/shell/ui_state.h"

namespace vaco::ui {

class MainWindow;
struct WindowOptions;

/// What the window remembers from one start to the next: it is brought back, and kept as it changes.
class WindowMemory : public QObject {
  Q_OBJECT
 public:
  /// keeps: whether the stored state is read and written at all.
  WindowMemory(MainWindow& window, Worker& worker, bool keeps);
  /// The window as it was left, but for what the options say.
  void restore(const WindowOptions& options);
  /// Some seconds from now.
  void schedule();
  void flush();

 private:
  void restorePanels(const UiState& state);
  /// Shows again what was shown, as far as it is still there.
  void restoreShown(const UiState& state);
  void begin(const WindowOptions& options, const UiState& state);
  /// No larger than the screen, and all of it there.
  void keepOnScreen();
  void collect(UiState& state) const;

  MainWindow& window_;
  UiStateStore store_;
  bool keeps_;
};

}  // namespace vaco::ui
