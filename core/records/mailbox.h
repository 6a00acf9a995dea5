// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <stop_token>

namespace vaco {

/// Commands on their way to the core thread. Any thread writes; the core thread looks in between two updates,
/// which costs one atomic read while nothing is there.
class Mailbox {
 public:
  struct Requests {
    bool stop = false;
    bool pause = false;  ///< is to be paused until this becomes false
    bool checkpoint = false;
    bool evaluation = false;
  };

  void post_pause(bool paused);
  void post_checkpoint();
  void post_evaluation();
  void post_stop();

  /// For the core thread: whether take() has anything to tell.
  [[nodiscard]] bool has_mail() const { return has_mail_.load(std::memory_order_acquire); }
  /// What is asked for; checkpoint and evaluation are cleared by it.
  Requests take();
  /// Waits, while paused, for something new.
  void wait_for_mail();
  /// Stops long work inside (reading, evaluating).
  [[nodiscard]] std::stop_token stop_token() const;
  /// Empty again, for another start. Not while a core thread runs.
  void reset();

 private:
  void changed();

  mutable std::mutex mutex_;
  std::condition_variable arrived_;
  std::atomic<bool> has_mail_ = false;
  bool fresh_ = false;
  Requests requests_;
  std::stop_source stop_;
};

}  // namespace vaco
