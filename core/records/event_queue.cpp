// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/event_queue.h"

#include <chrono>
#include <iterator>
#include <utility>

namespace vaco {
namespace {
constexpr size_t kMetricsThatMayWait = 1000;
}

void EventQueue::publish(Event event) {
  {
    const std::lock_guard lock(mutex_);
    if (auto* progress = std::get_if<Progress>(&event)) {
      progress_ = std::move(*progress);
    } else {
      if (std::holds_alternative<Metrics>(event) && ++metrics_ > kMetricsThatMayWait) thin_metrics();
      events_.push_back(std::move(event));
    }
  }
  arrived_.notify_one();
}

void EventQueue::thin_metrics() {
  std::deque<Event> kept;
  bool drop = false;
  size_t metrics = 1;  // the one that is about to be added
  for (auto& event : events_) {
    if (std::holds_alternative<Metrics>(event)) {
      drop = !drop;
      if (drop) continue;
      ++metrics;
    }
    kept.push_back(std::move(event));
  }
  events_ = std::move(kept);
  metrics_ = metrics;
}

std::vector<Event> EventQueue::take() {
  const std::lock_guard lock(mutex_);
  std::vector<Event> taken(std::make_move_iterator(events_.begin()), std::make_move_iterator(events_.end()));
  events_.clear();
  metrics_ = 0;
  if (progress_) taken.emplace_back(std::move(*progress_));
  progress_.reset();
  return taken;
}

void EventQueue::wait(double seconds) {
  std::unique_lock lock(mutex_);
  arrived_.wait_for(lock, std::chrono::duration<double>(seconds),
                    [&] { return !events_.empty() || progress_.has_value(); });
}

}  // namespace vaco
