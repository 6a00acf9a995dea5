// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

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
  /// A new run in out that goes on from another one's last checkpoint with some parameters changed.
  void fork(const std::filesystem::path& run, const std::vector<std::pair<std::string, std::string>>& changes,
            const std::filesystem::path& out);
  void resume(const std::filesystem::path& run);
  /// Pauses or resumes the training; where none goes on, goes on with the stopped run that is shown.
  void pauseOrGoOn();
  [[nodiscard]] bool canGoOn() const;

 signals:
  /// A run is to be shown, as it is about to be resumed.
  void openRequested(const std::filesystem::path& run);

 private:
  /// Whether a run may begin; tells the user why not.
  bool mayBegin();

  Parts parts_;
};

}  // namespace vaco::ui
