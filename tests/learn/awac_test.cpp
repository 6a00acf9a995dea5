// SPDX-License-Identifier: GPL-3.0-or-later
// AWAC's updates against libtorch autograd.
#include "core/learn/algorithm.h"
#include "core/learn/parts/step_noise.h"
#include "tests/learn/autograd.h"

namespace vaco {
namespace {

using testing::Columns;
using testing::expect_close;
using testing::leaf;
using testing::minimum;
using testing::TorchAdam;

class AwacUpdates : public ::testing::TestWithParam<const char*> {};

TEST_P(AwacUpdates, AgreeWithAutograd) {
  auto data = testing::random_data(11, 3);
  data.action_high = {1.0f, 2.0f, 1.5f};
  const auto params =
      testing::make_params("awac", {{"temperature", "0.5"}, {"weight_clip", "1.5"}, {"policy_lr", "0.001"}});
  const ComputeOptions options{.device = GetParam(), .precision = "float32", .threads = 2};
  const auto engine = std::move(*make_algorithm("awac", params, data, 3, options));
  const auto start = engine->save();
  const Columns c(data, params);
  auto rng = testing::read_rng(start, "sampling");
  const auto critic = leaf(start, "critic/parameters"), policy = leaf(start, "policy/parameters");
  const auto spread = leaf(start, "spread/log_deviation");
  auto target = testing::read(start, "critic/target");
  TorchAdam critic_adam(critic, 3e-4), policy_adam(policy, 1e-3), spread_adam(spread, 1e-3);
  const auto compute = std::move(*Compute::make(options));
  StepNoise next_noise(*compute, {c.batch, 3}, 3, noise_stream(1)),
      noise(*compute, {c.batch, 3}, 3, noise_stream(2));
  const auto low = at::tensor(data.action_low), high = at::tensor(data.action_high);
  const auto sample = [&](const at::Tensor& states, StepNoise& source) {
    const auto deviation = c.half * spread.clamp(-5.0, 2.0).exp();
    return at::minimum(at::maximum(c.pi(policy, states) + deviation * source.draw(), low), high).detach();
  };

  for (int step = 0; step < 10; ++step) {
    engine->update();

    compute->begin_step(step);
    const auto rows = c.draw(rng);
    const auto s = c.s.index_select(0, rows), a = c.a.index_select(0, rows);
    const auto next = c.next.index_select(0, rows);
    const auto y = c.r.index_select(0, rows) +
                   0.99 * c.mask.index_select(0, rows) * minimum(c.q(target, next, sample(next, next_noise)));
    critic_adam.descend((c.q(critic, s, a) - y.detach()).square().sum(0).mean());
    target.lerp_(critic.detach(), 0.005);

    const auto advantage = minimum(c.q(critic, s, a)) - minimum(c.q(critic, s, sample(s, noise)));
    const auto weight = at::exp(advantage / 0.5).clamp_max(1.5).detach();
    const auto negative_log_density = [&](const at::Tensor& mean) {
      const auto zeta = spread.clamp(-5.0, 2.0);
      return (0.5 * ((mean - a) / c.half / zeta.exp()).square() + zeta).sum(1, true);
    };
    const auto before = policy.detach().clone();
    policy_adam.descend((weight * negative_log_density(c.pi(policy, s))).mean());
    spread_adam.descend((weight * negative_log_density(c.pi(before, s))).mean());

    const auto state = engine->save();
    for (const auto& [name, theirs] : {std::pair{"critic/parameters", critic},
                                       {"critic/target", target},
                                       {"policy/parameters", policy},
                                       {"spread/log_deviation", spread}})
      expect_close(state, name, theirs, step);
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, AwacUpdates, ::testing::Values("cpu", "reference"),
                         [](const auto& case_info) { return std::string(case_info.param); });

}  // namespace
}  // namespace vaco
