// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/policy_learner.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

namespace vaco {

double cosine_decay(int64_t step, int64_t steps) {
  return 0.5 * (1.0 + std::cos(std::numbers::pi * static_cast<double>(step) / static_cast<double>(steps)));
}

PolicyLearner::PolicyLearner(Compute& compute, const TrainingData& data, const DeviceData& device_data,
                             const ParamSet& params, Rng& init)
    : compute_(compute),
      data_(device_data),
      network_(compute, data, params.integer("hidden_width"), params.integer("hidden_layers")),
      learning_rate_(params.real("policy_lr")),
      average_decay_(params.real("policy_average")),
      parameters_(compute.parameters(network_.shape(), init)),
      gradients_(at::zeros_like(parameters_)),
      average_(parameters_.clone()),
      adam_(compute.adam(parameters_, learning_rate_)),
      tape_(network_.make_tape(params.integer("batch_size"))),
      actions_(at::zeros_like(tape_.actions)),
      residual_(at::zeros_like(tape_.actions)),
      action_gradient_(at::zeros_like(tape_.actions)),
      row_weights_(compute.zeros({params.integer("batch_size"), 1})),
      loss_(compute.zeros({})) {}

void PolicyLearner::look(const at::Tensor& rows) {
  at::index_select_out(tape_.observations(), data_.observations, 0, rows);
  at::index_select_out(actions_, data_.actions, 0, rows);
  network_.act(parameters_, tape_);
  at::sub_out(residual_, tape_.actions, actions_);
}

void PolicyLearner::clone_step(const at::Tensor& weights) {
  // ∂J/∂π = 2/B w (π − a)
  const double batch = static_cast<double>(residual_.size(0));
  if (weights.defined())
    at::mul_out(action_gradient_, residual_, weights);
  else
    action_gradient_.copy_(residual_);
  at::dot_out(loss_, action_gradient_.view(-1), residual_.view(-1)).div_(batch);
  action_gradient_.mul_(2.0 / batch);
  network_.backward(parameters_, tape_, action_gradient_, gradients_);
  step();
}

void PolicyLearner::clone_gradient(const at::Tensor& weights) {
  // J = 1/B Σ w_i ℓ_i with ∂ℓ_i/∂π = 2 (π − a)
  const double batch = static_cast<double>(residual_.size(0));
  at::mul_out(action_gradient_, residual_, weights);
  at::dot_out(loss_, action_gradient_.view(-1), residual_.view(-1)).div_(batch);
  row_weights_.copy_(weights).mul_(1.0 / batch);
  at::add_out(action_gradient_, residual_, residual_);
  network_.backward(parameters_, tape_, action_gradient_, gradients_, row_weights_);
}

void PolicyLearner::step() {
  if (average_decay_ > 0.0)
    adam_.step(parameters_, gradients_, average_, 1.0 - average_decay_);
  else
    adam_.step(parameters_, gradients_);
}

void PolicyLearner::restart(Rng& init) {
  parameters_.copy_(compute_.parameters(network_.shape(), init));
  average_.copy_(parameters_);
  adam_.restart();
  adam_.set_learning_rate(learning_rate_);
}

PolicySnapshot PolicyLearner::snapshot() const {
  return network_.snapshot(average_decay_ > 0.0 ? average_ : parameters_);
}

void PolicyLearner::save(StateDict& state) const {
  put(state, "policy/parameters", parameters_);
  put(state, "policy/average", average_);
  put(state, "policy/adam", adam_);
}

void PolicyLearner::load(StateLoader& loader) {
  loader.get("policy/parameters", parameters_);
  loader.get("policy/average", average_);
  loader.get("policy/adam", adam_);
}

}  // namespace vaco
