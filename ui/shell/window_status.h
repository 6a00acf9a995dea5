// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QMainWindow>

#include "ui/shell/shown_run.h"

namespace vaco::ui {

class MessageBar;
class SetupController;
class StatusPanel;

/// What the title and the status bar say: the run that is shown, and before there is one what is missing to
/// start. A training that goes on behind another run is told as a message.
class WindowStatus : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    StatusPanel& panel;
    SessionBridge& session;
    ShownRun& shown;
    SetupController& setup;
    MessageBar& messages;
  };
  WindowStatus(const Parts& parts, QMainWindow* window);
  void update();

 signals:
  /// The run that is trained meanwhile is wanted back.
  void openRequested(const std::filesystem::path& run);

 private:
  [[nodiscard]] RunStanding standing() const;
  void tellMeanwhile();

  Parts parts_;
  QMainWindow* window_;
  RunStanding told_;
};

}  // namespace vaco::ui
