// SPDX-License-Identifier: GPL-3.0-or-later
// The trust term with an ESS target, on weights that are free numbers, where the optimum is known.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/learn/bilevel.h"

namespace vaco {
namespace {

double ess_of(const at::Tensor& w) {
  return (w.sum().square() / (w.square().sum() * static_cast<double>(w.numel()))).item<double>();
}

TEST(AdaptTrust, RisesBelowTheTargetAndFallsAboveItByAClosedForm) {
  auto trust = at::full({}, 2.0, at::kDouble);
  adapt_trust(at::full({}, 0.3, at::kDouble), 0.5, trust);
  EXPECT_NEAR(trust.item<double>(), 2.0 * std::exp(2e-3 * 0.2), 1e-12);
  adapt_trust(at::full({}, 0.9, at::kDouble), 0.5, trust);
  EXPECT_NEAR(trust.item<double>(), 2.0 * std::exp(2e-3 * -0.2), 1e-12);
}

TEST(AdaptTrust, StaysFiniteWhenTheTargetCannotBeReached) {
  auto trust = at::full({}, 1.0, at::kDouble);
  for (int i = 0; i < 8000; ++i) adapt_trust(at::full({}, 0.001, at::kDouble), 1.0, trust);
  EXPECT_LE(trust.item<double>(), 1e3);
}

TEST(AdaptTrust, AscentEndsAtTheTargetWithWeightsLinearInTheAlignment) {
  // max Σ c w̃ under ESS >= target and mean w̃ = 1 has the solution w̃ = 1 + (c − mean c) / λ.
  constexpr double kTarget = 0.8, kStep = 0.05;
  at::manual_seed(3);
  const auto c = at::randn({256, 1}, at::kDouble);
  auto w = at::ones_like(c), direction = at::zeros_like(c), trust = at::full({}, 2.0, at::kDouble);
  for (int i = 0; i < 6000; ++i) {
    const auto normalized = w / w.mean();
    ascent_direction(c, normalized, w, WeightNormalization::batch, trust, direction);
    w += kStep * static_cast<double>(w.numel()) * direction;
    adapt_trust(at::full({}, ess_of(w), at::kDouble), kTarget, trust);
  }
  EXPECT_NEAR(ess_of(w), kTarget, 0.01);
  const auto expected = 1.0 + (c - c.mean()) / (c.abs().mean() * trust);
  EXPECT_LT(((w / w.mean() - expected).norm() / expected.norm()).item<double>(), 0.01);
}

}  // namespace
}  // namespace vaco
