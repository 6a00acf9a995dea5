// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/td3_learner.h"

#include <ATen/ATen.h>

#include "core/learn/formula.h"
#include "core/learn/schemas.h"
#include "core/learn/value_learning.h"

namespace vaco {

std::vector<ParamSpec> td3_update_schema() {
  const std::string group = "TD3";
  std::vector<ParamSpec> schema;
  for (auto& spec : policy_schema())
    if (spec.key != "policy_average")
      schema.push_back(std::move(spec));  // TD3 is judged by its policy as it is
  for (auto& spec : value_learning_schema()) {
    if (spec.key != "discount" && spec.key != "target_update_rate" && spec.key != "value_lr") continue;
    if (spec.key == "value_lr") spec.help = "Adam's step size for the critics.";
    if (spec.key == "target_update_rate")
      spec.help = "Share by which the target critics and the target policy follow at every policy step.";
    spec.reference = "TD3";
    schema.push_back(std::move(spec));
  }
  schema.push_back({.key = "policy_noise",
                    .symbol = "σ̃",
                    .label = "Target policy noise",
                    .help =
                        "Standard deviation of the noise that smooths the targets' actions, in halves of the "
                        "action range.",
                    .default_value = 0.2,
                    .min = 0.0,
                    .max = 2.0,
                    .warn_max = 0.5,
                    .group = group,
                    .affects = "how much Q is smoothed over actions",
                    .reference = "TD3"});
  schema.push_back({.key = "noise_clip",
                    .symbol = "c",
                    .label = "Noise clip",
                    .help = "Largest size of that noise.",
                    .default_value = 0.5,
                    .min = 0.0,
                    .max = 2.0,
                    .group = group,
                    .affects = "how much Q is smoothed over actions",
                    .reference = "TD3"});
  schema.push_back({.key = "policy_delay",
                    .symbol = "d",
                    .label = "Policy delay",
                    .help = "The policy and the targets move at every d-th step of the critics.",
                    .type = ParamType::integer,
                    .default_value = int64_t{2},
                    .min = 1,
                    .max = 1000,
                    .warn_max = 10,
                    .group = group,
                    .unit = "steps",
                    .affects = "stability; time",
                    .reference = "TD3"});
  return schema;
}

namespace {

constexpr uint64_t kNoiseStream = 0x746433;

MlpShape critic_shape(const TrainingData& data, const ParamSet& params, int64_t copies) {
  return {.inputs = data.obs_dim + data.action_dim,
          .outputs = 1,
          .width = params.integer("hidden_width"),
          .hidden_layers = params.integer("hidden_layers"),
          .copies = copies};
}

}  // namespace

Td3Learner::Td3Learner(Compute& compute, const TrainingData& data, const DeviceData& device_data,
                       const ParamSet& params, uint64_t seed)
    : data_(device_data),
      discount_(params.real("discount")),
      target_update_rate_(params.real("target_update_rate")),
      noise_clip_(params.real("noise_clip")),
      bc_alpha_(params.contains("bc_alpha") ? params.real("bc_alpha") : 0.0),
      policy_delay_(params.integer("policy_delay")),
      init_(seed, 1),
      network_(compute, data, params.integer("hidden_width"), params.integer("hidden_layers")),
      critic_mlp_(compute.mlp(critic_shape(data, params, 2))),
      first_critic_mlp_(compute.mlp(critic_shape(data, params, 1))),
      critic_(compute.parameters(critic_mlp_->shape(), init_)),
      critic_target_(critic_.clone()),
      policy_(compute.parameters(network_.shape(), init_)),
      policy_target_(policy_.clone()),
      critic_gradient_(at::zeros_like(critic_)),
      policy_gradient_(at::zeros_like(policy_)),
      critic_adam_(compute.adam(critic_, params.real("value_lr"))),
      policy_adam_(compute.adam(policy_, params.real("policy_lr"))),
      workers_(compute.workers()),
      low_(compute.upload(data.action_low, {data.action_dim})),
      high_(compute.upload(data.action_high, {data.action_dim})),
      half_((high_ - low_) * 0.5),
      noise_(compute, {params.integer("batch_size"), data.action_dim}, seed, kNoiseStream),
      metrics_(compute, {"critic_loss", "q_mean", "policy_loss"}) {
  const int64_t batch = params.integer("batch_size");
  critic_tape_ = critic_mlp_->make_tape(batch);
  next_critic_tape_ = critic_mlp_->make_tape(batch);
  first_critic_tape_ = first_critic_mlp_->make_tape(batch);
  policy_tape_ = network_.make_tape(batch);
  next_policy_tape_ = network_.make_tape(batch);
  for (auto* column : {&rewards_, &masks_, &target_}) *column = compute.zeros({batch, 1});
  for (auto* column : {&next_actions_, &actions_, &action_gradient_})
    *column = compute.zeros({batch, data.action_dim});
  noise_.set_deviation(params.real("policy_noise"));
  for (auto* scalar : {&policy_loss_, &cloning_loss_, &scale_}) *scalar = compute.zeros({});
}

void Td3Learner::update(const at::Tensor& rows) {
  update_critics(rows);
  if (moves_policy()) update_policy(rows);
  metrics_.add(2, policy_loss_);
  metrics_.count();
}

void Td3Learner::update_critics(const at::Tensor& rows) {
  const double batch = static_cast<double>(rows.numel());
  const int64_t obs_dim = data_.observations.size(1), action_dim = data_.actions.size(1);
  // ã = clip(π̂(s′) + clip(ε, ±c), bounds)
  gather_rows(data_.next_observations, rows, next_policy_tape_.observations());
  network_.act(policy_target_, next_policy_tape_);
  evaluate(
      next_actions_,
      [](auto noise, auto clip, auto half, auto action) {
        return at_most(at_least(noise, -clip), clip) * half + action;
      },
      noise_.draw(), noise_clip_, half_, next_policy_tape_.actions);
  next_actions_.clamp_(low_, high_);
  assign(next_critic_tape_->input.narrow(1, 0, obs_dim), next_policy_tape_.observations());
  assign(next_critic_tape_->input.narrow(1, obs_dim, action_dim), next_actions_);
  critic_mlp_->forward(critic_target_, *next_critic_tape_);
  // y = r + discount · mask · min Q̂(s′, ã)
  gather_rows(data_.rewards, rows, rewards_);
  gather_rows(data_.masks, rows, masks_);
  evaluate(
      target_,
      [](auto q1, auto q2, auto mask, auto discount, auto reward) {
        return smaller(q1, q2) * mask * discount + reward;
      },
      next_critic_tape_->output[0], next_critic_tape_->output[1], masks_, discount_, rewards_);
  // ∂L_Q/∂Q_k = 2/B (Q_k − y)
  gather_rows(data_.observation_action, rows, critic_tape_->input);
  critic_mlp_->forward(critic_, *critic_tape_);
  const auto& gradient = critic_tape_->output_gradient;
  evaluate(
      gradient, [](auto q, auto y) { return q - y; }, critic_tape_->output, target_);
  metrics_.add_mean(
      0, [](auto error) { return error * error * 2.0f; }, gradient);  // the sum over both critics
  metrics_.add_mean(1, critic_tape_->output);
  evaluate(
      gradient, [](auto error, auto factor) { return error * factor; }, gradient, 2.0 / batch);
  critic_mlp_->backward(critic_, *critic_tape_, critic_gradient_);
  critic_adam_.step(critic_, critic_gradient_);
}

void Td3Learner::update_policy(const at::Tensor& rows) {
  const double batch = static_cast<double>(rows.numel());
  const int64_t obs_dim = data_.observations.size(1), action_dim = data_.actions.size(1);
  gather_rows(data_.observations, rows, policy_tape_.observations());
  network_.act(policy_, policy_tape_);
  assign(first_critic_tape_->input.narrow(1, 0, obs_dim), policy_tape_.observations());
  assign(first_critic_tape_->input.narrow(1, obs_dim, action_dim), policy_tape_.actions);
  const auto first_critic = critic_.narrow(0, 0, 1);
  first_critic_mlp_->forward(first_critic, *first_critic_tape_);
  // ∂L_π/∂Q_1 = −λ/B
  const auto& q = first_critic_tape_->output;
  at::mean_out(policy_loss_, q, at::IntArrayRef{}).neg_();
  auto& q_gradient = first_critic_tape_->output_gradient;
  q_gradient.fill_(-1.0 / batch);
  if (bc_alpha_ > 0.0) {
    scale_.copy_(q.abs().mean()).clamp_min_(1e-6).reciprocal_().mul_(bc_alpha_);
    q_gradient.mul_(scale_);
    policy_loss_.mul_(scale_);
  }
  first_critic_mlp_->backward_to_input(first_critic, *first_critic_tape_);
  assign(action_gradient_, first_critic_tape_->input_gradient[0].narrow(1, obs_dim, action_dim));
  if (bc_alpha_ > 0.0) {
    // ∂/∂π of the mean square over batch and action dimensions
    gather_rows(data_.actions, rows, actions_);
    const double count = batch * static_cast<double>(action_dim);
    evaluate(
        actions_, [](auto action, auto policy) { return policy - action; }, actions_, policy_tape_.actions);
    evaluate_sum(
        cloning_loss_, [](auto error, auto share) { return error * error * share; }, actions_, 1.0 / count);
    evaluate(
        policy_loss_, [](auto value, auto cloning) { return value + cloning; }, policy_loss_, cloning_loss_);
    evaluate(
        action_gradient_, [](auto gradient, auto error, auto factor) { return gradient + error * factor; },
        action_gradient_, actions_, 2.0 / count);
  }
  network_.backward(policy_, policy_tape_, action_gradient_, policy_gradient_);
  policy_adam_.step(policy_, policy_gradient_, policy_target_, target_update_rate_);
  polyak(critic_target_, critic_, target_update_rate_, workers_);
}

PolicySnapshot Td3Learner::snapshot() const {
  return network_.snapshot(policy_);
}

void Td3Learner::save(StateDict& state) const {
  put(state, "td3/updates", updates_);
  put(state, "critic/parameters", critic_);
  put(state, "critic/target", critic_target_);
  put(state, "critic/adam", critic_adam_);
  put(state, "policy/parameters", policy_);
  put(state, "policy/target", policy_target_);
  put(state, "policy/adam", policy_adam_);
  put(state, "policy/loss", policy_loss_);
  metrics_.save(state, "td3/metrics");
}

void Td3Learner::load(StateLoader& loader) {
  loader.get("td3/updates", updates_);
  loader.get("critic/parameters", critic_);
  loader.get("critic/target", critic_target_);
  loader.get("critic/adam", critic_adam_);
  loader.get("policy/parameters", policy_);
  loader.get("policy/target", policy_target_);
  loader.get("policy/adam", policy_adam_);
  loader.get("policy/loss", policy_loss_);
  metrics_.load(loader, "td3/metrics");
}

}  // namespace vaco
