// SPDX-License-Identifier: GPL-3.0-or-later
// ReBRAC's updates against libtorch autograd.
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

struct Case {
  const char* name;
  const char* device;
  const char* layer_norm;
};

class RebracUpdates : public ::testing::TestWithParam<Case> {};

TEST_P(RebracUpdates, AgreeWithAutograd) {
  auto data = testing::random_data(11, 3);
  data.action_high = {1.0f, 2.0f, 1.5f};
  for (size_t i = 49; i < data.masks.size(); i += 100) data.masks[i] = 1.0f;  // trajectories that just end
  const auto params = testing::make_params("rebrac", {{"batch_size", "256"},
                                                      {"hidden_width", "64"},
                                                      {"policy_penalty", "0.3"},
                                                      {"critic_penalty", "0.2"},
                                                      {"critic_layer_norm", GetParam().layer_norm}});
  const ComputeOptions options{.device = GetParam().device, .precision = "float32", .threads = 2};
  const auto engine = std::move(*make_algorithm("rebrac", params, data, 3, options));
  const auto start = engine->save();
  Columns c(data, params);
  c.q_shape.layer_norm = std::string(GetParam().layer_norm) == "true";
  auto rng = testing::read_rng(start, "sampling");
  const auto critic = leaf(start, "critic/parameters"), policy = leaf(start, "policy/parameters");
  auto critic_target = testing::read(start, "critic/target"),
       policy_target = testing::read(start, "policy/target");
  TorchAdam critic_adam(critic, 1e-3), policy_adam(policy, 1e-3);
  const auto compute = std::move(*Compute::make(options));
  StepNoise noise(*compute, {c.batch, 3}, 3, noise_stream(1));
  const auto low = at::tensor(data.action_low), high = at::tensor(data.action_high);

  for (int step = 0; step < 10; ++step) {
    engine->update();

    compute->begin_step(step);
    const auto rows = c.draw(rng);
    const auto s = c.s.index_select(0, rows), a = c.a.index_select(0, rows),
               next = c.next.index_select(0, rows);
    const auto jitter = (0.2 * noise.draw()).clamp(-0.5, 0.5) * c.half;
    const auto smoothed = at::minimum(at::maximum(c.pi(policy_target, next) + jitter, low), high);
    const auto has_next = (rows.remainder(50) != 49).to(at::kFloat).view({-1, 1});
    const auto next_a = c.a.index_select(0, (rows + 1).clamp_max(data.rows - 1));
    const auto penalty = has_next * (smoothed - next_a).square().sum(1, true);
    const auto value = minimum(c.q(critic_target, next, smoothed)) - 0.2 * penalty;
    const auto y = c.r.index_select(0, rows) + 0.99 * c.mask.index_select(0, rows) * value;
    critic_adam.descend((c.q(critic, s, a) - y.detach()).square().sum(0).mean());
    if (step % 2 == 1) {
      critic_target.lerp_(critic.detach(), 0.005);
      const auto mean = c.pi(policy, s);
      const auto q = minimum(c.q(critic.detach(), s, mean));
      policy_adam.descend(0.3 * (mean - a).square().sum(1).mean() - q.mean() / q.detach().abs().mean());
      policy_target.lerp_(policy.detach(), 0.005);
    }

    const auto state = engine->save();
    expect_close(state, "critic/parameters", critic, step);
    expect_close(state, "critic/target", critic_target, step);
    expect_close(state, "policy/parameters", policy, step);
    expect_close(state, "policy/target", policy_target, step);
  }
}

INSTANTIATE_TEST_SUITE_P(Variants, RebracUpdates,
                         ::testing::Values(Case{"cpu", "cpu", "true"}, Case{"reference", "reference", "true"},
                                           Case{"cpu_no_norm", "cpu", "false"}),
                         [](const auto& case_info) { return case_info.param.name; });

}  // namespace
}  // namespace vaco
