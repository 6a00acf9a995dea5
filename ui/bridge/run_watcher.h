// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <mutex>
#include <stop_token>
#include <vector>

#include <QObject>
#include <QTimer>

#include "core/records/events.h"
#include "ui/bridge/thread_list.h"

namespace vaco::ui {

/// Reads a run folder and keeps following it while another process writes it; events arrive as from our own
/// session. Files are read in a thread of its own.
class RunWatcher : public QObject {
  Q_OBJECT
 public:
  explicit RunWatcher(QObject* parent = nullptr);
  ~RunWatcher() override;

  void watch(const std::filesystem::path& folder);
  void stop();
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 signals:
  void event(const vaco::Event& event);
  void drained();
  /// Reading the folder threw, and it is followed no more: what, where and how to mend it.
  void failed(const QString& message);

 private:
  void follow(const std::stop_token& stop, const std::filesystem::path& folder, int generation);
  void drain();

  std::filesystem::path folder_;
  QTimer timer_;
  std::mutex mutex_;
  std::vector<Event> arrived_;
  int generation_ = 0;
  ThreadList threads_;  // last: its threads use the members above
};

}  // namespace vaco::ui
