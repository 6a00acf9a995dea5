// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bench/autograd_reference.h"

#include <ATen/ATen.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/bench/autograd_parts.h"
#include "core/learn/algorithms/vaco_params.h"

namespace vaco {
namespace {

using autograd::descend, autograd::network;
using torch::autograd::grad;

}  // namespace

struct AutogradReference::Impl : autograd::Columns {
  Impl(const VacoParams& p, const TrainingData& d, const StateDict& start)
      : Columns(d, p.policy),
        data(d),
        expectile(p.values.expectile),
        discount(p.values.td.discount),
        rate(p.values.td.target_update_rate),
        trajectory_weights(level_for(p.weights.weight_level, d.action_count > 0) == WeightLevel::trajectory),
        w_shape(q_shape) {
    ++w_shape.inputs;  // Q
    critic = autograd::leaf(start, "critic/parameters");
    target = autograd::read(start, "critic/target");
    value = autograd::leaf(start, "value/parameters");
    policy = autograd::leaf(start, "policy/parameters");
    scoring = autograd::leaf(start, "scoring/parameters");
    if (start.contains("scoring/q")) z = autograd::read(start, "scoring/q");
    row_weight = autograd::read(start, "weights/rows");
    rng = autograd::read_generator(start, "sampling");
    critic_adam = autograd::adam(critic, p.values.td.value_lr);
    value_adam = autograd::adam(value, p.values.td.value_lr);
    policy_adam = autograd::adam(policy, p.policy.policy_lr);
    scoring_adam = autograd::adam(scoring, p.weights.meta_lr);
    trajectory.resize(static_cast<size_t>(d.rows));
    for (size_t t = 0; t < d.trajectory_first.size(); ++t)
      for (int64_t i = 0; i < d.trajectory_length[t]; ++i)
        trajectory[static_cast<size_t>(d.trajectory_first[t] + i)] = t;
  }

  at::Tensor draw() { return Columns::draw(rng); }
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
  at::Tensor value_step(const at::Tensor& rows);

  const TrainingData& data;
  double expectile, discount, rate;
  bool trajectory_weights;
  MlpShape w_shape;
  at::Tensor z, row_weight;
  at::Tensor critic, target, value, policy, scoring;
  std::unique_ptr<torch::optim::Adam> critic_adam, value_adam, policy_adam, scoring_adam;
  std::vector<size_t> trajectory;
  Rng rng;
};

AutogradReference::AutogradReference(const ParamSet& params, const TrainingData& data, const StateDict& start)
    : impl_(std::make_unique<Impl>(read_params<VacoParams>(params), data, start)) {}
AutogradReference::~AutogradReference() = default;

void AutogradReference::value_step() {
  impl_->value_step(impl_->draw());
}

void AutogradReference::iql_step(double inverse_temperature, double clip) {
  auto& m = *impl_;
  const auto rows = m.draw();
  const auto advantage = m.value_step(rows);
  const auto weight = at::exp(inverse_temperature * advantage).clamp_max(clip);
  const auto loss =
      (weight * m.cloning_losses(m.policy, m.s.index_select(0, rows), m.a.index_select(0, rows))).mean();
  descend(*m.policy_adam, m.policy, grad({loss}, {m.policy})[0]);
}

/// One step of V and of the critics on the rows; returns min Q̂(s, a) − V(s) from before it.
at::Tensor AutogradReference::Impl::value_step(const at::Tensor& rows) {
  auto& m = *this;
  const auto states = m.s.index_select(0, rows);
  const auto actions = m.a.index_select(0, rows);
  const auto u = m.min_q(m.target, states, actions) - network(m.v_shape, m.value[0], states);
  const auto weight = at::abs(m.expectile - u.lt(0).to(at::kFloat));
  descend(*m.value_adam, m.value, grad({(weight * u.square()).mean()}, {m.value})[0]);

  const auto v_next = network(m.v_shape, m.value[0], m.next.index_select(0, rows)).detach();
  const auto y = m.r.index_select(0, rows) + m.discount * m.mask.index_select(0, rows) * v_next;
  const auto loss = (m.q(m.critic, 0, states, actions) - y).square().mean() +
                    (m.q(m.critic, 1, states, actions) - y).square().mean();
  descend(*m.critic_adam, m.critic, grad({loss}, {m.critic})[0]);
  m.target.lerp_(m.critic.detach(), m.rate);
  return u.detach();
}

void AutogradReference::bilevel_step() {
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
  const auto losses = m.cloning_losses(before, states, actions);
  const auto low = (w_low * losses).mean();
  const auto low_gradient = grad({low}, {before}, {}, true, true)[0];
  descend(*m.policy_adam, m.policy, low_gradient.detach());

  const auto phi = m.policy.detach().clone().requires_grad_();
  const auto q = m.policy_q(m.critic.detach(), phi, states);
  const auto high = -q.mean() / q.detach().abs().mean();
  const auto v = grad({high}, {phi})[0];
  // α_t = α_{t−1} + η2 v · ∂²J^w/∂φ∂α
  descend(*m.scoring_adam, m.scoring, -grad({(low_gradient * v).sum()}, {m.scoring})[0]);
}

void AutogradReference::cloning_step() {
  auto& m = *impl_;
  const auto rows = m.draw();
  const auto losses = m.cloning_losses(m.policy, m.s.index_select(0, rows), m.a.index_select(0, rows));
  descend(*m.policy_adam, m.policy, grad({losses.mean()}, {m.policy})[0]);
}

StateDict AutogradReference::save() const {
  StateDict state;
  autograd::write(state, "critic/parameters", impl_->critic);
  autograd::write(state, "critic/target", impl_->target);
  autograd::write(state, "value/parameters", impl_->value);
  autograd::write(state, "policy/parameters", impl_->policy);
  autograd::write(state, "scoring/parameters", impl_->scoring);
  return state;
}

}  // namespace vaco
