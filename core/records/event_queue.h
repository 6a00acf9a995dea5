// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <vector>

#include "core/records/events.h"

namespace vaco {

/// What a session tells its reader. One writer, one reader; publishing never waits for the reader.
/// Of Progress only the newest is kept. When more than 1,000 Metrics wait, every second one of them is dropped
/// (all are on the disk). No other event is ever lost.
class EventQueue {
 public:
  void publish(Event event);
  /// Everything since the last call, in order; the newest Progress stands last.
  std::vector<Event> take();
  /// Returns when something is there or the time is over.
  void wait(double seconds);

 private:
  void thin_metrics();

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<Event> events_;
  std::optional<Progress> progress_;
  size_t metrics_ = 0;
};

}  // namespace vaco
