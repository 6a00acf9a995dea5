// SPDX-License-Identifier: GPL-3.0-or-later
// Discrete actions, in double precision: the hypergradient of the cross-entropy and the value of a categorical
// policy against autograd and against the function they differentiate.
#include <ATen/ATen.h>
#include <ATen/core/Reduction.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/learn/algorithms/vaco_params.h"
#include "core/learn/parts/bilevel.h"
#include "core/learn/parts/hypergradient.h"
#include "core/learn/parts/policy_response.h"
#include "tests/learn/toy_data.h"
#include "tests/nn/autograd_mlp.h"

namespace vaco {
namespace {

using testing::make_params;
using torch::autograd::grad;

double relative(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).norm() / b.norm()).item<double>();
}

class DiscreteActions : public ::testing::TestWithParam<const char*> {
 protected:
  DiscreteActions()
      : params(read_params<VacoParams>(make_params(
            "vaco",
            {{"hidden_width", "32"}, {"batch_size", "64"}, {"state_noise", "0"}, {"which_q", GetParam()}}))),
        compute(std::move(*Compute::make({.device = "reference", .precision = "float64", .threads = 1}))),
        device_data(data, *compute),
        values(*compute, device_data, params.values, params.policy, rng),
        policy(*compute, data, device_data, params.policy, rng),
        policy_value(*compute, device_data, params.high, params.policy.batch_size, policy.network(), values, 1),
        sampler(*compute, params.policy.batch_size, data.rows, {}, 5),
        rows(sampler.draw(rng).clone()),
        states(device_data.observations.index_select(0, rows)),
        made(device_data.actions.index_select(0, rows).argmax(1)) {}

  at::Tensor log_policy(const at::Tensor& phi) const {
    return at::log_softmax(testing::autograd_forward(policy.network().shape(), phi, states)[0], 1);
  }
  at::Tensor losses(const at::Tensor& phi) const {
    return at::nll_loss(log_policy(phi), made, {}, at::Reduction::None).unsqueeze(1);
  }
  /// Σ_a π(a|s) Q(s, a), a choice after the other.
  at::Tensor expected_q(const at::Tensor& phi) const {
    const bool target = std::string(GetParam()) == "target_minimum";
    const auto theta = target ? values.critic_target_parameters() : values.critic_parameters();
    const auto log_pi = log_policy(phi);
    auto sum = at::zeros({states.size(0)}, at::kDouble);
    for (int64_t choice = 0; choice < data.action_count; ++choice) {
      auto action = at::zeros({states.size(0), data.action_count}, at::kDouble);
      action.select(1, choice).fill_(1.0);
      const auto twins =
          testing::autograd_forward(values.critic().shape(), theta, at::cat({states, action}, 1)).squeeze(2);
      const std::string which = GetParam();
      const auto q = which == "first" ? twins[0] : which == "mean" ? twins.mean(0) : std::get<0>(twins.min(0));
      sum = sum + log_pi.select(1, choice).exp() * q;
    }
    return sum;
  }
  at::Tensor alignment(HypergradientMethod method, const at::Tensor& v) {
    Hypergradient hypergradient(*compute, policy.network(), method, rows.numel());
    policy.gather(rows);
    policy.clone_gradient(at::rand({rows.numel(), 1}, at::kDouble));
    return hypergradient.alignment(policy.parameters(), v, policy.tape(), policy.actions()).clone();
  }

  TrainingData data = testing::random_choices(7, 4);
  VacoParams params;
  std::unique_ptr<Compute> compute;
  DeviceData device_data;
  Rng rng{5};
  ValueLearning values;
  PolicyLearner policy;
  PolicyValue policy_value;
  RowSampler sampler;
  at::Tensor rows, states, made;
};

TEST_P(DiscreteActions, ValueGradientAgreesWithAutograd) {
  const auto v = policy_value.gradient(policy.parameters(), rows).clone();
  const auto phi = policy.parameters().clone().requires_grad_();
  const auto q = expected_q(phi);
  EXPECT_LT(relative(v, grad({-q.mean() / q.detach().abs().mean()}, {phi})[0]), 1e-10);
  EXPECT_LT(relative(policy_value.mean_q(), q.detach().mean()), 1e-12);
}

TEST_P(DiscreteActions, WeightedCrossEntropyAgreesWithAutograd) {
  const auto w = at::rand({rows.numel(), 1}, at::kDouble);
  policy.gather(rows);
  policy.clone_gradient(w);
  const auto phi = policy.parameters().clone().requires_grad_();
  const auto loss = (w * losses(phi)).mean();
  EXPECT_LT(relative(policy.gradients(), grad({loss}, {phi})[0]), 1e-10);
  EXPECT_LT(relative(policy.loss(), loss.detach()), 1e-12);
}

