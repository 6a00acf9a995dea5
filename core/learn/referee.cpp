// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/referee.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>
#include <torch/optim/adam.h>

#include <bit>

#include "core/base/rng.h"
#include "core/nn/mlp.h"

namespace vaco {
namespace {

using torch::autograd::grad;

at::Tensor read(const StateDict& state, const std::string& name) {
  const auto& array = state.at(name);
  return at::tensor(std::get<std::vector<float>>(array.values)).view(array.shape);
}

void write(StateDict& state, const std::string& name, const at::Tensor& tensor) {
  const auto host = tensor.detach().contiguous();
  state[name] = {host.sizes().vec(),
                 std::vector<float>(host.data_ptr<float>(), host.data_ptr<float>() + host.numel())};
}

/// One copy's forward pass in differentiable operations; flat [P], input [B, in].
at::Tensor network(const MlpShape& s, const at::Tensor& flat, at::Tensor h) {
  for (int64_t l = 0; l < s.layers(); ++l) {
    const auto weight =
        flat.narrow(0, s.weight_at(l), s.fan_in(l) * s.fan_out(l)).view({s.fan_in(l), s.fan_out(l)});
    h = at::addmm(flat.narrow(0, s.bias_at(l), s.fan_out(l)), h, weight);
    if (l < s.hidden_layers) h = at::relu(h);
  }
  return h;
}

}  // namespace

struct Referee::Impl {
  Impl(const ParamSet& p, const TrainingData& d, const StateDict& start)
      : data(d),
        batch(p.integer("batch_size")),
        expectile(p.real("expectile")),
        discount(p.real("discount")),
        rate(p.real("target_update_rate")),
        trajectory_weights(p.choice("weight_level") == "trajectory") {
    const auto floats = [](const std::vector<float>& v, int64_t width) {
      return at::tensor(v).view({-1, width});
    };
    s = floats(d.observations, d.obs_dim);
    a = floats(d.actions, d.action_dim);
    r = floats(d.rewards, 1);
    next = floats(d.next_observations, d.obs_dim);
    mask = floats(d.masks, 1);
    middle = (at::tensor(d.action_high) + at::tensor(d.action_low)) * 0.5;
    half = (at::tensor(d.action_high) - at::tensor(d.action_low)) * 0.5;
    const auto shape = [&](int64_t in, int64_t out) {
      return MlpShape{.inputs = in,
                      .outputs = out,
                      .width = p.integer("hidden_width"),
                      .hidden_layers = p.integer("hidden_layers"),
                      .copies = 1};
    };
    q_shape = shape(d.obs_dim + d.action_dim, 1);
    v_shape = shape(d.obs_dim, 1);
    pi_shape = shape(d.obs_dim, d.action_dim);
    w_shape = shape(d.obs_dim + d.action_dim + 1, 1);
    const auto leaf = [&](const char* name) { return read(start, name).requires_grad_(); };
    critic = leaf("critic/parameters");
    target = read(start, "critic/target");
    value = leaf("value/parameters");
    policy = leaf("policy/parameters");
    scoring = leaf("scoring/parameters");
    if (start.contains("scoring/q")) z = read(start, "scoring/q");
    row_weight = read(start, "weights/rows");
    const auto& words = std::get<std::vector<uint64_t>>(start.at("sampling").values);
    rng.set_state({{words[0], words[1], words[2], words[3]}, std::bit_cast<double>(words[4]), words[5] != 0});
    const auto adam = [&](at::Tensor& parameters, const char* lr) {
      return std::make_unique<torch::optim::Adam>(std::vector<at::Tensor>{parameters},
                                                  torch::optim::AdamOptions(p.real(lr)));
    };
    critic_adam = adam(critic, "value_lr");
    value_adam = adam(value, "value_lr");
    policy_adam = adam(policy, "policy_lr");
    scoring_adam = adam(scoring, "meta_lr");
    trajectory.resize(static_cast<size_t>(d.rows));
    for (size_t t = 0; t < d.trajectory_first.size(); ++t)
      for (int64_t i = 0; i < d.trajectory_length[t]; ++i)
        trajectory[static_cast<size_t>(d.trajectory_first[t] + i)] = t;
  }

  at::Tensor draw() {
    auto rows = at::empty({batch}, at::kLong);
    for (int64_t i = 0; i < batch; ++i)
      rows.data_ptr<int64_t>()[i] = static_cast<int64_t>(rng.index(static_cast<uint64_t>(data.rows)));
    return rows;
  }
  at::Tensor draw_within(const at::Tensor& rows) {
    auto within = at::empty({batch}, at::kLong);
    for (int64_t i = 0; i < batch; ++i) {
      const size_t t = trajectory[static_cast<size_t>(rows.data_ptr<int64_t>()[i])];
      within.data_ptr<int64_t>()[i] =
          data.trajectory_first[t] +
          static_cast<int64_t>(rng.index(static_cast<uint64_t>(data.trajectory_length[t])));
    }
    return within;
  }
  at::Tensor min_q(const at::Tensor& theta, const at::Tensor& sa) const {
    return at::minimum(network(q_shape, theta[0], sa), network(q_shape, theta[1], sa));
  }
  at::Tensor pi(const at::Tensor& phi, const at::Tensor& states) const {
    return middle + half * at::tanh(network(pi_shape, phi[0], states));
  }
  static void descend(torch::optim::Adam& adam, at::Tensor& parameters, const at::Tensor& gradient) {
    parameters.mutable_grad() = gradient;
    adam.step();
  }

