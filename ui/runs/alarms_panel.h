// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <set>
#include <string>
#include <vector>

#include <QWidget>

#include "core/records/alarm_watch.h"

class QAction;
class QLabel;
class QTableWidget;

namespace vaco::ui {

/// The dock that lists every alarm of the run that is shown, also those that hold no more, with what to try;
/// and where the user says which of them pause a training.
class AlarmsPanel : public QWidget {
  Q_OBJECT
 public:
  explicit AlarmsPanel(QWidget* parent = nullptr);
  /// Shown in an event of its own, however often it changes before.
  void setHistory(std::vector<AlarmSpan> history);
  /// Keys of the kinds at which a training pauses.
  [[nodiscard]] const std::set<std::string>& pausesAt() const { return pauses_at_; }
  void setPausesAt(const std::set<std::string>& kinds);

 signals:
  void pausesChanged();

 private:
  void fill();

  std::vector<AlarmSpan> history_;
  bool awaits_turn_ = false;
  QLabel* empty_;
  QTableWidget* table_;
  std::vector<QAction*> kinds_;
  std::set<std::string> pauses_at_;
};

}  // namespace vaco::ui
