// SPDX-License-Identifier: GPL-3.0-or-later
// IQL's updates against libtorch autograd, and that its weights tell good actions from bad ones.
#include <cmath>
#include <numbers>

#include "core/learn/algorithm.h"
#include "tests/learn/autograd.h"

namespace vaco {
namespace {

using testing::Columns;
using testing::expect_close;
using testing::leaf;
using testing::make_params;
using testing::Settings;
using testing::TorchAdam;

struct Case {
  const char* name;
  const char* device;
  const char* policy_type;
  const char* schedule;
};

class IqlUpdates : public ::testing::TestWithParam<Case> {};

TEST_P(IqlUpdates, AgreeWithAutograd) {
  constexpr double kSteps = 20.0;
  auto data = testing::random_data(11, 3);
  data.action_high = {1.0f, 2.0f, 1.5f};  // bounds that are neither one nor symmetric
  const auto params = make_params("iql", {{"iql_steps", "20"},
                                          {"inverse_temperature", "1.7"},
                                          {"weight_clip", "2.5"},
                                          {"policy_lr_schedule", GetParam().schedule},
                                          {"policy_type", GetParam().policy_type}});
  const auto engine = std::move(*make_algorithm(
      "iql", params, data, 3, {.device = GetParam().device, .precision = "float32", .threads = 2}));
  const auto start = engine->save();
  const Columns c(data, params);
  auto rng = testing::read_rng(start, "sampling");
  const auto critic = leaf(start, "critic/parameters"), value = leaf(start, "value/parameters");
  const auto policy = leaf(start, "policy/parameters"), spread = leaf(start, "spread/log_deviation");
  auto target = testing::read(start, "critic/target");
  TorchAdam critic_adam(critic, 3e-4), value_adam(value, 3e-4), policy_adam(policy, 3e-4),
      spread_adam(spread, 3e-4);

  for (int step = 1; step <= 10; ++step) {
    engine->update();

    const auto rows = c.draw(rng);
    const auto s = c.s.index_select(0, rows), a = c.a.index_select(0, rows);
    const auto u = testing::minimum(c.q(target, s, a)) - c.v(value, s);
    const auto weight = at::exp(1.7 * u.detach()).clamp_max(2.5);
    value_adam.descend((at::abs(0.7 - u.lt(0).to(at::kFloat)) * u.square()).mean());
    const auto y = (c.r.index_select(0, rows) +
                    0.99 * c.mask.index_select(0, rows) * c.v(value, c.next.index_select(0, rows)))
                       .detach();
    critic_adam.descend((c.q(critic, s, a) - y).square().sum(0).mean());
    target.lerp_(critic.detach(), 0.005);

    if (std::string(GetParam().schedule) == "cosine") {
      const double rate = 0.5 * 3e-4 * (1.0 + std::cos(std::numbers::pi * (step - 1) / kSteps));
      policy_adam.set_learning_rate(rate);
      spread_adam.set_learning_rate(rate);
    }
    const auto error = c.pi(policy, s) - a;
    if (std::string(GetParam().policy_type) == "stochastic") {
      const auto zeta = spread.clamp(-5.0, 2.0);
      const auto log_density = -0.5 * (error / c.half / zeta.exp()).square() - zeta;
      const auto loss = -(weight * log_density.sum(1, true)).mean();
      policy_adam.descend(loss);
      spread_adam.descend(
          -(weight * (-0.5 * (error.detach() / c.half / zeta.exp()).square() - zeta).sum(1, true)).mean());
    } else {
      policy_adam.descend((weight * error.square()).sum(1).mean());
    }

    const auto state = engine->save();
    expect_close(state, "critic/parameters", critic, step);
    expect_close(state, "critic/target", target, step);
    expect_close(state, "value/parameters", value, step);
    expect_close(state, "policy/parameters", policy, step);
    expect_close(state, "spread/log_deviation", spread, step);
  }
}

INSTANTIATE_TEST_SUITE_P(Variants, IqlUpdates,
                         ::testing::Values(Case{"stochastic", "cpu", "stochastic", "cosine"},
                                           Case{"stochastic_reference", "reference", "stochastic", "constant"},
                                           Case{"deterministic", "cpu", "deterministic", "constant"},
                                           Case{"deterministic_cosine", "cpu", "deterministic", "cosine"}),
                         [](const auto& case_info) { return case_info.param.name; });

/// One step per episode; the reward is higher the nearer the action is to 0.6, and half the actions are near
/// it.
TrainingData bandit() {
  auto data = testing::random_data(2, 1, 400, 1);
  data.masks.assign(400, 0.0f);
  data.observations.assign(800, 0.0f);
  Rng rng(5);
  for (size_t i = 0; i < 400; ++i) {
    const double action = (i % 2 == 0 ? 0.6 : -0.5) + 0.05 * rng.normal();
    data.actions[i] = static_cast<float>(action);
    data.rewards[i] = i % 2 == 0 ? 1.0f : 0.0f;
  }
  return data;
}

TEST(Iql, CopiesTheBetterActionsAndItsPolicyIsTheSnapshots) {
  for (const char* type : {"stochastic", "deterministic"}) {
    const auto data = bandit();
    const auto params = make_params("iql", {{"iql_steps", "1500"},
                                            {"hidden_width", "32"},
                                            {"inverse_temperature", "10"},
                                            {"value_lr", "0.003"},
                                            {"policy_lr", "0.003"},
                                            {"target_update_rate", "0.05"},
                                            {"policy_average", "0"},
                                            {"policy_type", type}});
    const auto run = std::move(*make_algorithm("iql", params, data, 0, {}));
    EXPECT_FALSE(run->row_weights().has_value());
    for (int i = 0; i < 1500; ++i) run->update();

    const auto policy = run->policy();
    float action = 0.0f;
    PolicyActor(policy).act(std::vector<float>{0.0f, 0.0f}, {&action, 1});
    EXPECT_NEAR(action, 0.6f, 0.05f) << type;
    const auto weights = *run->row_weights();
    double good = 0.0, bad = 0.0, sum = 0.0;
    for (size_t i = 0; i < weights.size(); ++i) {
      (i % 2 == 0 ? good : bad) += weights[i];
      sum += weights[i];
    }
    EXPECT_GT(good, 20.0 * bad) << type;
    EXPECT_NEAR(sum / 400.0, 1.0, 1e-5);
  }
}

}  // namespace
}  // namespace vaco
