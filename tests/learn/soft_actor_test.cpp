// SPDX-License-Identifier: GPL-3.0-or-later
// CQL's and EDAC's updates against libtorch autograd: EDAC's diversity term by double backward.
#include <cmath>
#include <numbers>

#include "core/learn/algorithm.h"
#include "core/learn/parts/step_noise.h"
#include "tests/learn/autograd.h"

namespace vaco {
namespace {

using testing::Columns;
using testing::expect_close;
using testing::minimum;
using testing::network;
using testing::TorchAdam;
using torch::autograd::grad;

constexpr uint64_t kSeed = 5;

struct Draw {
  at::Tensor actions, log_density;
};

/// The parts that the two algorithms share: policy, temperature, and critics without their loss.
class SoftActor {
 public:
  SoftActor(const TrainingData& data, const ParamSet& params, const StateDict& start, const Compute& compute)
      : c(data, params),
        rng(testing::read_rng(start, "sampling")),
        type(compute.zeros({}).scalar_type()),
        critic(start_of(start, "critic/parameters").requires_grad_()),
        policy(start_of(start, "policy/parameters").requires_grad_()),
        log_alpha(start_of(start, "policy/log_temperature").requires_grad_()),
        target(start_of(start, "critic/target")),
        shape(c.shape(params, data.obs_dim, 2 * data.action_dim)),
        critic_adam(critic, params.real("value_lr")),
        policy_adam(policy, params.real("policy_lr")),
        alpha_adam(log_alpha, params.real("temperature_lr")),
        noise(compute, {c.batch, data.action_dim}, kSeed, noise_stream(1)),
        next_noise(compute, {c.batch, data.action_dim}, kSeed, noise_stream(2)) {
    for (auto* column : {&c.s, &c.a, &c.r, &c.next, &c.mask, &c.middle, &c.half}) *column = column->to(type);
  }
  [[nodiscard]] at::Tensor start_of(const StateDict& state, const std::string& name) const {
    return testing::read(state, name).to(type);
  }

  [[nodiscard]] std::pair<at::Tensor, at::Tensor> distribution(const at::Tensor& states) const {
    const auto out = network(shape, policy[0], states);
    const int64_t dim = out.size(1) / 2;
    return {out.narrow(1, 0, dim), out.narrow(1, dim, dim).clamp(-5.0, 2.0)};
  }
  [[nodiscard]] Draw draw(const std::pair<at::Tensor, at::Tensor>& of, const at::Tensor& epsilon) const {
    const auto& [mean, log_deviation] = of;
    const auto t = at::tanh(mean + log_deviation.exp() * epsilon);
    const auto normal = -0.5 * epsilon.square() - log_deviation - 0.5 * std::log(2.0 * std::numbers::pi);
    return {c.middle + c.half * t, (normal - at::log(1.0 - t.square() + 1e-6)).sum(-1, true)};
  }
  /// α, then φ; leaves the rows' columns and the distribution at s before φ's step.
  void actor_step() {
    rows = c.draw(rng);
    s = c.s.index_select(0, rows);
    a = c.a.index_select(0, rows);
    next = c.next.index_select(0, rows);
    const auto now = distribution(s);
    here = {now.first.detach(), now.second.detach()};
    const auto drawn = draw(now, noise.draw());
    alpha_adam.descend(
        -(log_alpha * (drawn.log_density.detach().mean() - static_cast<double>(a.size(1)))).sum());
    alpha = log_alpha.detach().exp();
    policy_adam.descend((alpha * drawn.log_density - minimum(c.q(critic.detach(), s, drawn.actions))).mean());
    const auto after = distribution(next);
    there = {after.first.detach(), after.second.detach()};
    at_next = draw(there, next_noise.draw());
  }
  [[nodiscard]] at::Tensor td_loss(const at::Tensor& next_value) const {
    const auto y = c.r.index_select(0, rows) + 0.99 * c.mask.index_select(0, rows) * next_value.detach();
    return (c.q(critic, s, a) - y).square().sum(0).mean();
  }
  void critic_step(const at::Tensor& loss) {
    critic_adam.descend(loss);
    target.lerp_(critic.detach(), 0.005);
  }
  void expect_same(const StateDict& state, int step, double bound) const {
    expect_close(state, "policy/log_temperature", log_alpha, step, bound);
    expect_close(state, "policy/parameters", policy, step, bound);
    expect_close(state, "critic/parameters", critic, step, bound);
    expect_close(state, "critic/target", target, step, bound);
  }

