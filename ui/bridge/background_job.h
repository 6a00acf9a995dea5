// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <stop_token>

#include <QObject>

#include "core/base/files.h"
#include "ui/bridge/thread_list.h"

namespace vaco::ui {

/// One cancellable piece of work in a thread of its own (reading a dataset, opening a run). The work returns
/// what is to be done with its outcome, and that runs in the window's thread, unless the job was cancelled or
/// started anew. What the work throws ends neither the thread nor the program: failed() tells it.
class BackgroundJob : public QObject {
  Q_OBJECT
 public:
  using Completion = std::function<void()>;
  using Work = std::function<Completion(const ProgressFn& progress, std::stop_token stop)>;

  explicit BackgroundJob(QObject* parent = nullptr) : QObject(parent) {}

  /// Starts the work; one that is still going is cancelled and its outcome dropped.
  void start(Work work);
  void cancel();
  [[nodiscard]] bool running() const { return running_; }

 signals:
  void progressed(double fraction, const QString& doing);
  void cancelled();
  /// The work threw: what, where and how to mend it.
  void failed(const QString& message);

 private:
  void launch(Work work, int generation);
  Completion run(Work& work, const ProgressFn& progress, const std::stop_token& stop);

  int generation_ = 0;
  bool running_ = false;
  ThreadList threads_;  // last: its threads use the members above
};

}  // namespace vaco::ui
