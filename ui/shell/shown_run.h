// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include <QObject>
#include <QString>

#include "core/base/result.h"
#include "core/records/events.h"
#include "core/records/run_config.h"
#include "ui/bridge/background_job.h"

namespace vaco::ui {

class ComparePanel;
class MessageBar;
class OwnRunFeed;
class PlotDeck;
class PolicyReader;
class RolloutPanel;
class RunSet;
class RunsPanel;
class RunWatcher;
class SessionBridge;

/// How a run stands.
struct RunStanding {
  RunState state = RunState::idle;
  QString message;
  int64_t step = -1;  ///< of its newest record; -1 = not known, or told by the session's progress
  bool operator==(const RunStanding&) const = default;
};

/// The run that the window shows, the one our session trains or any other: its records fill the plots, its
/// policy the rollout, and it takes part in the comparison. Everything that speaks of a run speaks of this one.
class ShownRun : public QObject {
  Q_OBJECT
 public:
  /// What it listens to and fills.
  struct Parts {
    SessionBridge& session;
    PlotDeck& plots;
    RolloutPanel& rollout;
    RunsPanel& runs;
    ComparePanel& compare;
    MessageBar& messages;
  };
  explicit ShownRun(const Parts& parts, QObject* parent = nullptr);
  ~ShownRun() override;

  /// Shows the run in a folder, whoever writes it. On an error what was shown stays.
  Result<void> open(const std::filesystem::path& folder);
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }  ///< empty = none is shown
  [[nodiscard]] const RunConfig& config() const { return config_; }
  /// It is the one that our session trains now.
  [[nodiscard]] bool own() const;
  [[nodiscard]] RunStanding standing() const;
  /// The run that is shown, then the others of the comparison; each once.
  [[nodiscard]] std::vector<std::filesystem::path> compared() const;

 signals:
  void shown();              ///< another run, or the same again
  void standingChanged();    ///< of standing()
  void comparisonChanged();  ///< of compared()
  /// What the run that is shown tells, from its first record on.
  void recorded(const vaco::Event& event);

 private:
  void connectSession();
  void connectRecords();
  void show(const std::filesystem::path& folder, const RunConfig& config);
  void showInRollout();
  void takeRecord(const Event& event);
  void showTrajectory(int trajectory, qint64 step);
  void compare();

  Parts parts_;
  RunWatcher* watcher_;
  OwnRunFeed* own_feed_;
  PolicyReader* policies_;
  RunSet* compared_;
  std::filesystem::path folder_;
  RunConfig config_;
  RunStanding watched_;           ///< as the folder tells
  BackgroundJob trajectory_job_;  // last: its thread ends before the members above go
};

}  // namespace vaco::ui
