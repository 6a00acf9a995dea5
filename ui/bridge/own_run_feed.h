// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include <QObject>

#include "core/records/events.h"
#include "ui/bridge/background_job.h"

namespace vaco::ui {

/// What the plots are told of the run that our own session trains. When the window comes back to it from
/// another run, its records are read again and put before what the session goes on to tell, every line once.
class OwnRunFeed : public QObject {
  Q_OBJECT
 public:
  explicit OwnRunFeed(QObject* parent = nullptr);

  /// Tells the records that the folder holds now; what is taken meanwhile follows them.
  void retell(const std::filesystem::path& folder);
  /// Another run is shown, or a new one: nothing of the past is told.
  void forget();
  /// An event of the session.
  void take(const Event& event);

 signals:
  void event(const vaco::Event& event);
  void drained();  ///< after the records: time to redraw
  /// Reading threw: what, where and how to mend it.
  void failed(const QString& message);

 private:
  /// The last step of each kind of record that was told from the disk.
  struct Steps {
    int64_t metrics = -1, evaluation = -1, weights = -1;
    int64_t* of(const Event& event, int64_t& step);
  };
  [[nodiscard]] bool told(const Event& event);

  Steps last_;
  std::vector<Event> meanwhile_;
  BackgroundJob reading_;  // last: its thread ends before the members above go
};

}  // namespace vaco::ui
