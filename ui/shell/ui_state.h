// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>

#include <QByteArray>
#include <QObject>
#include <QString>
#include <QStringList>
#include <QTimer>

#include "core/records/run_config.h"

namespace vaco::ui {

class Worker;

/// What the window remembers from one start to the next. What is only of this session lives in the widgets.
struct UiState {
  QByteArray geometry;                  ///< QWidget::saveGeometry of the window
  std::map<QString, QByteArray> docks;  ///< their places in every layout that was shown, by its key
  QString layout = "setup";             ///< the one that is shown
  QString theme = "system";
  QString out = "runs";  ///< where runs are written
  QString last_folder;   ///< of the open dialog
  QString study;         ///< the folder of the study that is watched; empty = none
  QString shown_run;     ///< empty = none
  QString baseline;      ///< the run that others are measured by; empty = none
  QString runs_grouping, runs_filter;
  QStringList overlaid;                  ///< runs of the comparison besides the one that is shown
  QStringList recent_data, recent_runs;  ///< the newest first
  bool advanced = false;                 ///< parameter form
  std::set<std::string> pauses_at;       ///< kinds of alarms that pause a training
  Json figures;  ///< what was chosen when figures were exported last; null if nothing was
  Json config;   ///< the experiment being set up; null if there is none
};

/// Reads and writes it as JSON in the program's data folder: debounced, atomic, off the window's thread.
class UiStateStore : public QObject {
  Q_OBJECT
 public:
  explicit UiStateStore(Worker& worker, QObject* parent = nullptr);

  [[nodiscard]] static std::filesystem::path file();
  [[nodiscard]] static UiState read();
  /// Writes some seconds from now, or when flush() is called.
  void scheduleSave();
  void flush();

 signals:
  /// Asks for what is to be written.
  void collect(vaco::ui::UiState& state);

 private:
  Worker& worker_;
  QTimer timer_;
};

}  // namespace vaco::ui
