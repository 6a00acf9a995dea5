// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/policy_learner.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

#include "core/learn/parts/formula.h"

namespace vaco {

PolicyLearner::PolicyLearner(Compute& compute, const TrainingData& data, const DeviceData& device_data,
                             const AveragedPolicyParams& params, Rng& init)
    : compute_(compute),
      data_(device_data),
      network_(compute, data, params),
      configured_rate_(params.policy_lr),
      learning_rate_(params.policy_lr),
      average_decay_(params.policy_average),
      rate_(params.policy_lr),
      parameters_(compute.parameters(network_.shape(), init)),
      gradients_(at::zeros_like(parameters_)),
      average_(parameters_.clone()),
      adam_(compute.adam(parameters_, learning_rate_)),
      tape_(network_.make_tape(params.batch_size)),
      actions_(at::zeros_like(tape_.actions)),
      residual_(at::zeros_like(tape_.actions)),
      action_gradient_(at::zeros_like(tape_.actions)),
      row_weights_(compute.zeros({params.batch_size, 1})),
      ones_(at::ones_like(row_weights_)),
      loss_(compute.zeros({})),
      kept_(at::ones_like(loss_)) {
  if (average_decay_ > 0.0) follower_ = average_;
}

void PolicyLearner::gather(const at::Tensor& rows) {
  gather_rows(rows, {{data_.observations, tape_.observations()}, {data_.actions, actions_}});
  network_.forward(parameters_, tape_);
}

void PolicyLearner::set_residual() {
  network_.respond(tape_);
  evaluate(
      residual_, [](auto policy, auto action) { return policy - action; }, tape_.actions, actions_);
}

void PolicyLearner::clone_step(const at::Tensor& weights, const std::function<void()>& meanwhile) {
  // ∂J/∂π = 2/B w (π − a), or ∂J/∂logits = 1/B w (π − a)
  const double batch = static_cast<double>(residual_.size(0));
  const auto& w = weights.defined() ? weights : ones_;
  together([&] {
    set_residual();
    evaluate(
        action_gradient_, [](auto r, auto weight, auto factor) { return r * weight * factor; }, residual_, w,
        network_.loss_slope() / batch);
    network_.begin_backward_loss(tape_, action_gradient_);
  });
  loss_weights_ = w;
  compute_.beside(
      [this] {
        network_.backward_and_step(parameters_, tape_, gradients_, adam_, follower_, 1.0 - average_decay_);
      },
      meanwhile);
}

void PolicyLearner::begin_by_rows(const at::Tensor& weights) {
  // J = 1/B Σ w_i ℓ_i with ∂ℓ_i/∂π = 2 (π − a), or ∂ℓ_i/∂logits = π − a
  const double batch = static_cast<double>(residual_.size(0));
  together([&] {
    set_residual();
    evaluate(
        row_weights_, [](auto weight, auto share) { return weight * share; }, weights, 1.0 / batch);
    evaluate(
        action_gradient_, [](auto r, auto slope) { return r * slope; }, residual_, network_.loss_slope());
    network_.begin_backward_loss(tape_, action_gradient_);
  });
  loss_weights_ = weights;
}

void PolicyLearner::clone_step_by_rows(const at::Tensor& weights) {
  begin_by_rows(weights);
  network_.backward_and_step(parameters_, tape_, gradients_, adam_, follower_, 1.0 - average_decay_,
                             row_weights_);
}

void PolicyLearner::clone_gradient(const at::Tensor& weights) {
  begin_by_rows(weights);
  network_.backward_output(parameters_, tape_, gradients_, row_weights_);
}

const at::Tensor& PolicyLearner::loss() {
  const double share = 1.0 / static_cast<double>(residual_.size(0));
  if (network_.choices() > 0)
    evaluate_sum(
        loss_, [](auto log_p, auto made, auto weight, auto part) { return log_p * made * weight * part; },
        tape_.squashed[0], actions_, loss_weights_, -share);
  else
    evaluate_sum(
        loss_, [](auto r, auto weight, auto part) { return r * r * weight * part; }, residual_, loss_weights_,
        share);
  return loss_;
}

void PolicyLearner::scale_rate(double factor) {
  learning_rate_ = factor * configured_rate_;
  set_rate(learning_rate_);
}

double PolicyLearner::anneal(int64_t step, int64_t steps) {
  const double decay =
      0.5 * (1.0 + std::cos(std::numbers::pi * static_cast<double>(step) / static_cast<double>(steps)));
  set_rate(learning_rate_ * decay);
  return rate_;
}

void PolicyLearner::set_rate(double rate) {
  rate_ = rate;
  adam_.set_learning_rate(rate);
  set_weight_decay(weight_decay_);
}

void PolicyLearner::set_weight_decay(double decay) {
  weight_decay_ = decay;
  if (decay > 0.0) kept_.fill_(1.0 - rate_ * decay);
}

void PolicyLearner::decay() {
  if (weight_decay_ > 0.0) parameters_.mul_(kept_);
}

void PolicyLearner::restart(Rng& init) {
  parameters_.copy_(compute_.parameters(network_.shape(), init));
  average_.copy_(parameters_);
  adam_.restart();
  set_rate(learning_rate_);
}

PolicySnapshot PolicyLearner::snapshot() const {
  return network_.snapshot(average_decay_ > 0.0 ? average_ : parameters_);
}

void PolicyLearner::visit(StateArchive& archive, const std::string& name) {
  archive(name + "/parameters", parameters_);
  archive(name + "/average", average_);
  archive(name + "/adam", adam_);
}

}  // namespace vaco
