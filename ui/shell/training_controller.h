// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QObject>

namespace vaco::ui {

class MessageBar;
class SessionBridge;
class SetupController;
class ShownRun;

/// Starting a run with what is set up, pausing it, and going on with one that was stopped.
class TrainingController : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    SessionBridge& session;
    SetupController& setup;
    ShownRun& shown;
    MessageBar& messages;
  };
  explicit TrainingController(const Parts& parts, QObject* parent = nullptr);

  /// Makes a new run in out; nothing while another goes on.
  void start(const std::filesystem::path& out);
  void resume(const std::filesystem::path& run);
  /// Pauses or resumes the training; where none goes on, goes on with the stopped run that is shown.
  void pauseOrGoOn();
  [[nodiscard]] bool canGoOn() const;

 signals:
  /// A run is to be shown, as it is about to be resumed.
  void openRequested(const std::filesystem::path& run);

 private:
  Parts parts_;
};

}  // namespace vaco::ui
