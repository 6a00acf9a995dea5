// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include <QObject>
#include <QTimer>

#include "ui/bridge/background_job.h"

namespace vaco::ui {

class MessageBar;
class ProfilePlot;
class RunsModel;
class ShownRun;
class StatisticsPanel;

/// Keeps the statistics in line with the runs that are compared, as long as they are in sight, and estimates
/// the shown run's policy from its data when asked to.
class StatisticsController : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    StatisticsPanel& panel;
    ProfilePlot& profile;
    ShownRun& shown;
    RunsModel& runs;
    MessageBar& messages;
  };
  explicit StatisticsController(const Parts& parts, QObject* parent = nullptr);

 private:
  void look();
  void estimate();

  Parts parts_;
  std::vector<std::filesystem::path> reported_;
  QTimer timer_;
  BackgroundJob report_, estimate_;  // last: their threads end before the members above go
};

}  // namespace vaco::ui
