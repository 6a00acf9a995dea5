// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/adam.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/optim/adam.h>

#include "tests/nn/autograd_mlp.h"

namespace vaco {
namespace {

using testing::relative_error;

TEST(Adam, AgreesWithTorchOverTenSteps) {
  at::manual_seed(2);
  auto ours = at::randn({2, 501});
  auto theirs = ours.clone().requires_grad_();
  torch::optim::Adam reference({theirs}, torch::optim::AdamOptions(3e-4));
  Workers workers(2);
  Adam adam(ours, {.learning_rate = 3e-4}, &workers);
  auto target = ours.clone();
  auto expected_target = ours.clone();
  for (int i = 0; i < 10; ++i) {
    const auto gradient = at::randn_like(ours);
    adam.step(ours, gradient, target, 0.005);
    theirs.mutable_grad() = gradient;
    reference.step();
    expected_target.lerp_(theirs.detach(), 0.005);
    EXPECT_LT(relative_error(ours, theirs.detach()), 1e-6);
    EXPECT_LT(relative_error(target, expected_target), 1e-6);
  }
}

TEST(Adam, FusedAndPlainTorchPathsAgree) {
  at::manual_seed(3);
  auto fused = at::randn({1, 333});
  auto plain = fused.to(at::kDouble);
  Adam a(fused, {}, nullptr), b(plain, {}, nullptr);
  for (int i = 0; i < 10; ++i) {
    const auto gradient = at::randn_like(fused);
    a.step(fused, gradient);
    b.step(plain, gradient.to(at::kDouble));
  }
  EXPECT_LT(relative_error(fused.to(at::kDouble), plain), 1e-6);
}

TEST(Adam, PlainTorchPathKeepsItsNumbersInTensors) {
  at::manual_seed(5);
  auto fused = at::randn({1, 333}), plain = fused.clone();
  Adam a(fused, {}, nullptr), b(plain, {.fused = false}, nullptr);
  auto from_fused = at::zeros_like(fused), from_plain = at::zeros_like(fused);
  for (int i = 0; i < 10; ++i) {
    if (i == 4) {
      a.set_learning_rate(1e-2);
      b.set_learning_rate(1e-2);
    }
    const auto gradient = at::randn_like(fused);
    a.step(fused, gradient);
    b.step(plain, gradient);
    EXPECT_EQ(b.steps(), i + 1);
    a.derivative(gradient, from_fused);
    b.derivative(gradient, from_plain);
    EXPECT_LT(relative_error(from_fused, from_plain), 1e-5);
  }
  EXPECT_LT(relative_error(fused, plain), 1e-6);
}

TEST(Adam, GoesOnFromItsMomentsAndStepsAndStartsAgainInPlace) {
  at::manual_seed(6);
  for (const bool fused : {true, false}) {
    auto one = at::randn({1, 50}), two = one.clone(), three = one.clone();
    const auto g1 = at::randn_like(one), g2 = at::randn_like(one);
    Adam a(one, {.fused = fused}, nullptr), b(two, {.fused = fused}, nullptr),
        c(three, {.fused = fused}, nullptr);
    a.step(one, g1);
    two.copy_(one);
    b.first_moment.copy_(a.first_moment);
    b.second_moment.copy_(a.second_moment);
    b.set_steps(a.steps());
    a.step(one, g2);
    b.step(two, g2);
    EXPECT_TRUE(at::equal(one, two));
    const void* moment = a.first_moment.data_ptr();
    a.restart();
    one.copy_(three);
    a.step(one, g2);
    c.step(three, g2);
    EXPECT_TRUE(at::equal(one, three));
    EXPECT_EQ(moment, a.first_moment.data_ptr());
    EXPECT_EQ(a.steps(), 1);
  }
}

TEST(Adam, DerivativeAgreesWithCentralDifferences) {
  at::manual_seed(4);
  const auto start = at::randn({1, 20}, at::kDouble);
  const auto g1 = at::randn_like(start), g2 = at::randn_like(start);
  const auto after = [&](const at::Tensor& last) {
    auto parameters = start.clone();
    Adam adam(parameters, {.learning_rate = 1.0}, nullptr);
    adam.step(parameters, g1);
    adam.step(parameters, last);
    return parameters;
  };
  constexpr double kDelta = 1e-6;
  const auto numeric = (after(g2 - kDelta) - after(g2 + kDelta)) / (2 * kDelta);
  auto parameters = start.clone();
  Adam adam(parameters, {.learning_rate = 1.0}, nullptr);
  adam.step(parameters, g1);
  adam.step(parameters, g2);
  auto analytic = at::empty_like(start);
  adam.derivative(g2, analytic);
  EXPECT_LT(relative_error(analytic, numeric), 1e-6);
}

}  // namespace
}  // namespace vaco
