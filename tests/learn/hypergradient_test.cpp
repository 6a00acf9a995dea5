// SPDX-License-Identifier: GPL-3.0-or-later
// The one-step hypergradient, in double precision, against double backward and against the function it
// differentiates.
#include "core/learn/parts/hypergradient.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/learn/algorithms/vaco_params.h"
#include "core/learn/parts/bilevel.h"
#include "tests/learn/toy_data.h"

namespace vaco {
namespace {

using testing::make_params;
using torch::autograd::grad;

double relative(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).norm() / b.norm()).item<double>();
}

class HypergradientTest : public ::testing::Test {
 protected:
  explicit HypergradientTest(const testing::Settings& settings = {})
      : params(read_params<VacoParams>(make_params("vaco", with_small_networks(settings)))),
        compute(std::move(*Compute::make({.device = "reference", .precision = "float64", .threads = 1}))),
        device_data(data, *compute),
        values(*compute, device_data, params.values, params.policy, rng),
        policy(*compute, data, device_data, params.policy, rng),
        scoring(*compute, device_data, params.weights, params.policy, rng),
        policy_value(*compute, device_data, params.high, params.policy.batch_size, policy.network(), values, 1),
        sampler(*compute, params.policy.batch_size, data.rows, {}, 5),
        rows(sampler.draw(rng)) {
    auto q = at::zeros_like(device_data.rewards);
    values.evaluate_dataset(CriticReduction::minimum, false, q);
    scoring.set_q(q);
  }
  static testing::Settings with_small_networks(testing::Settings settings) {
    settings.insert(settings.begin(), {{"hidden_width", "32"}, {"batch_size", "64"}, {"state_noise", "0"}});
    return settings;
  }
  at::Tensor alignment(HypergradientMethod method, const at::Tensor& v) {
    Hypergradient hypergradient(*compute, policy.network(), method, rows.numel());
    policy.gather(rows);
    policy.clone_gradient(at::rand({rows.numel(), 1}, at::kDouble));
    return hypergradient.alignment(policy.parameters(), v, policy.tape(), policy.actions()).clone();
  }
  /// φ − η ∇J^w(φ; α), by autograd.
  at::Tensor stepped_policy(const at::Tensor& alpha, double eta) const {
    const auto phi = policy.parameters().clone().requires_grad_();
    const auto w = at::sigmoid(scores(alpha)).detach();
    const auto error = policy.network().differentiable(phi, device_data.observations.index_select(0, rows)) -
                       device_data.actions.index_select(0, rows);
    return (phi - eta * grad({(w * error.square().sum(1, true)).mean()}, {phi})[0]).detach();
  }
  at::Tensor scores(const at::Tensor& alpha) const {
    const auto& s = scoring.shape();
    auto h = scoring.inputs().index_select(0, rows);
    for (int64_t l = 0; l < s.layers(); ++l) {
      h = at::matmul(h, alpha[0]
                            .narrow(0, s.weight_at(l), s.fan_in(l) * s.fan_out(l))
                            .view({s.fan_in(l), s.fan_out(l)})) +
          alpha[0].narrow(0, s.bias_at(l), s.fan_out(l));
      if (l < s.hidden_layers) h = at::relu(h);
    }
    return h;
  }
  /// J_π(φ) with the scale of `reference` held constant, by autograd operations.
  double objective(const at::Tensor& phi, double scale) const {
    const auto states = device_data.observations.index_select(0, rows);
    return -q_values(at::cat({states, policy.network().differentiable(phi, states)}, 1)).mean().item<double>() /
           scale;
  }
  at::Tensor q_values(const at::Tensor& sa) const {
    const auto& s = values.critic().shape();
    std::vector<at::Tensor> twins;
    for (int64_t copy = 0; copy < 2; ++copy) {
      const auto flat = values.critic_parameters()[copy];
      auto h = sa;
      for (int64_t l = 0; l < s.layers(); ++l) {
        h = at::matmul(
                h,
                flat.narrow(0, s.weight_at(l), s.fan_in(l) * s.fan_out(l)).view({s.fan_in(l), s.fan_out(l)})) +
            flat.narrow(0, s.bias_at(l), s.fan_out(l));
        if (l < s.hidden_layers) h = at::relu(h);
      }
      twins.push_back(h);
    }
    return at::minimum(twins[0], twins[1]);
  }

  TrainingData data = testing::random_data(7, 3);
  VacoParams params;
  std::unique_ptr<Compute> compute;
  DeviceData device_data;
  Rng rng{5};
  ValueLearning values;
  PolicyLearner policy;
  ScoringNetwork scoring;
  PolicyValue policy_value;
  RowSampler sampler;
  at::Tensor rows;
};

