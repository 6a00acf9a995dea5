// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include <QObject>

#include "core/records/alarm_watch.h"

namespace vaco::ui {

class AlarmsPanel;
class MessageBar;
class SessionBridge;
class ShownRun;

/// Tells the alarms of the run that is shown while they hold, lists all it ever had, and pauses our training at
/// those that the user has chosen, whichever run is shown.
class AlarmController : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    SessionBridge& session;
    ShownRun& shown;
    AlarmsPanel& panel;
    MessageBar& messages;
  };
  explicit AlarmController(const Parts& parts, QObject* parent = nullptr);

 signals:
  /// The list of all alarms is wanted.
  void listRequested();

 private:
  void take(const Event& event);
  void guard(const Event& event);
  /// What the session itself has noticed, or has to say.
  void post(const Alarm& alarm);

  Parts parts_;
  std::optional<AlarmWatch> shown_, own_;  ///< from the first record of a run on
};

}  // namespace vaco::ui
