// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/progress_meter.h"

#include <cassert>
#include <numeric>

namespace vaco {
namespace {
constexpr std::chrono::seconds kWindow{5};
}

ProgressMeter::ProgressMeter(std::vector<PhaseInfo> phases, int64_t step) : phases_(std::move(phases)) {
  assert(!phases_.empty());
  for (const auto& info : phases_) {
    starts_.push_back(total_);
    total_ += info.steps;
  }
  seconds_.assign(phases_.size(), 0.0);
  steps_.assign(phases_.size(), 0);
  last_ = {Clock::now(), step};
}

size_t ProgressMeter::phase_at(int64_t step) const {
  size_t index = 0;
  while (index + 1 < phases_.size() && step >= starts_[index + 1]) ++index;
  return index;
}

void ProgressMeter::start_clock(int64_t step, Clock::time_point now) {
  last_ = {now, step};
  recent_.assign(1, last_);
  ticking_ = true;
}

void ProgressMeter::stop_clock(int64_t step, Clock::time_point now) {
  if (ticking_) advance(step, now);
  ticking_ = false;
}

void ProgressMeter::advance(int64_t step, Clock::time_point now) {
  // The steps since the last look belong to the phase they began in; a look every tenth of a second is fine
  // enough.
  const size_t phase = phase_at(last_.step);
  seconds_[phase] += std::chrono::duration<double>(now - last_.time).count();
  steps_[phase] += step - last_.step;
  last_ = {now, step};
  if (phase_at(step) != phase) recent_.clear();
  recent_.push_back(last_);
  while (recent_.size() > 2 && now - recent_.front().time > kWindow) recent_.pop_front();
}

double ProgressMeter::seconds() const {
  return std::accumulate(seconds_.begin(), seconds_.end(), 0.0);
}

double ProgressMeter::mean_speed() const {
  const int64_t steps = std::accumulate(steps_.begin(), steps_.end(), int64_t{0});
  return seconds() > 0.0 ? static_cast<double>(steps) / seconds() : 0.0;
}

void ProgressMeter::look(int64_t step, Clock::time_point now) {
  if (ticking_) advance(step, now);
}

Progress ProgressMeter::at(int64_t step, Clock::time_point now) {
  look(step, now);
  const size_t index = phase_at(step);
  Progress progress;
  progress.phase = phases_[index].key;
  progress.phase_label = phases_[index].label;
  progress.phase_index = static_cast<int>(index);
  progress.phase_count = static_cast<int>(phases_.size());
  progress.phase_step = step - starts_[index];
  progress.phase_steps = phases_[index].steps;
  progress.step = step;
  progress.total_steps = total_;
  if (recent_.size() > 1) {
    const double seconds = std::chrono::duration<double>(recent_.back().time - recent_.front().time).count();
    if (seconds > 0.0)
      progress.steps_per_second = static_cast<double>(recent_.back().step - recent_.front().step) / seconds;
  }
  const double here = progress.steps_per_second > 0.0 ? progress.steps_per_second : mean_speed();
  if (here <= 0.0) return progress;
  progress.phase_eta_seconds = static_cast<double>(progress.phase_steps - progress.phase_step) / here;
  progress.eta_seconds = progress.phase_eta_seconds;
  for (size_t later = index + 1; later < phases_.size(); ++later) {
    const double speed = seconds_[later] > 0.0 && steps_[later] > 0
                             ? static_cast<double>(steps_[later]) / seconds_[later]
                             : here;
    progress.eta_seconds += static_cast<double>(phases_[later].steps) / speed;
  }
  return progress;
}

}  // namespace vaco
