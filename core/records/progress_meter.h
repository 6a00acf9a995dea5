// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <deque>
#include <vector>

#include "core/records/events.h"

namespace vaco {

/// Whether what happens every so many steps happens at this one; an interval of 0 is never.
inline bool is_due(int64_t step, int64_t interval) {
  return interval > 0 && step % interval == 0;
}

/// Turns step counts into Progress: speed over the last seconds, and the time that is left from the measured
/// speed of each phase. A phase that was not seen yet is taken to be as fast as the current one. One thread.
class ProgressMeter {
 public:
  using Clock = std::chrono::steady_clock;

  ProgressMeter(std::vector<PhaseInfo> phases, int64_t step);

  /// Which phase a step (0-based count of steps done) belongs to; the last one at the end.
  [[nodiscard]] size_t phase_at(int64_t step) const;
  [[nodiscard]] const PhaseInfo& phase(size_t index) const { return phases_.at(index); }
  [[nodiscard]] size_t phase_count() const { return phases_.size(); }
  [[nodiscard]] int64_t phase_start(size_t index) const { return starts_.at(index); }
  [[nodiscard]] int64_t total() const { return total_; }

  /// Time between stop_clock() and start_clock() (pauses, evaluations) does not count as training.
  void start_clock(int64_t step, Clock::time_point now);
  void stop_clock(int64_t step, Clock::time_point now);
  /// Counts the time up to now.
  void look(int64_t step, Clock::time_point now);
  [[nodiscard]] Progress at(int64_t step, Clock::time_point now);
  /// Time spent training since this session began, as far as it was looked at.
  [[nodiscard]] double seconds() const;
  /// Steps a second over all training since this session began; 0 before there is any.
  [[nodiscard]] double mean_speed() const;

 private:
  struct Mark {
    Clock::time_point time;
    int64_t step;
  };
  void advance(int64_t step, Clock::time_point now);

  std::vector<PhaseInfo> phases_;
  std::vector<int64_t> starts_;
  std::vector<double> seconds_;  // measured, by phase
  std::vector<int64_t> steps_;   // done while measured, by phase
  std::deque<Mark> recent_;
  Mark last_{};
  bool ticking_ = false;
  int64_t total_ = 0;
};

}  // namespace vaco