  Columns c;
  Rng rng;
  at::ScalarType type;
  at::Tensor critic, policy, log_alpha, target;
  MlpShape shape;
  TorchAdam critic_adam, policy_adam, alpha_adam;
  StepNoise noise, next_noise;
  at::Tensor rows, s, a, next, alpha;
  std::pair<at::Tensor, at::Tensor> here, there;
  Draw at_next;
};

TrainingData shared_data() {
  auto data = testing::random_data(11, 3);
  data.action_high = {1.0f, 2.0f, 1.5f};
  return data;
}

struct Case {
  const char* device;
  const char* precision;
  double bound;
};

/// In double precision too: a sample at a kink of a ReLU, or two critics that are nearly equal, may go either
/// way in float32.
class SoftActorUpdates : public ::testing::TestWithParam<Case> {
 protected:
  SoftActorUpdates()
      : options{.device = GetParam().device, .precision = GetParam().precision, .threads = 2},
        compute(std::move(*Compute::make(options))) {}
  std::unique_ptr<Algorithm> make(const char* algorithm, const ParamSet& params) {
    auto engine = std::move(*make_algorithm(algorithm, params, data, kSeed, options));
    EXPECT_TRUE(engine->load(engine->save()));  // both start from the float32 values that a state holds
    return engine;
  }
  TrainingData data = shared_data();
  ComputeOptions options;
  std::unique_ptr<Compute> compute;
};

TEST_P(SoftActorUpdates, OfEdacAgreeWithDoubleBackward) {
  const auto params = testing::make_params("edac", {{"hidden_width", "64"},
                                                    {"critics", "5"},
                                                    {"diversity", "3"},
                                                    {"policy_lr", "0.001"},
                                                    {"temperature_lr", "0.002"}});
  const auto engine = make("edac", params);
  SoftActor r(data, params, engine->save(), *compute);
  for (int step = 0; step < 10; ++step) {
    engine->update();
    compute->begin_step(step);
    r.actor_step();
    const auto next_value =
        minimum(r.c.q(r.target, r.next, r.at_next.actions)) - r.alpha * r.at_next.log_density;
    std::vector<at::Tensor> unit;
    for (int64_t k = 0; k < 5; ++k) {
      const auto action = r.a.detach().clone().requires_grad_();
      const auto q = network(r.c.q_shape, r.critic[k], at::cat({r.s, action}, 1)).sum();
      const auto g = grad({q}, {action}, {}, true, true)[0];
      unit.push_back(g / (g.norm(2, at::IntArrayRef{1}, true) + 1e-10));
    }
    auto diversity = at::zeros({}, r.type);
    for (size_t i = 0; i < 5; ++i)
      for (size_t j = 0; j < 5; ++j)
        if (i != j) diversity = diversity + (unit[i] * unit[j]).sum(1).mean() / 4.0;
    r.critic_step(r.td_loss(next_value) + 3.0 * diversity);
    r.expect_same(engine->save(), step, GetParam().bound);
  }
}

TEST_P(SoftActorUpdates, OfCqlAgreeWithAutograd) {
  const auto params = testing::make_params("cql", {{"hidden_width", "64"},
                                                   {"sampled_actions", "4"},
                                                   {"conservatism", "2"},
                                                   {"policy_lr", "0.001"},
                                                   {"temperature_lr", "0.002"}});
  const auto engine = make("cql", params);
  SoftActor r(data, params, engine->save(), *compute);
  const std::vector<int64_t> many{4, r.c.batch, 3};
  StepNoise uniform(*compute, many, kSeed, noise_stream(3)), here(*compute, many, kSeed, noise_stream(4)),
      there(*compute, many, kSeed, noise_stream(5));
  for (int step = 0; step < 10; ++step) {
    engine->update();
    compute->begin_step(step);
    r.actor_step();
    const auto own = r.draw(r.here, here.draw()), others = r.draw(r.there, there.draw());
    const auto random = r.c.middle + r.c.half * uniform.draw_uniform();
    const auto random_density = at::full({4, r.c.batch, 1}, 3.0 * std::log(0.5), r.type);
    auto loss = r.td_loss(minimum(r.c.q(r.target, r.next, r.at_next.actions)));
    for (int64_t k = 0; k < 2; ++k) {
      std::vector<at::Tensor> terms;
      for (const auto& [actions, density] : {std::pair{random, random_density},
                                             {own.actions, own.log_density},
                                             {others.actions, others.log_density}})
        for (int64_t j = 0; j < 4; ++j)
          terms.push_back(network(r.c.q_shape, r.critic[k], at::cat({r.s, actions[j]}, 1)) - density[j]);
      const auto at_data = network(r.c.q_shape, r.critic[k], at::cat({r.s, r.a}, 1));
      loss = loss + 2.0 * (at::logsumexp(at::stack(terms), 0) - at_data).mean();
    }
    r.critic_step(loss);
    r.expect_same(engine->save(), step, GetParam().bound);
  }
}

INSTANTIATE_TEST_SUITE_P(Backends, SoftActorUpdates,
                         ::testing::Values(Case{"cpu", "float32", 1e-5}, Case{"reference", "float64", 1e-6}),
                         [](const auto& case_info) { return std::string(case_info.param.device); });

TEST(SoftActors, SnapshotActsWithTheMean) {
  const auto data = shared_data();
  const auto params = testing::make_params("edac", {{"hidden_width", "32"}, {"critics", "3"}});
  const auto engine = std::move(*make_algorithm("edac", params, data, 3, {}));
  for (int step = 0; step < 5; ++step) engine->update();
  const auto policy = engine->policy();
  ASSERT_EQ(policy.problem(), "");
  const auto state = engine->save();
  const Columns c(data, params);
  const auto out = network(c.shape(params, 11, 6), testing::read(state, "policy/parameters")[0], c.s);
  const auto expected = c.middle + c.half * at::tanh(out.narrow(1, 0, 3));
  PolicyActor actor(policy);
  std::vector<float> action(3);
  for (int64_t row = 0; row < 20; ++row) {
    actor.act(std::span(data.observations).subspan(static_cast<size_t>(row) * 11, 11), action);
    for (int64_t d = 0; d < 3; ++d)
      EXPECT_NEAR(action[static_cast<size_t>(d)], expected[row][d].item<float>(), 1e-5);
  }
}

}  // namespace
}  // namespace vaco
