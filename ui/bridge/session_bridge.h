// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include <QObject>
#include <QString>
#include <QTimer>

#include "core/records/events.h"
#include "core/session/training_session.h"
#include "ui/bridge/background_job.h"

namespace vaco::ui {

class Worker;

/// Between the window and one TrainingSession: posts commands, drains its events 30 times a second, and hands
/// an ended session to the reaper. Never waits for training. Lives in the window's thread.
class SessionBridge : public QObject {
  Q_OBJECT
 public:
  explicit SessionBridge(Worker& reaper, QObject* parent = nullptr);
  ~SessionBridge() override;

  /// Makes a new run and starts it.
  void start(const RunConfig& config, const SessionOptions& options);
  /// Makes a new run that goes on from another one's last checkpoint, with some parameters changed.
  void fork(const std::filesystem::path& from, const std::vector<std::pair<std::string, std::string>>& changes,
            const SessionOptions& options);
  /// Goes on with a stopped run from its last checkpoint.
  void resumeFolder(const std::filesystem::path& folder, const SessionOptions& options);
  void pause();
  void resume();
  void stop();
  void saveCheckpoint();
  void evaluateNow();

  [[nodiscard]] RunState state() const { return state_; }
  [[nodiscard]] const QString& message() const { return message_; }  ///< that came with the state
  /// Whether a session is there that has not come to its end (also while it is being made).
  [[nodiscard]] bool active() const { return session_ != nullptr || opening_.running(); }
  /// A session is being made; it has no folder yet.
  [[nodiscard]] bool opening() const { return opening_.running(); }
  [[nodiscard]] bool canStart() const { return !active(); }
  [[nodiscard]] bool canPause() const { return session_ && session_->can_pause(); }
  [[nodiscard]] bool canResume() const { return session_ && session_->can_resume(); }
  [[nodiscard]] bool canStop() const { return opening_.running() || (session_ && session_->can_stop()); }
  /// A checkpoint or an evaluation can be asked for.
  [[nodiscard]] bool canCommand() const { return canPause() || canResume(); }
  /// Of the session, or of the one that ended last; empty before the first, and while another is being made.
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }
  [[nodiscard]] const RunConfig& config() const { return config_; }
  [[nodiscard]] std::shared_ptr<const PolicySnapshot> policy() const { return policy_; }

 signals:
  void started(const vaco::RunConfig& config);
  void event(const vaco::Event& event);
  void drained();  ///< after a batch of events: time to redraw what is visible
  void stateChanged(vaco::RunState state, const QString& message);
  void policyChanged(std::shared_ptr<const vaco::PolicySnapshot> policy);
  void ended();

 private:
  /// past: the run folder whose history is told again first; empty for a new run.
  void open(std::function<Result<std::unique_ptr<TrainingSession>>()> make,
            const std::filesystem::path& past = {});
  void giveUp(const Error& error);  ///< no session came of it
  void adopt(std::unique_ptr<TrainingSession> session, const std::vector<Event>& history);
  void drain();
  void take(const Event& event);
  void setState(RunState state, const QString& message);

  Worker& reaper_;
  QTimer timer_;
  std::unique_ptr<TrainingSession> session_;
  std::filesystem::path folder_;
  RunConfig config_;
  RunState state_ = RunState::idle;
  QString message_;
  std::shared_ptr<const PolicySnapshot> policy_;
  bool left_idle_ = false;    ///< idle counts as the end only after something else was seen
  bool stop_wanted_ = false;  ///< stop was asked for while the session was still being made
  BackgroundJob opening_;     // last: its thread ends before the members above go
};

}  // namespace vaco::ui
