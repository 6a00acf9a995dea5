// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/mlp.h"

#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include <atomic>
#include <stdexcept>

#include "core/base/rng.h"
#include "core/nn/dnnl_gemm.h"
#include "tests/nn/autograd_mlp.h"

namespace vaco {
namespace {

using testing::autograd_forward;
using testing::relative_error;

struct Case {
  const char* name;
  MlpShape shape;
  int64_t rows;
};

class MlpPasses : public ::testing::TestWithParam<Case> {
 protected:
  void SetUp() override { at::manual_seed(1); }
  at::Tensor random_parameters(at::ScalarType type = at::kFloat) const {
    Rng rng(3);
    auto parameters = at::empty({GetParam().shape.copies, GetParam().shape.parameters()}, type);
    initialize(GetParam().shape, parameters, [&] { return rng.uniform(); });
    // Normalizations start as the identity; only scales and shifts of their own can show a mistake.
    if (GetParam().shape.layer_norm)
      parameters.add_(at::sin(at::arange(parameters.numel(), parameters.options()).view_as(parameters)), 0.1);
    return parameters;
  }
  /// backward_to_input() where in each copy only some rows have a gradient, and in the last one none.
  void check_few_rows(const Mlp& mlp, const at::Tensor& parameters, Tape& tape, double tolerance,
                      double (*error)(const at::Tensor&, const at::Tensor&)) const {
    const auto& shape = GetParam().shape;
    for (const int64_t every : {2, 7}) {
      tape.output_gradient.normal_();
      for (int64_t copy = 0; copy < shape.copies; ++copy)
        for (int64_t row = 0; row < tape.rows; ++row)
          if (row % every != copy % every || (copy > 0 && copy == shape.copies - 1))
            tape.output_gradient[copy][row].zero_();
      mlp.backward_to_input(parameters, tape);
      const auto x = tape.input.to(at::kDouble).clone().requires_grad_();
      const auto out = autograd_forward(shape, parameters.to(at::kDouble), x);
      const auto expected = torch::autograd::grad({out}, {x}, {tape.output_gradient.to(at::kDouble)})[0];
      EXPECT_LT(error(tape.input_gradient.sum(0), expected), tolerance) << "every " << every;
    }
  }
  /// Checks all passes of a back end against autograd in double precision.
  void check(const Mlp& mlp, double tolerance, at::ScalarType type,
             double (*error)(const at::Tensor&, const at::Tensor&) = relative_error) const {
    const auto& [name, shape, rows] = GetParam();
    const auto parameters = random_parameters(type);
    const auto direction = at::randn_like(parameters);
    auto tape = mlp.make_tape(rows);
    tape->input.copy_(at::randn({rows, shape.inputs}));
    tape->output_gradient.copy_(at::randn({shape.copies, rows, shape.outputs}));
    auto gradients = at::empty_like(parameters);
    mlp.forward(parameters, *tape);
    mlp.backward(parameters, *tape, gradients);
    mlp.backward_to_input(parameters, *tape);
    const auto input_gradient = tape->input_gradient.clone();
    mlp.backward_to_input(parameters, *tape, shape.inputs - 1);
    const auto last_column = tape->input_gradient.narrow(2, shape.inputs - 1, 1).clone();

    const auto p = parameters.to(at::kDouble).clone().requires_grad_();
    const auto x = tape->input.to(at::kDouble).clone().requires_grad_();
    const auto out = autograd_forward(shape, p, x);
    const auto seed = tape->output_gradient.to(at::kDouble).clone().requires_grad_();
    const auto grads = torch::autograd::grad({out}, {p, x}, {seed}, true, true);
    EXPECT_LT(error(tape->output, out), tolerance);
    EXPECT_LT(error(gradients, grads[0]), tolerance);
    EXPECT_LT(error(input_gradient.sum(0), grads[1]), tolerance);
    EXPECT_LT(error(last_column.sum(0), grads[1].narrow(1, shape.inputs - 1, 1)), tolerance);
    // Forward mode by differentiating the (linear in seed) vector-Jacobian product once more.
    if (shape.layer_norm) return;
    const auto tangent = torch::autograd::grad({grads[0]}, {seed}, {direction.to(at::kDouble)}, true)[0];
    auto products = at::empty({shape.copies, rows, 1}, parameters.options());
    const auto weights = at::rand({rows, 1}, parameters.options());
    mlp.backward(parameters, *tape, gradients, weights);
    mlp.row_products(direction, *tape, products);
    EXPECT_LT(error(products, (seed * tangent).sum(2, true)), tolerance);
    const auto weighted = torch::autograd::grad({out}, {p}, {seed * weights.to(at::kDouble)}, true)[0];
    EXPECT_LT(error(gradients, weighted), tolerance);
    // With few rows, one at the brink of a ReLU weighs more.
    check_few_rows(mlp, parameters, *tape, 2 * tolerance, error);
  }
};

TEST_P(MlpPasses, TorchBackEndInDoublePrecisionIsExact) {
  check(*make_torch_mlp(GetParam().shape, at::kCPU, at::kDouble), 1e-12, at::kDouble);
}

TEST_P(MlpPasses, TorchBackEndAgreesWithAutograd) {
  check(*make_torch_mlp(GetParam().shape, at::kCPU), 2e-5, at::kFloat);
}

TEST_P(MlpPasses, OneDnnBackEndAgreesWithAutograd) {
  Workers workers(1);
  check(*make_dnnl_mlp(GetParam().shape, workers), 2e-5, at::kFloat);
}

TEST_P(MlpPasses, Bfloat16AgreesWithinItsDigits) {
  if (!has_fast_bfloat16()) GTEST_SKIP() << "no bfloat16 products on this processor";
  Workers workers(1);
  const auto& shape = GetParam().shape;
  const auto rounding = make_dnnl_mlp(shape, workers, true);
  // In the mean: where a unit is at the brink of ReLU, rounding moves one row's gradient by much.
  check(*rounding, 7e-2, at::kFloat,
        [](const at::Tensor& a, const at::Tensor& b) { return ((a - b).norm() / b.norm()).item<double>(); });
  // Only products between hidden layers are rounded, and they are.
  const auto exact = make_dnnl_mlp(shape, workers);
  const auto parameters = random_parameters();
  const auto a = rounding->make_tape(GetParam().rows), b = exact->make_tape(GetParam().rows);
  a->input.normal_();
  b->input.copy_(a->input);
  rounding->forward(parameters, *a);
  exact->forward(parameters, *b);
  EXPECT_TRUE(at::equal(a->hidden[0], b->hidden[0]));
  EXPECT_EQ(at::equal(a->output, b->output), shape.hidden_layers < 2);
  EXPECT_LT(relative_error(a->output, b->output), 2e-2);
}

TEST_P(MlpPasses, NumbersDoNotDependOnTheNumberOfThreads) {
  for (const bool bfloat16 : {false, has_fast_bfloat16()}) {
    std::vector<at::Tensor> results;
    for (const int threads : {1, 2, 3}) {
      Workers workers(threads);
      const auto mlp = make_dnnl_mlp(GetParam().shape, workers, bfloat16);
      const auto parameters = random_parameters();
      auto tape = mlp->make_tape(GetParam().rows);
      at::manual_seed(5);
      tape->input.copy_(at::randn_like(tape->input));
      tape->output_gradient.copy_(at::randn_like(tape->output_gradient));
      auto gradients = at::empty_like(parameters);
      mlp->forward(parameters, *tape);
      mlp->backward(parameters, *tape, gradients);
      results.push_back(gradients);
    }
    EXPECT_TRUE(at::equal(results[0], results[1]));
    EXPECT_TRUE(at::equal(results[0], results[2]));
  }
}

INSTANTIATE_TEST_SUITE_P(
    Shapes, MlpPasses,
    ::testing::Values(
        Case{"critics", {.inputs = 14, .outputs = 1, .width = 256, .hidden_layers = 2, .copies = 2}, 256},
        Case{"policy", {.inputs = 11, .outputs = 3, .width = 256, .hidden_layers = 2, .copies = 1}, 256},
        Case{"odd", {.inputs = 5, .outputs = 2, .width = 19, .hidden_layers = 3, .copies = 3}, 131},
        Case{"normalized",
             {.inputs = 14, .outputs = 1, .width = 256, .hidden_layers = 3, .copies = 2, .layer_norm = true},
             256},
        Case{"normalized_odd",
             {.inputs = 5, .outputs = 2, .width = 19, .hidden_layers = 2, .copies = 3, .layer_norm = true},
             131},
        Case{"tiny", {.inputs = 1, .outputs = 1, .width = 8, .hidden_layers = 1, .copies = 1}, 3}),
    [](const auto& case_info) { return case_info.param.name; });

TEST(Mlp, NormalizationsStartAsPlainOnes) {
  const MlpShape shape{.inputs = 4, .outputs = 1, .width = 32, .hidden_layers = 2, .layer_norm = true};
  Rng rng(3);
  auto parameters = at::empty({1, shape.parameters()});
  initialize(shape, parameters, [&] { return rng.uniform(); });
  const auto mlp = make_torch_mlp(shape, at::kCPU);
  const auto tape = mlp->make_tape(10);
  tape->input.copy_(at::arange(40).view({10, 4}).sub_(20));
  mlp->forward(parameters, *tape);
  for (const auto& hidden : tape->hidden) {
    EXPECT_LT(hidden.mean(-1).abs().max().item<float>(), 1e-5);
    EXPECT_LT((hidden.square().mean(-1) - 1).abs().max().item<float>(), 1e-3);
  }
}

TEST(Workers, RunsEveryTaskOnceAndSurvivesManyJobs) {
  Workers workers(4);
  std::vector<int> counts(37);
  for (int job = 0; job < 20000; ++job)
    workers.run(job % 38, [&](int64_t i) { ++counts[static_cast<size_t>(i)]; });
  for (int i = 0; i < 37; ++i) {
    int expected = 0;
    for (int job = 0; job < 20000; ++job) expected += job % 38 > i;
    EXPECT_EQ(counts[static_cast<size_t>(i)], expected);
  }
}

TEST(Workers, ThrowWhatATaskHasThrownAndGoOn) {
  for (const int threads : {1, 3}) {
    Workers workers(threads);
    std::atomic<int> called{0};
    const auto failing = [&called](int64_t i) {
      ++called;
      if (i % 2 == 1) throw std::runtime_error("task failed");
    };
    for (int job = 0; job < 100; ++job) EXPECT_THROW(workers.run(8, failing), std::runtime_error);
    called = 0;
    workers.run(8, [&called](int64_t) { ++called; });
    EXPECT_EQ(called, 8) << threads;
  }
}

TEST(Workers, RangesCoverEverythingOnce) {
  Workers workers(3);
  for (const int64_t size : {1, 63, 64, 65, 1000, 4097}) {
    std::vector<int> seen(static_cast<size_t>(size));
    workers.run_ranges(size, [&](int64_t begin, int64_t end) {
      for (int64_t i = begin; i < end; ++i) ++seen[static_cast<size_t>(i)];
    });
    EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), size);
  }
}

}  // namespace
}  // namespace vaco