TEST_P(DiscreteActions, AlignmentIsEachRowsOwnGradientTimesV) {
  const auto v = policy_value.gradient(policy.parameters(), rows).clone();
  const auto phi = policy.parameters().clone().requires_grad_();
  const auto each = losses(phi);
  auto expected = at::zeros({rows.numel(), 1}, at::kDouble);
  for (int64_t i = 0; i < rows.numel(); ++i)
    expected[i][0] = (grad({each[i][0]}, {phi}, {}, true)[0] * v).sum();
  EXPECT_LT(relative(alignment(HypergradientMethod::jvp, v), expected), 1e-10);
  EXPECT_LT(relative(alignment(HypergradientMethod::double_backward, v), expected), 1e-10);
  // Some ReLU of some sample changes sides within the difference's step: close, not exact.
  EXPECT_LT(relative(alignment(HypergradientMethod::darts, v), expected), 1e-2);
}

TEST_P(DiscreteActions, HypergradientAgreesWithCentralDifferencesOfTheWholeChain) {
  // J_π(φ − η ∇J^w(φ; w)) as a function of the samples' weights; dJ/dw_i = −η c_i / B, v taken after the step.
  constexpr double kEta = 0.05, kDelta = 1e-5;
  const auto w = at::rand({rows.numel(), 1}, at::kDouble);
  const auto stepped = [&](const at::Tensor& weights) {
    const auto phi = policy.parameters().clone().requires_grad_();
    return (phi - kEta * grad({(weights * losses(phi)).mean()}, {phi})[0]).detach();
  };
  const auto after = stepped(w);
  const double scale = expected_q(after).abs().mean().item<double>();
  const auto objective = [&](const at::Tensor& weights) {
    return -expected_q(stepped(weights)).mean().item<double>() / scale;
  };
  const auto v = policy_value.gradient(after, rows).clone();
  const auto analytic = alignment(HypergradientMethod::jvp, v) * (-kEta / static_cast<double>(rows.numel()));
  auto direction = at::randn(w.sizes(), at::kDouble);
  for (const auto& u : {direction / direction.norm(), analytic / analytic.norm()}) {
    const double numeric = (objective(w + kDelta * u) - objective(w - kDelta * u)) / (2 * kDelta);
    EXPECT_NEAR(numeric, (analytic * u).sum().item<double>(), 1e-6 * analytic.norm().item<double>());
  }
}

TEST_P(DiscreteActions, WhatRowsAreToldIsOfTheCrossEntropyAndItsCurvature) {
  PolicyResponse response(*compute, device_data, params.high, policy, values);
  const auto go_on = [](double) { return true; };
  const auto v = response.value_gradient().clone();
  const auto phi = policy.parameters().clone().requires_grad_();
  states = device_data.observations;
  made = device_data.actions.argmax(1);
  const auto q = expected_q(phi);
  EXPECT_LT(relative(v, grad({-q.mean() / q.detach().abs().mean()}, {phi})[0]), 1e-10);
  EXPECT_NEAR(response.mean_absolute_q(), q.detach().abs().mean().item<double>(), 1e-9);

  const auto each = at::ones({data.rows, 1}, at::kDouble).requires_grad_();
  const auto weighted = grad({(each * losses(phi)).sum()}, {phi}, {}, true, true)[0];
  EXPECT_LT(relative(response.products(v, go_on), grad({(weighted * v).sum()}, {each})[0]), 1e-10);

  // The Gauss-Newton matrix in the logits, diag π − π πᵀ, between the derivatives of the logits.
  const auto w = at::rand({data.rows, 1}, at::kDouble) + 0.5;
  const auto curved = [&](const at::Tensor& direction) {
    const auto logits = testing::autograd_forward(policy.network().shape(), phi, states)[0];
    const auto pick = at::zeros_like(logits).requires_grad_();
    const auto back = grad({(logits * pick).sum()}, {phi}, {}, true, true)[0];
    const auto moved = grad({(back * direction).sum()}, {pick}, {}, true)[0];
    const auto pi = at::softmax(logits, 1).detach();
    const auto bent = w * pi * (moved - (pi * moved).sum(1, true)) / static_cast<double>(data.rows);
    return grad({(logits * bent.detach()).sum()}, {phi})[0];
  };
  const auto solution = response.solve(v, w, go_on);
  // What conjugate gradients leave is at right angles to where they began.
  const double damping = 0.01 * ((v * curved(v)).sum() / v.square().sum()).item<double>();
  const auto image = curved(solution) + damping * solution;
  EXPECT_NEAR(((image * v).sum() / v.square().sum()).item<double>(), 1.0, 1e-7);
}

INSTANTIATE_TEST_SUITE_P(WhichQ, DiscreteActions,
                         ::testing::Values("minimum", "first", "mean", "target_minimum"));

}  // namespace
}  // namespace vaco
