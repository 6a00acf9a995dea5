// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <QObject>

#include "core/records/run_config.h"

namespace vaco::ui {

class ConfigModel;
class DockHost;
class MessageBar;
class RunsPanel;
class SetupController;
class TrainingController;

/// A parameter with the text of its new value.
using Change = std::pair<std::string, std::string>;
/// The parameters that two configurations of one algorithm have with different values, as the second one has
/// them.
std::vector<Change> changesBetween(const RunConfig& from, const RunConfig& to);
/// The key and the number of steps of a run's last phase; an empty key where it has none.
std::pair<std::string, int64_t> lastPhase(const RunConfig& config);

/// What the list of runs asks for: a run's settings again, and new runs that begin where another one stopped,
/// with other settings or for more steps.
class RunsController : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    RunsPanel& runs;
    ConfigModel& model;
    SetupController& setup;
    TrainingController& training;
    DockHost& docks;
    MessageBar& messages;
  };
  /// window: the parent of dialogs.
  RunsController(const Parts& parts, QWidget* window);

 private:
  void useSettings(const std::filesystem::path& run);
  /// With what differs in the settings that are set up now.
  void fork(const std::filesystem::path& run);
  /// Asks for how many steps more.
  void askExtend(const std::filesystem::path& run);
  void complain(const QString& message);

  Parts parts_;
  QWidget* window_;
};

}  // namespace vaco::ui
