// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <stop_token>
#include <thread>

namespace vaco::ui {

/// One thread that does small things the window must not wait for: destroying sessions and players (their
/// destructors join threads) and writing settings. Work runs in order; the destructor finishes what was posted.
class Worker {
 public:
  Worker();
  ~Worker();
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;

  void post(std::function<void()> work);

  /// Destroys an object over there.
  template <class T>
  void reap(std::unique_ptr<T> object) {
    if (object) post([held = std::shared_ptr<T>(std::move(object))]() mutable { held.reset(); });
  }

 private:
  void run(const std::stop_token& stop);

  std::mutex mutex_;
  std::condition_variable_any wake_;
  std::deque<std::function<void()>> queue_;
  std::jthread thread_;  // last: it uses the members above
};

}  // namespace vaco::ui
