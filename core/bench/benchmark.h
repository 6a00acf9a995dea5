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
  std::string phase;             ///< "value", "bilevel", "bc", "iql", "td3_bc"
  std::string shape;             ///< "hopper" (11, 3) or "halfcheetah" (17, 6)
  double engine_float32 = 0.0;   ///< steps per second
  double engine_bfloat16 = 0.0;  ///< steps per second; 0 where the processor has no fast bfloat16
  double autograd = 0.0;         ///< steps per second, float32, at its best number of threads
  int autograd_threads = 1;
  double gflop_per_step = 0.0;  ///< useful work of the engine's update, multiply and add counted as two
};

/// Measures value learning, VACO's bi-level step (whose autograd reference uses double backward), cloning, IQL
/// with a deterministic policy, and TD3+BC: batch 256, three-layer networks of 256, on random data. Engine and
/// reference take turns, so that a change of the machine's speed hits both. Takes about seconds_each for each
/// side (float32, bfloat16, the reference at each number of threads) of each of the ten rows.
std::vector<UpdateBenchmark> benchmark_updates(int threads, double seconds_each,
                                               const std::function<void(std::string_view)>& say);

/// One update of a phase as benchmark_updates() measures it, ready to be called again and again.
std::function<void()> benchmark_step(const std::string& phase, int64_t obs_dim, int64_t action_dim, int threads,
                                     const std::string& precision = "float32");

/// GFLOP/s of the [128, 256] x [256, 256] products that dominate an update, on all threads at once, with the
/// factors in float32 or bfloat16; 0 where the processor has no fast bfloat16.
double benchmark_gemm(int threads, double seconds, bool bfloat16);

/// A number that changes only when the arithmetic of the updates does (on the same kind of processor).
uint64_t arithmetic_signature();

}  // namespace vaco
