// SPDX-License-Identifier: GPL-3.0-or-later
// The loops of formulas against torch's operations on the same numbers.
#include "core/learn/parts/formula.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "core/device/step_graph.h"

namespace vaco {
namespace {

at::Tensor randn(at::IntArrayRef sizes, uint64_t seed = 0) {
  at::manual_seed(seed);
  return at::randn(sizes);
}

void expect_same(const at::Tensor& a, const at::Tensor& b) {
  EXPECT_TRUE(at::equal(a, b)) << (a - b).abs().max().item<float>();
}

const auto weigh = [](auto x, auto w, auto c, auto shift) { return x * w * c + shift; };

TEST(Formula, LoopsRepeatWhatIsBroadcast) {
  const auto x = randn({2, 7, 3}, 1), row = randn({7, 1}, 2), column = randn({3}, 3), scalar = randn({}, 4);
  auto result = at::zeros({2, 7, 3});
  ASSERT_TRUE(runs_as_loop(result));
  evaluate(result, weigh, x, row, 0.5, column);
  expect_same(result, x * row * 0.5 + column);
  evaluate(result, weigh, x, scalar, 2.0, x);
  expect_same(result, x * scalar * 2.0 + x);
  assign(result, column);
  expect_same(result, column.expand({2, 7, 3}));
}

TEST(Formula, LoopsReadAndWriteParts) {
  const auto x = randn({9, 2}, 1), whole = randn({9, 5}, 2);
  auto result = whole.clone();
  evaluate(
      result.narrow(1, 2, 2), [](auto a, auto b) { return a - b; }, x, whole.narrow(1, 1, 2));
  auto expected = whole.clone();
  expected.narrow(1, 2, 2).copy_(x - whole.narrow(1, 1, 2));
  expect_same(result, expected);
}

TEST(Formula, TheResultMayBeAnArgument) {
  auto x = randn({6, 4}, 1);
  const auto expected = x * 3.0 - 1.0;
  evaluate(
      x, [](auto v, auto c) { return v * c - 1.0f; }, x, 3.0);
  expect_same(x, expected);
}

TEST(Formula, ConditionsAreOnesAndZeros) {
  const auto a = randn({8, 1}, 1), b = randn({8, 1}, 2);
  auto result = at::zeros({8, 1});
  evaluate(
      result, [](auto p, auto q) { return p <= q; }, a, b);
  expect_same(result, a.le(b).to(at::kFloat));
}

TEST(Formula, SumsAgreeWithTorch) {
  const auto x = randn({2, 50, 1}, 1), w = randn({50, 1}, 2);
  auto sum = at::zeros({});
  evaluate_sum(
      sum, [](auto v, auto weight, auto c) { return v * weight * c; }, x, w, 0.1);
  EXPECT_NEAR(sum.item<double>(), (x.to(at::kDouble) * w * 0.1).sum().item<double>(), 1e-5);
}

TEST(Formula, DoublePrecisionIsTorchs) {
  const auto x = randn({5, 2}, 1).to(at::kDouble);
  auto result = at::zeros_like(x), sum = at::zeros({}, at::kDouble);
  ASSERT_FALSE(runs_as_loop(result));
  evaluate(
      result, [](auto v, auto low, auto c) { return at_most(at_least(v, low), c); }, x, -0.1, 0.1);
  expect_same(result, x.clamp(-0.1, 0.1));
  evaluate_sum(
      sum, [](auto v, auto c) { return v * c; }, x, 1.0 / 3.0);
  EXPECT_DOUBLE_EQ(sum.item<double>(), (x * (1.0 / 3.0)).sum().item<double>());
}

TEST(Formula, NaNGoesThroughLimitsAsInTorch) {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  EXPECT_TRUE(std::isnan(smaller(nan, 1.0f)));
  EXPECT_TRUE(std::isnan(smaller(1.0f, nan)));
  EXPECT_TRUE(std::isnan(at_least(nan, 0.0f)));
  EXPECT_TRUE(std::isnan(at_most(nan, 0.0f)));
  EXPECT_EQ(smaller(2.0f, 1.0f), 1.0f);
  EXPECT_EQ(at_least(-2.0f, 1.0f), 1.0f);
  EXPECT_EQ(at_most(2.0f, 1.0f), 1.0f);
}

TEST(Formula, AnObservedStepIsTorchs) {
  auto result = at::zeros({2, 2});
  observe_steps([](int64_t, const std::function<void()>& work) { work(); });
  EXPECT_FALSE(runs_as_loop(result));
  observe_steps({});
  EXPECT_TRUE(runs_as_loop(result));
}

/// As on a card, where one launch does them all: what takes a result within the sequence takes it too early.
TEST(Formula, InTorchASequenceWaitsForItsEnd) {
  const auto x = at::full({4}, 3.0, at::kDouble);
  auto doubled = at::zeros({4}, at::kDouble), early = at::zeros({4}, at::kDouble), mean = at::Tensor();
  together([&] {
    evaluate(
        doubled, [](auto of) { return of * 2.0; }, x);
    early.copy_(doubled);
    mean = mean_of(doubled);
  });
  expect_same(doubled, x * 2.0);
  expect_same(mean, doubled.mean());
  expect_same(early, at::zeros({4}, at::kDouble));
  together([&] {
    assign(doubled, x);
    finish_formulas();
    early.copy_(doubled);
  });
  expect_same(early, x);
}

TEST(Formula, GathersTheRowsOfATable) {
  const auto table = randn({100, 5}, 1);
  const auto rows = at::randint(100, {31}, at::kLong);
  auto gathered = at::zeros({31, 5}), doubles = at::zeros({31, 5}, at::kDouble);
  gather_rows(table, rows, gathered);
  expect_same(gathered, table.index_select(0, rows));
  gather_rows(table.to(at::kDouble), rows, doubles);
  expect_same(doubles, table.to(at::kDouble).index_select(0, rows));
}

}  // namespace
}  // namespace vaco
