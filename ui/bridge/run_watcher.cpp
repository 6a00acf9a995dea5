// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/run_watcher.h"

#include <chrono>
#include <condition_variable>

#include "core/base/guard.h"
#include "core/records/run_reader.h"

namespace vaco::ui {

namespace {
constexpr auto kPollPause = std::chrono::milliseconds(500);
constexpr int kWatchMilliseconds = 33;
}  // namespace

RunWatcher::RunWatcher(QObject* parent) : QObject(parent) {
  timer_.setInterval(kWatchMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &RunWatcher::drain);
}

RunWatcher::~RunWatcher() {
  stop();
}

void RunWatcher::watch(const std::filesystem::path& folder) {
  stop();
  folder_ = folder;
  int generation = 0;
  {
    const std::lock_guard lock(mutex_);
    arrived_.clear();
    generation = generation_;
  }
  const std::string doing = "following the run " + folder.string();
  auto work = [this, folder, doing, generation](const std::stop_token& stopping) {
    const auto done = guarded(doing, [&] { follow(stopping, folder, generation); });
    if (done) return;
    QMetaObject::invokeMethod(
        this,
        [this, generation, message = QString::fromStdString(done.error().message)] {
          if (generation == generation_) emit failed(message);
        },
        Qt::QueuedConnection);
  };
  const auto started = guarded(doing, [&] { threads_.start(std::move(work)); });
  if (!started) emit failed(QString::fromStdString(started.error().message));
  timer_.start();
}

void RunWatcher::stop() {
  threads_.requestStop();
  timer_.stop();
  folder_.clear();
  const std::lock_guard lock(mutex_);
  ++generation_;  // what a thread that is still reading finds is dropped
}

void RunWatcher::follow(const std::stop_token& stop, const std::filesystem::path& folder, int generation) {
  RunFollower follower(folder);
  std::mutex sleep_mutex;
  std::condition_variable_any sleep;
  while (!stop.stop_requested()) {
    auto events = follower.poll();
    if (!events.empty()) {
      const std::lock_guard lock(mutex_);
      if (generation != generation_) return;
      arrived_.insert(arrived_.end(), std::make_move_iterator(events.begin()),
                      std::make_move_iterator(events.end()));
    }
    std::unique_lock lock(sleep_mutex);
    sleep.wait_for(lock, stop, kPollPause, [] { return false; });
  }
}

void RunWatcher::drain() {
  std::vector<Event> events;
  {
    const std::lock_guard lock(mutex_);
    events.swap(arrived_);
  }
  for (const auto& one : events) emit event(one);
  if (!events.empty()) emit drained();
}

}  // namespace vaco::ui
