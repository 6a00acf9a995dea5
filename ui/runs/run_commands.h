// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include <QObject>

#include "ui/bridge/background_job.h"
#include "ui/runs/runs_model.h"

class QMenu;

namespace vaco::ui {

/// What can be done with the runs that are chosen in the list, and the menu that offers it.
class RunCommands : public QObject {
  Q_OBJECT
 public:
  using Runs = std::vector<std::filesystem::path>;
  explicit RunCommands(RunsModel& runs, QObject* parent = nullptr);

  /// chosen: at least one, the first is the one that commands for a single run take; listed: all in sight.
  void fill(QMenu& menu, const Runs& chosen, const Runs& listed);
  /// Stars all, or takes the stars away where all have one.
  void toggleStar(const Runs& chosen);
  /// Moves them to the desktop's trash, off the window's thread; those that are being trained stay.
  void trash(const Runs& chosen);

 signals:
  void openRequested(const std::filesystem::path& run);
  void resumeRequested(const std::filesystem::path& run);
  void settingsRequested(const std::filesystem::path& run);  ///< to be set up
  void forkRequested(const std::filesystem::path& run);      ///< with the settings that are set up
  void extendRequested(const std::filesystem::path& run);    ///< more steps of its last phase
  void renameRequested();                                    ///< of the one that is chosen
  void trashed(const QStringList& titles);
  void failed(const QString& message);

 private:
  void addMarks(QMenu& menu, const Runs& chosen);
  void addOverlays(QMenu& menu, const RunRow& row, const Runs& listed);

  RunsModel& runs_;
  BackgroundJob trashing_;  // last: its thread ends before the members above go
};

}  // namespace vaco::ui
