// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bench/benchmark.h"

#include <algorithm>
#include <bit>
#include <chrono>
#include <cmath>
#include <memory>

#include "core/base/rng.h"
#include "core/bench/autograd_reference.h"
#include "core/bench/phases.h"
#include "core/bench/random_data.h"
#include "core/bench/td3_autograd.h"
#include "core/device/library_threads.h"
#include "core/learn/algorithm.h"
#include "core/learn/algorithms/td3.h"
#include "core/nn/dnnl_gemm.h"
#include "core/nn/mlp.h"
#include "core/nn/workers.h"

namespace vaco {
namespace {

constexpr uint64_t kSeed = 0;

double now() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

/// Calls step for about the given time, after a little warming up; returns calls per second.
double rate_of(double seconds, const std::function<void()>& step) {
  for (int i = 0; i < 3; ++i) step();
  const double start = now();
  int64_t steps = 0;
  double end = start;
  for (; end - start < seconds; end = now(), ++steps) step();
  return static_cast<double>(steps) / (end - start);
}

ComputeOptions on_cpu(int threads, const std::string& precision) {
  return {.device = "cpu", .precision = precision, .threads = threads};
}

/// Multiply-adds of one forward pass times two, in GFLOP. The backward pass costs a product for the weights
/// and, above the first layer, one for the input; row products cost one.
struct Cost {
  double forward = 0.0, backward = 0.0, to_input = 0.0, row_products = 0.0;
};
Cost cost_of(int64_t in, int64_t out) {
  const double batch = 256, first = 2e-9 * batch * in * 256, middle = 2e-9 * batch * 256 * 256,
               last = 2e-9 * batch * 256 * out;
  const double all = first + middle + last;
  return {all, all + middle + last, all, all};
}

double gflop_per_step(const std::string& phase, int64_t obs_dim, int64_t action_dim) {
  const Cost critic = cost_of(obs_dim + action_dim, 1), value = cost_of(obs_dim, 1),
             policy = cost_of(obs_dim, action_dim), scoring = cost_of(obs_dim + action_dim + 1, 1);
  const double values = 4 * critic.forward + 2 * critic.backward + 2 * value.forward + value.backward;
  const double cloning = policy.forward + policy.backward;
  if (phase == "value") return values;
  if (phase == "bc") return cloning;
  if (phase == "iql") return values + cloning;
  // Every second step moves the policy, with one critic.
  if (phase == "td3_bc")
    return policy.forward + 4 * critic.forward + 2 * critic.backward +
           0.5 * (cloning + critic.forward + critic.to_input);
  // Each row goes back through the critic that is the lesser.
  return 2 * cloning + policy.row_products + 2 * critic.forward + critic.to_input + scoring.forward +
         scoring.backward;
}

/// One update of the autograd reference, ready to be called again and again.
std::function<void()> reference_of(const std::string& phase, const TrainingData& data) {
  // Of VACO's parameters, IQL has its own values for what only its policy step reads.
  const std::string start = phase == "iql" ? "value" : phase;
  const auto params = params_for(start);
  const auto state = at_phase(start, data, on_cpu(1, "float32"))->save();
  if (phase == "td3_bc") {
    const auto reference =
        std::make_shared<Td3AutogradReference>(read_params<Td3BcParams>(params).update, data, state, kSeed);
    return [reference] { reference->step(); };
  }
  const auto reference = std::make_shared<AutogradReference>(params, data, state);
  if (phase == "value") return [reference] { reference->value_step(); };
  if (phase == "bilevel") return [reference] { reference->bilevel_step(); };
  if (phase == "iql") return [reference] { reference->iql_step(3.0, 100.0); };
  return [reference] { reference->cloning_step(); };
}

UpdateBenchmark benchmark_one(const std::string& phase, const std::string& shape, int64_t obs_dim,
                              int64_t action_dim, int threads, double seconds) {
  const auto data = random_data(obs_dim, action_dim);
  const auto float32 = at_phase(phase, data, on_cpu(threads, "float32"));
  const auto bfloat16 = has_fast_bfloat16() ? at_phase(phase, data, on_cpu(threads, "bfloat16")) : nullptr;
  const auto reference_step = reference_of(phase, data);
  UpdateBenchmark row{
      .phase = phase, .shape = shape, .gflop_per_step = gflop_per_step(phase, obs_dim, action_dim)};
  constexpr int kRounds = 3;
  for (int round = 0; round < kRounds; ++round) {
    use_library_threads(1);
    row.engine_float32 = std::max(row.engine_float32, rate_of(seconds / kRounds, [&] { float32->update(); }));
    if (bfloat16)
      row.engine_bfloat16 =
          std::max(row.engine_bfloat16, rate_of(seconds / kRounds, [&] { bfloat16->update(); }));
    for (int count = 1; count <= threads; count *= 2) {
      use_library_threads(count);
      if (const double rate = rate_of(seconds / kRounds, reference_step); rate > row.autograd) {
        row.autograd = rate;
        row.autograd_threads = count;
      }
    }
  }
  use_library_threads(1);
  return row;
}

}  // namespace

std::vector<UpdateBenchmark> benchmark_updates(int threads, double seconds_each,
                                               const std::function<void(std::string_view)>& say) {
  struct Shape {
    const char* name;
    int64_t obs_dim, action_dim;
  };
  std::vector<UpdateBenchmark> rows;
  for (const auto& shape : {Shape{"hopper", 11, 3}, Shape{"halfcheetah", 17, 6}}) {
    for (const char* phase : {"value", "bilevel", "bc", "iql", "td3_bc"}) {
      if (say) say(std::string(phase) + ", " + shape.name);
      rows.push_back(benchmark_one(phase, shape.name, shape.obs_dim, shape.action_dim, threads, seconds_each));
    }
  }
  return rows;
}

std::function<void()> benchmark_step(const std::string& phase, int64_t obs_dim, int64_t action_dim, int threads,
                                     const std::string& precision) {
  const auto data = std::make_shared<TrainingData>(random_data(obs_dim, action_dim));
  const std::shared_ptr<Algorithm> engine = at_phase(phase, *data, on_cpu(threads, precision));
  return [data, engine] { engine->update(); };
}

double benchmark_gemm(int threads, double seconds, bool bfloat16) {
  constexpr int64_t kRows = 128, kWidth = 256;
  if (bfloat16 && !has_fast_bfloat16()) return 0.0;
  Workers workers(threads);
  struct Task {
    DnnlGemm gemm;
    std::vector<float> a = std::vector<float>(kRows * kWidth), b = std::vector<float>(kWidth * kWidth),
                       c = std::vector<float>(kRows * kWidth);
    std::vector<Bfloat16> half_a = std::vector<Bfloat16>(kRows * kWidth),
                          half_b = std::vector<Bfloat16>(kWidth * kWidth);
  };
  std::vector<Task> tasks;
  for (int t = 0; t < threads; ++t)
    tasks.push_back({.gemm = DnnlGemm({.m = kRows, .n = kWidth, .k = kWidth, .bfloat16 = bfloat16})});
  constexpr int kProducts = 8;
  const double calls = rate_of(seconds, [&] {
    workers.run(threads, [&](int64_t t) {
      auto& task = tasks[static_cast<size_t>(t)];
      for (int i = 0; i < kProducts; ++i) {
        if (bfloat16)
          task.gemm.run(task.half_a.data(), task.half_b.data(), task.c.data());
        else
          task.gemm.run(task.a.data(), task.b.data(), task.c.data());
      }
    });
  });
  return calls * threads * kProducts * 2e-9 * kRows * kWidth * kWidth;
}

uint64_t arithmetic_signature() {
  const auto data = random_data(11, 3);
  uint64_t hash = 0xcbf29ce484222325ull;
  for (const char* phase : {"value", "bc", "bilevel"}) {
    const auto engine = at_phase(phase, data, on_cpu(1, "float32"));
    for (int i = 0; i < 20; ++i) engine->update();
    const auto state = engine->save();
    for (const char* name :
         {"critic/parameters", "value/parameters", "policy/parameters", "scoring/parameters"})
      for (const float value : std::get<std::vector<float>>(state.at(name).values))
        hash = (hash ^ std::bit_cast<uint32_t>(value)) * 0x100000001b3ull;
  }
  return hash;
}

}  // namespace vaco
