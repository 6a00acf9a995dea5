// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <memory>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

namespace vaco::ui {

/// Threads of which one is wanted and the others, asked to stop, may still be ending: nobody waits for them
/// before the destructor does. For the window's thread.
class ThreadList {
 public:
  /// Asks all others to stop and starts work(std::stop_token).
  template <class Work>
  void start(Work work) {
    requestStop();
    std::erase_if(threads_, [](const Entry& entry) { return entry.done->load(); });
    auto done = std::make_shared<std::atomic<bool>>(false);
    std::jthread thread([done, work = std::move(work)](const std::stop_token& stop) mutable {
      work(stop);
      *done = true;
    });
    threads_.push_back({std::move(done), std::move(thread)});
  }
  void requestStop() {
    for (auto& entry : threads_) entry.thread.request_stop();
  }

 private:
  struct Entry {
    std::shared_ptr<std::atomic<bool>> done;
    std::jthread thread;
  };
  std::vector<Entry> threads_;
};

}  // namespace vaco::ui
