// SPDX-License-Identifier: GPL-3.0-or-later
// The weight budget on weights that are free numbers in [0, 1], where the optimum is known.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/learn/parts/bilevel.h"
#include "tests/learn/toy_data.h"

namespace vaco {
namespace {

std::unique_ptr<Compute> double_precision() {
  return std::move(*Compute::make({.device = "reference", .precision = "float64", .threads = 1}));
}

TEST(WeightBudget, WithoutABudgetThereIsNoMultiplier) {
  const auto compute = double_precision();
  WeightBudget budget(*compute, 0.0);
  EXPECT_FALSE(budget.is_set());
  EXPECT_FALSE(budget.multiplier(at::ones({4, 1}, at::kDouble)).defined());
}

TEST(WeightBudget, TheMultiplierFollowsTheErrorOfTheMeanOutsideTheBounds) {
  const auto compute = double_precision();
  WeightBudget budget(*compute, 0.4);
  const auto multiplier_at = [&](double mean) {
    return budget.multiplier(at::full({8, 1}, mean, at::kDouble)).item<double>();
  };
  EXPECT_NEAR(multiplier_at(0.3), 0.0, 1e-12);
  EXPECT_NEAR(multiplier_at(0.7), 0.3, 1e-12);
  EXPECT_NEAR(multiplier_at(0.4), 1e-3 * 0.3, 1e-12);
  EXPECT_NEAR(multiplier_at(0.1), -0.1 + 1e-3 * 0.3, 1e-12);
  EXPECT_NEAR(multiplier_at(0.2), -1e-3 * 0.1, 1e-12)
      << "the bound on too much has let go, that on too little holds";
}

TEST(WeightBudget, GoesOnFromItsSavedState) {
  const auto compute = std::move(*Compute::make({.device = "cpu", .precision = "float32", .threads = 1}));
  WeightBudget one(*compute, 0.4), two(*compute, 0.4);
  for (int i = 0; i < 10; ++i) one.multiplier(at::full({8, 1}, 0.9f));
  StateDict state;
  auto saving = StateArchive::saving_to(state);
  one.visit(saving);
  auto loading = StateArchive::loading_from(state);
  two.visit(loading);
  ASSERT_TRUE(loading.result());
  const auto scores = at::full({8, 1}, 0.1f);
  EXPECT_EQ(one.multiplier(scores).item<float>(), two.multiplier(scores).item<float>());
}

/// Gradient ascent of w = sigmoid(f) on Σ c w under a budget.
at::Tensor ascend(const at::Tensor& c, double share) {
  const auto compute = double_precision();
  WeightBudget budget(*compute, share);
  auto f = at::zeros_like(c), direction = at::zeros_like(c);
  for (int i = 0; i < 20000; ++i) {
    const auto w = at::sigmoid(f);
    ascent_direction(c, w, w, WeightNormalization::none, 0.0, budget.multiplier(w), direction);
    f += static_cast<double>(c.numel()) * direction * w * (1.0 - w);
  }
  return at::sigmoid(f);
}

double ess_of(const at::Tensor& w) {
  return (w.sum().square() / (w.square().sum() * static_cast<double>(w.numel()))).item<double>();
}

TEST(WeightBudget, FillsTheBestAlignedShareWhereverTheZeroLies) {
  // max Σ c w over 0 ≤ w ≤ 1 with mean w ≤ ρ is 1 for the largest ρ B alignments and 0 for the others; where
  // all are negative it is so with ρ/2.
  constexpr double kBudget = 0.5;
  constexpr int64_t kSamples = 200;
  const auto spread = at::linspace(-1, 1, kSamples, at::kDouble).view({kSamples, 1});
  for (const double zero : {-1.2, 1.2}) {
    const auto w = ascend(spread + zero, kBudget);
    const double share = zero > 0 ? kBudget : kBudget / 2;
    EXPECT_NEAR(w.mean().item<double>(), share, 0.03);
    EXPECT_GT(w[kSamples - 5].item<double>(), 0.9) << zero;
    EXPECT_LT(w[kSamples / 4].item<double>(), 0.1) << zero;
    EXPECT_GE(ess_of(w), kBudget / 2);
  }
}

TEST(WeightBudget, ChangesNothingWhileTheMeanKeepsWithinIt) {
  const auto c = at::tensor({-1.0, -1.0, -1.0, 1.0, -1.0, -1.0, 1.0, 1.0}, at::kDouble).view({8, 1});
  EXPECT_LT((ascend(c, 0.55) - ascend(c, 0.0)).abs().max().item<double>(), 1e-9);
}

TEST(WeightBudget, IsNotSetWhereWeightsAreNormalized) {
  // A multiplier that is the same for every sample does not move weights of mean 1.
  const auto data = testing::random_data(3, 2);
  const auto trained = [&data](const std::string& budget) {
    const auto params = testing::make_params("vaco", {{"hidden_width", "16"},
                                                      {"batch_size", "32"},
                                                      {"value_steps", "2"},
                                                      {"warmup_steps", "0"},
                                                      {"bilevel_steps", "20"},
                                                      {"cloning_steps", "0"},
                                                      {"weight_normalization", "batch"},
                                                      {"weight_budget", budget}});
    const auto run = std::move(*make_algorithm("vaco", params, data, 1, {}));
    for (int i = 0; i < 22; ++i) run->update();
    return run->save();
  };
  EXPECT_TRUE(trained("0.3") == trained("0"));
}

}  // namespace
}  // namespace vaco