  at::Tensor value_step(const at::Tensor& rows);

  const TrainingData& data;
  int64_t batch;
  double expectile, discount, rate;
  bool trajectory_weights;
  at::Tensor s, a, r, next, mask, middle, half, z, row_weight;
  MlpShape q_shape, v_shape, pi_shape, w_shape;
  at::Tensor critic, target, value, policy, scoring;
  std::unique_ptr<torch::optim::Adam> critic_adam, value_adam, policy_adam, scoring_adam;
  std::vector<size_t> trajectory;
  Rng rng;
};

Referee::Referee(const ParamSet& params, const TrainingData& data, const StateDict& start)
    : impl_(std::make_unique<Impl>(params, data, start)) {}
Referee::~Referee() = default;

void Referee::value_step() {
  impl_->value_step(impl_->draw());
}

void Referee::iql_step(double inverse_temperature, double clip) {
  auto& m = *impl_;
  const auto rows = m.draw();
  const auto advantage = m.value_step(rows);
  const auto weight = at::exp(inverse_temperature * advantage).clamp_max(clip);
  const auto residual = m.pi(m.policy, m.s.index_select(0, rows)) - m.a.index_select(0, rows);
  const auto loss = (weight * residual.square()).sum(1).mean();
  Impl::descend(*m.policy_adam, m.policy, grad({loss}, {m.policy})[0]);
}

/// One step of V and of the critics on the rows; returns min Q̂(s, a) − V(s) from before it.
at::Tensor Referee::Impl::value_step(const at::Tensor& rows) {
  auto& m = *this;
  const auto states = m.s.index_select(0, rows);
  const auto sa = at::cat({states, m.a.index_select(0, rows)}, 1);
  const auto u = m.min_q(m.target, sa) - network(m.v_shape, m.value[0], states);
  const auto weight = at::abs(m.expectile - u.lt(0).to(at::kFloat));
  Impl::descend(*m.value_adam, m.value, grad({(weight * u.square()).mean()}, {m.value})[0]);

  const auto v_next = network(m.v_shape, m.value[0], m.next.index_select(0, rows)).detach();
  const auto y = m.r.index_select(0, rows) + m.discount * m.mask.index_select(0, rows) * v_next;
  const auto loss = (network(m.q_shape, m.critic[0], sa) - y).square().mean() +
                    (network(m.q_shape, m.critic[1], sa) - y).square().mean();
  Impl::descend(*m.critic_adam, m.critic, grad({loss}, {m.critic})[0]);
  m.target.lerp_(m.critic.detach(), m.rate);
  return u.detach();
}

void Referee::bilevel_step() {
  auto& m = *impl_;
  const auto rows = m.draw();
  const auto states = m.s.index_select(0, rows);
  const auto actions = m.a.index_select(0, rows);
  const auto scored = m.trajectory_weights ? m.draw_within(rows) : rows;
  const auto inputs =
      at::cat({m.s.index_select(0, scored), m.a.index_select(0, scored), m.z.index_select(0, scored)}, 1);
  // With trajectory weights the low level uses the stored mean, and its dependence on α is the sampled row's.
  const auto w = at::sigmoid(network(m.w_shape, m.scoring[0], inputs));
  const auto w_low = m.trajectory_weights ? m.row_weight.index_select(0, rows) + (w - w.detach()) : w;

  // A copy of φ_{t−1}: Adam changes the parameters in place while the graph of its gradient is still needed.
  const auto before = m.policy.detach().clone().requires_grad_();
  const auto losses = (m.pi(before, states) - actions).square().sum(1, true);
  const auto low = (w_low * losses).mean();
  const auto low_gradient = grad({low}, {before}, {}, true, true)[0];
  Impl::descend(*m.policy_adam, m.policy, low_gradient.detach());

  const auto phi = m.policy.detach().clone().requires_grad_();
  const auto q = m.min_q(m.critic.detach(), at::cat({states, m.pi(phi, states)}, 1));
  const auto high = -q.mean() / q.detach().abs().mean();
  const auto v = grad({high}, {phi})[0];
  // α_t = α_{t−1} + η2 v · ∂²J^w/∂φ∂α
  Impl::descend(*m.scoring_adam, m.scoring, -grad({(low_gradient * v).sum()}, {m.scoring})[0]);
}

void Referee::cloning_step() {
  auto& m = *impl_;
  const auto rows = m.draw();
  const auto residual = m.pi(m.policy, m.s.index_select(0, rows)) - m.a.index_select(0, rows);
  Impl::descend(*m.policy_adam, m.policy, grad({residual.square().sum(1).mean()}, {m.policy})[0]);
}

StateDict Referee::save() const {
  StateDict state;
  write(state, "critic/parameters", impl_->critic);
  write(state, "critic/target", impl_->target);
  write(state, "value/parameters", impl_->value);
  write(state, "policy/parameters", impl_->policy);
  write(state, "scoring/parameters", impl_->scoring);
  return state;
}

}  // namespace vaco
