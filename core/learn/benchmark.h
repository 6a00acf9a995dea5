// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace vaco {

/// Speed of one kind of update: the engine beside the same update in libtorch autograd.
struct UpdateBenchmark {
  std::string phase;     ///< "value", "bilevel", "bc"
  std::string shape;     ///< "hopper" (11, 3) or "halfcheetah" (17, 6)
  double engine = 0.0;   ///< steps per second, float32
  double referee = 0.0;  ///< steps per second, at its best number of threads
  int referee_threads = 1;
  double gflop_per_step = 0.0;  ///< useful work of the engine's update, multiply and add counted as two
};

/// Measures value learning, VACO's bi-level step (the referee uses double backward) and cloning, batch 256,
/// three-layer networks of 256, on random data. Engine and referee take turns, so that a change of the
/// machine's speed hits both. Takes about seconds_each for each side of each of the six rows.
std::vector<UpdateBenchmark> benchmark_updates(int threads, double seconds_each,
                                               const std::function<void(std::string_view)>& say);

/// One update of a phase as benchmark_updates() measures it, ready to be called again and again.
std::function<void()> benchmark_step(const std::string& phase, int64_t obs_dim, int64_t action_dim,
                                     int threads);

/// float32 GFLOP/s of the [128, 256] x [256, 256] products that dominate an update, on all threads at once.
double benchmark_gemm(int threads, double seconds);

/// A number that changes only when the arithmetic of the updates does (on the same kind of processor).
uint64_t arithmetic_signature();

}  // namespace vaco
