// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bench/device_benchmark.h"

#include <atomic>
#include <barrier>
#include <chrono>
#include <exception>
#include <optional>
#include <stdexcept>
#include <stop_token>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/threads.h"
#include "core/bench/phases.h"
#include "core/bench/random_data.h"
#include "core/device/check_compute.h"

namespace vaco {
namespace {

using Clock = std::chrono::steady_clock;

/// Steps until the device must have done them: a card is given work far ahead of what it has done.
constexpr int kStepsBetweenReads = 500;

void take_steps(Algorithm& algorithm, int steps) {
  for (int i = 0; i < steps; ++i) algorithm.update();
  static_cast<void>(algorithm.take_metrics());  // reads the device
}

double rate_of(const std::string& phase, const TrainingData& data, const ComputeOptions& compute, int runs,
               double seconds) {
  std::barrier ready(runs + 1);
  std::atomic<int64_t> steps{0};
  std::atomic<bool> failed{false};
  std::exception_ptr problem;
  std::vector<std::jthread> threads;
  Clock::time_point end;
  std::optional<Error> missing;
  for (int run = 0; run < runs && !missing; ++run) {
    auto thread = start_thread([&, run](const std::stop_token&) {
      std::unique_ptr<Algorithm> algorithm;
      try {
        algorithm = at_phase(phase, data, compute, static_cast<uint64_t>(run));
        if (algorithm) take_steps(*algorithm, 20);
      } catch (...) {
        if (!failed.exchange(true)) problem = std::current_exception();
      }
      ready.arrive_and_wait();
      ready.arrive_and_wait();  // end is known
      while (algorithm && !failed && Clock::now() < end) {
        take_steps(*algorithm, kStepsBetweenReads);
        steps += kStepsBetweenReads;
      }
    });
    if (thread)
      threads.push_back(std::move(*thread));
    else
      missing = thread.error();
  }
  if (missing) {
    // Those that run wait for as many as were asked for.
    failed = true;
    for (size_t absent = threads.size(); absent < static_cast<size_t>(runs); ++absent) ready.arrive_and_drop();
  }
  ready.arrive_and_wait();
  const auto start = Clock::now();
  end = start + std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(seconds));
  ready.arrive_and_wait();
  for (auto& thread : threads) thread.join();
  if (missing) throw std::runtime_error(missing->message);
  if (problem) std::rethrow_exception(problem);
  return static_cast<double>(steps) / std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

Result<std::vector<DeviceRate>> benchmark_device(const ComputeOptions& compute,
                                                 const std::vector<std::string>& phases,
                                                 const std::vector<int>& runs, double seconds_each,
                                                 const std::function<void(std::string_view)>& say) {
  if (auto checked = check_compute(compute); !checked) return checked.error();
  const auto data = random_data(17, 6, 100);
  std::vector<DeviceRate> rates;
  for (const auto& phase : phases)
    for (const int count : runs) {
      if (say) say(phase + ", " + std::to_string(count) + (count == 1 ? " run" : " runs at once"));
      try {
        rates.push_back({.phase = phase,
                         .runs = count,
                         .steps_per_second = rate_of(phase, data, compute, count, seconds_each)});
      } catch (const std::exception& error) {
        return Error{ErrorCode::failed, phase + " on " + compute.device + ": " + error.what()};
      }
    }
  return rates;
}

}  // namespace vaco
