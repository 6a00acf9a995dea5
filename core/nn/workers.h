// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <exception>
#include <thread>
#include <type_traits>
#include <vector>

namespace vaco {

/// A fork-join pool for the few dozen microseconds of work inside one training step. The calling thread works
/// too. Workers spin briefly between jobs (a step has many) and then sleep, so that a paused run costs nothing.
/// Each thread begins with its own equal stretch of the tasks, so that what it touches stays in its core's
/// cache from job to job, and then helps with the others'. Which thread takes which task is therefore open;
/// tasks never share an accumulator, and the numbers do not depend on the number of threads.
class Workers {
 public:
  /// threads >= 1, counting the caller.
  explicit Workers(int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  [[nodiscard]] int threads() const { return static_cast<int>(pool_.size()) + 1; }

  /// Calls task(0) ... task(count - 1), in any order and in parallel; returns when all are done. Throws what
  /// the first task that failed has thrown; others may then not have been called.
  template <class Task>
  void run(int64_t count, Task&& task) {
    if (pool_.empty() || count <= 1) {
      for (int64_t i = 0; i < count; ++i) task(i);
      return;
    }
    run_job(
        count, [](void* context, int64_t i) { (*static_cast<std::remove_reference_t<Task>*>(context))(i); },
        const_cast<void*>(static_cast<const void*>(&task)));
  }

  /// Splits [0, size) into equal ranges, multiples of 64 elements, and calls task(begin, end) for each.
  template <class Task>
  void run_ranges(int64_t size, Task&& task) {
    const int64_t parts = threads();
    const int64_t part = ((size + parts - 1) / parts + 63) / 64 * 64;
    run(parts, [&](int64_t i) {
      const int64_t begin = std::min(i * part, size), end = std::min(begin + part, size);
      if (begin < end) task(begin, end);
    });
  }

 private:
  using Function = void (*)(void*, int64_t);
  /// Job number (upper half) and next task (lower half) of one thread's stretch, in one word: a late worker
  /// cannot take tasks of a newer job.
  struct alignas(64) Stretch {
    std::atomic<uint64_t> next{0};
  };
  void run_job(int64_t count, Function function, void* context);
  void work_on(uint32_t job, size_t self);
  void call(int64_t task) noexcept;
  void loop(size_t self);

  // The job: written by the caller before a stretch offers its first task, read by whoever has taken one.
  Function function_ = nullptr;
  void* context_ = nullptr;
  std::atomic<int64_t> count_{0};
  std::atomic<uint32_t> job_{0};
  std::vector<Stretch> stretches_;
  std::atomic<int64_t> left_{0};
  std::atomic<bool> ending_{false};
  std::atomic<bool> failed_{false};  ///< a task of this job has thrown
  std::exception_ptr error_;         ///< written by the task that set failed_, read when the job is done
  std::vector<std::jthread> pool_;
};

}  // namespace vaco
