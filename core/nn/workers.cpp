// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/workers.h"

#include <algorithm>
#include <utility>

#include "core/base/threads.h"

namespace vaco {
namespace {

// About 50 microseconds: longer than the serial gaps of a step, far shorter than a scheduler's slice.
constexpr int kSpins = 2000;
constexpr uint64_t kNoneLeft = 0xffffffffu;

/// First task of a thread's stretch.
uint64_t begin_of(size_t stretch, size_t stretches, int64_t count) {
  return stretch * static_cast<uint64_t>(count) / stretches;
}

void relax() {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#endif
}

template <class T>
void wait_until_changed(const std::atomic<T>& word, T old) {
  for (int i = 0; i < kSpins; ++i) {
    if (word.load(std::memory_order_acquire) != old) return;
    relax();
  }
  word.wait(old, std::memory_order_acquire);
}

}  // namespace

Workers::Workers(int threads) : stretches_(static_cast<size_t>(std::max(1, threads))) {
  // The destructor of a half-made object is not called: threads that wait would be joined for ever.
  pool_.reserve(stretches_.size() - 1);
  for (size_t i = 1; i < stretches_.size(); ++i) {
    auto thread = start_thread([this, i](const std::stop_token&) { loop(i); });
    if (!thread) break;
    pool_.push_back(std::move(*thread));
  }
}

Workers::~Workers() {
  ending_ = true;
  job_.fetch_add(1);
  job_.notify_all();
}

void Workers::run_job(int64_t count, Function function, void* context) {
  const uint32_t job = job_.load(std::memory_order_relaxed) + 1;
  // A worker may still look at the last job: first shut it out, then change the description behind the shut
  // doors.
  for (auto& stretch : stretches_)
    stretch.next.store((uint64_t{job} << 32) | kNoneLeft, std::memory_order_seq_cst);
  function_ = function;
  context_ = context;
  // Whoever sees the new count sees the doors shut, and can take no task that the last job never had.
  count_.store(count, std::memory_order_release);
  left_.store(count, std::memory_order_relaxed);
  for (size_t s = 0; s < stretches_.size(); ++s)
    stretches_[s].next.store((uint64_t{job} << 32) | begin_of(s, stretches_.size(), count),
                             std::memory_order_release);
  job_.store(job, std::memory_order_release);
  job_.notify_all();
  work_on(job, 0);
  for (int64_t left = left_.load(std::memory_order_acquire); left != 0;
       left = left_.load(std::memory_order_acquire))
    wait_until_changed(left_, left);
  if (!failed_.load(std::memory_order_relaxed)) return;
  failed_.store(false, std::memory_order_relaxed);
  std::rethrow_exception(std::exchange(error_, nullptr));
}

void Workers::call(int64_t task) noexcept {
  try {
    function_(context_, task);
  } catch (...) {
    if (!failed_.exchange(true)) error_ = std::current_exception();
  }
}

void Workers::work_on(uint32_t job, size_t self) {
  const size_t threads = stretches_.size();
  for (size_t k = 0; k < threads; ++k) {
    const size_t s = (self + k) % threads;
    auto& stretch = stretches_[s].next;
    uint64_t next = stretch.load(std::memory_order_acquire);
    for (;;) {
      if (static_cast<uint32_t>(next >> 32) != job) return;
      if ((next & kNoneLeft) >= begin_of(s + 1, threads, count_.load(std::memory_order_acquire))) break;
      if (!stretch.compare_exchange_weak(next, next + 1, std::memory_order_acq_rel, std::memory_order_acquire))
        continue;
      call(static_cast<int64_t>(next & kNoneLeft));
      if (left_.fetch_sub(1, std::memory_order_acq_rel) == 1) left_.notify_all();
      next = stretch.load(std::memory_order_acquire);
    }
  }
}

void Workers::loop(size_t self) {
  uint32_t seen = 0;
  while (!ending_.load(std::memory_order_acquire)) {
    wait_until_changed(job_, seen);
    seen = job_.load(std::memory_order_acquire);
    work_on(seen, self);
  }
}

}  // namespace vaco