TEST_F(HypergradientTest, RowProductsAgreeWithDoubleBackward) {
  const auto v = policy_value.gradient(policy.parameters(), rows).clone();
  EXPECT_LT(
      relative(alignment(HypergradientMethod::jvp, v), alignment(HypergradientMethod::double_backward, v)),
      1e-10);
}

TEST_F(HypergradientTest, DartsDifferenceComesClose) {
  const auto v = policy_value.gradient(policy.parameters(), rows).clone();
  // Some ReLU of some sample changes sides within the difference's step: close, not exact.
  EXPECT_LT(
      relative(alignment(HypergradientMethod::darts, v), alignment(HypergradientMethod::double_backward, v)),
      1e-2);
}

TEST_F(HypergradientTest, ValueGradientAgreesWithAutograd) {
  const auto v = policy_value.gradient(policy.parameters(), rows).clone();
  const auto phi = policy.parameters().clone().requires_grad_();
  const auto states = device_data.observations.index_select(0, rows);
  const auto q = q_values(at::cat({states, policy.network().differentiable(phi, states)}, 1));
  EXPECT_LT(relative(v, grad({-q.mean() / q.detach().abs().mean()}, {phi})[0]), 1e-10);
}

TEST_F(HypergradientTest, AgreesWithCentralDifferencesOfTheWholeChain) {
  // dJ_π(φ − η ∇J^w(φ; α))/dα = −η (1/B) Σ c_i ∂w_i/∂α, with v taken after the step.
  constexpr double kEta = 0.05, kDelta = 1e-5;
  const auto alpha = scoring.parameters().clone();
  const auto after = stepped_policy(alpha, kEta);
  const auto v = policy_value.gradient(after, rows).clone();
  const auto states = device_data.observations.index_select(0, rows);
  const double scale = q_values(at::cat({states, policy.network().differentiable(after, states)}, 1))
                           .abs()
                           .mean()
                           .item<double>();
  const auto c = alignment(HypergradientMethod::jvp, v);
  scoring.score(rows);
  const auto analytic = scoring.gradient(c / static_cast<double>(rows.numel())).clone() * -kEta;
  auto direction = at::randn(alpha.sizes(), at::kDouble);
  direction /= direction.norm();
  for (const auto& u : {direction, analytic / analytic.norm()}) {
    const double numeric = (objective(stepped_policy(alpha + kDelta * u, kEta), scale) -
                            objective(stepped_policy(alpha - kDelta * u, kEta), scale)) /
                           (2 * kDelta);
    const double expected = (analytic * u).sum().item<double>();
    EXPECT_NEAR(numeric, expected, 1e-7 * analytic.norm().item<double>());
  }
}

TEST_F(HypergradientTest, AscentDirectionAgreesWithAutograd) {
  at::manual_seed(8);
  const auto c = at::randn({64, 1}, at::kDouble);
  const auto w = at::rand({64, 1}, at::kDouble).requires_grad_();
  auto direction = at::zeros_like(c);
  ascent_direction(c, w.detach(), w.detach(), WeightNormalization::none, 0.0, {}, direction);
  EXPECT_LT(relative(direction, grad({(c * w).mean()}, {w})[0]), 1e-12);
  const auto normalized = w / w.mean();
  ascent_direction(c, normalized.detach(), w.detach(), WeightNormalization::batch, 0.0, {}, direction);
  EXPECT_LT(relative(direction, grad({(c * normalized).mean()}, {w})[0]), 1e-12);
  const auto scaled = c / c.abs().mean();
  ascent_direction(c, w.detach(), w.detach(), WeightNormalization::none, 3.0, {}, direction);
  EXPECT_LT(relative(direction, (scaled - 3.0 * (normalized.detach() - 1.0)) / 64.0), 1e-12);
}

class WeightActivations : public HypergradientTest, public ::testing::WithParamInterface<const char*> {
 protected:
  WeightActivations() : HypergradientTest({{"weight_activation", GetParam()}, {"weight_temperature", "1.7"}}) {}
};

TEST_P(WeightActivations, GradientAgreesWithAutograd) {
  scoring.score(rows);
  const auto direction = at::randn_like(scoring.weights());
  const auto alpha = scoring.parameters().clone().requires_grad_();
  const auto f = scores(alpha) / 1.7;
  const std::string activation = GetParam();
  const auto w = activation == "sigmoid"          ? at::sigmoid(f)
                 : activation == "double_sigmoid" ? 2.0 * at::sigmoid(f)
                 : activation == "softplus"       ? 1.7 * at::softplus(f)
                                                  : at::exp(f);
  EXPECT_LT(relative(scoring.weights(), w.detach()), 1e-12);
  EXPECT_LT(relative(scoring.gradient(direction), grad({(w * direction).sum()}, {alpha})[0]), 1e-10);
}

INSTANTIATE_TEST_SUITE_P(All, WeightActivations,
                         ::testing::Values("sigmoid", "double_sigmoid", "softplus", "exponential"));

}  // namespace
}  // namespace vaco
