// SPDX-License-Identifier: GPL-3.0-or-later
// The parts of a training step one by one, at the shapes of value learning (batch 256, two critics of 256 x
// 256).
#include <ATen/ATen.h>
#include <benchmark/benchmark.h>
#include <c10/core/InferenceMode.h>

#include "core/base/process_setup.h"
#include "core/base/rng.h"
#include "core/bench/benchmark.h"
#include "core/learn/parts/formula.h"
#include "core/nn/adam.h"
#include "core/nn/dnnl_gemm.h"
#include "core/nn/mlp.h"

namespace vaco {
namespace {

constexpr int64_t kBatch = 256;
constexpr MlpShape kCritics{.inputs = 17, .outputs = 1, .width = 256, .hidden_layers = 2, .copies = 2};

/// Critics with a tape that a forward pass has filled.
struct Bench {
  explicit Bench(int threads, bool layer_norm = false) : workers(threads) {
    auto shape = kCritics;
    shape.layer_norm = layer_norm;
    mlp = make_dnnl_mlp(shape, workers);
    Rng rng(1);
    parameters = at::zeros({shape.copies, shape.parameters()});
    initialize(shape, parameters, [&] { return rng.uniform(); });
    gradients = at::zeros_like(parameters);
    tape = mlp->make_tape(kBatch);
    tape->input.normal_();
    tape->output_gradient.normal_();
    mlp->forward(parameters, *tape);
  }
  c10::InferenceMode no_autograd;
  Workers workers;
  std::unique_ptr<Mlp> mlp;
  at::Tensor parameters, gradients;
  std::unique_ptr<Tape> tape;
};

void forward(benchmark::State& state) {
  Bench bench(static_cast<int>(state.range(0)), state.range(1) != 0);
  for (auto _ : state) bench.mlp->forward(bench.parameters, *bench.tape);
}
void backward(benchmark::State& state) {
  Bench bench(static_cast<int>(state.range(0)), state.range(1) != 0);
  for (auto _ : state) bench.mlp->backward(bench.parameters, *bench.tape, bench.gradients);
}
void backward_to_input(benchmark::State& state) {
  Bench bench(static_cast<int>(state.range(0)), state.range(1) != 0);
  for (auto _ : state) bench.mlp->backward_to_input(bench.parameters, *bench.tape);
}
void row_products(benchmark::State& state) {
  Bench bench(static_cast<int>(state.range(0)));
  bench.mlp->backward(bench.parameters, *bench.tape, bench.gradients);
  auto products = at::zeros({kCritics.copies, kBatch, 1});
  for (auto _ : state) bench.mlp->row_products(bench.parameters, *bench.tape, products);
}
void passes(benchmark::internal::Benchmark* all) {
  all->ArgNames({"threads", "layer_norm"})->ArgsProduct({{1, 2}, {0, 1}})->UseRealTime();
}
BENCHMARK(forward)->Apply(passes);
BENCHMARK(backward)->Apply(passes);
BENCHMARK(backward_to_input)->Apply(passes);
BENCHMARK(row_products)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime();

void step(benchmark::State& state, const char* phase, const char* precision) {
  if (precision == std::string("bfloat16") && !has_fast_bfloat16()) {
    state.SkipWithError("no bfloat16 products on this processor");
    return;
  }
  const auto update = benchmark_step(phase, 17, 6, static_cast<int>(state.range(0)), precision);
  for (auto _ : state) update();
}
void steps(benchmark::internal::Benchmark* all) {
  all->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime();
}
BENCHMARK_CAPTURE(step, value, "value", "float32")->Apply(steps);
BENCHMARK_CAPTURE(step, value_bfloat16, "value", "bfloat16")->Apply(steps);
BENCHMARK_CAPTURE(step, bilevel, "bilevel", "float32")->Apply(steps);
BENCHMARK_CAPTURE(step, bilevel_bfloat16, "bilevel", "bfloat16")->Apply(steps);
BENCHMARK_CAPTURE(step, bc, "bc", "float32")->Apply(steps);
BENCHMARK_CAPTURE(step, bc_bfloat16, "bc", "bfloat16")->Apply(steps);

void adam_and_polyak(benchmark::State& state) {
  Bench bench(static_cast<int>(state.range(0)));
  Adam adam(bench.parameters, {}, &bench.workers);
  auto target = bench.parameters.clone();
  for (auto _ : state) adam.step(bench.parameters, bench.gradients, target, 0.005);
}
BENCHMARK(adam_and_polyak)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime();

/// An empty job: what a fork and a join cost.
void workers_job(benchmark::State& state) {
  Workers workers(static_cast<int>(state.range(0)));
  for (auto _ : state) workers.run(state.range(0), [](int64_t i) { benchmark::DoNotOptimize(i); });
}
BENCHMARK(workers_job)->ArgName("threads")->Arg(1)->Arg(2)->UseRealTime();

void gather(benchmark::State& state) {
  const c10::InferenceMode no_autograd;
  const auto data = at::randn({100000, 17});
  auto out = at::zeros({kBatch, 17});
  const auto rows = at::randint(100000, {kBatch}, at::kLong);
  for (auto _ : state) gather_rows(data, rows, out);
}
BENCHMARK(gather);

void product(benchmark::State& state) {
  const GemmShape shape{.m = state.range(0),
                        .n = state.range(1),
                        .k = state.range(2),
                        .transpose_a = state.range(3) == 1,
                        .transpose_b = state.range(3) == 2};
  DnnlGemm gemm(shape);
  std::vector<float> a(static_cast<size_t>(shape.m * shape.k), 0.5f),
      b(static_cast<size_t>(shape.k * shape.n), 0.5f), c(static_cast<size_t>(shape.m * shape.n));
  for (auto _ : state) gemm.run(a.data(), b.data(), c.data());
  state.counters["GFLOP/s"] = benchmark::Counter(2e-9 * static_cast<double>(shape.m * shape.n * shape.k),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}
BENCHMARK(product)
    ->ArgNames({"m", "n", "k", "transposed"})
    ->Args({128, 256, 256, 0})  // a hidden layer's forward pass
    ->Args({256, 256, 128, 1})  // its weight gradient
    ->Args({128, 256, 256, 2})  // its input gradient
    ->Args({128, 256, 17, 0})   // the first layer's forward pass
    ->Args({17, 256, 128, 1})   // its weight gradient
    ->Args({128, 17, 256, 2})   // its input gradient
    ->Args({128, 1, 256, 0})    // a critic's last layer
    ->Args({256, 1, 128, 1})    // its weight gradient
    ->Args({128, 256, 1, 2})    // its input gradient
    ->UseRealTime();

}  // namespace
}  // namespace vaco

int main(int argc, char** argv) {
  vaco::prepare_process_environment(argv);
  vaco::let_stop_signals_through();
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
