// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "core/records/events.h"

class QLabel;
class QProgressBar;

namespace vaco::ui {

/// The status bar's content: state, phase and its step, slim progress bar, rate and remaining times, device.
class StatusPanel : public QWidget {
  Q_OBJECT
 public:
  explicit StatusPanel(QWidget* parent = nullptr);
  void setState(RunState state, const QString& message);
  /// Overrides the state's text while the window is closing ("Saving checkpoint…").
  void setNotice(const QString& text);
  /// The step that a run of another process has reached; its folder does not tell more.
  void setStep(int64_t step);
  void setProgress(const Progress& progress);
  void setDevice(const QString& device);
  /// What the window says for a moment, in the place of all but the state; empty: nothing.
  void tell(const QString& what);
  void reset();

 private:
  QLabel *pill_, *phase_, *rate_, *eta_, *device_;
  QLabel* told_;
  QWidget* standing_;  ///< all but the state
  QProgressBar* bar_;
  bool notice_ = false;
  RunState state_ = RunState::idle;
};

QString stateLabel(RunState state);

}  // namespace vaco::ui
