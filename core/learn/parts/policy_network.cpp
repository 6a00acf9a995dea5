// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/policy_network.h"

#include <ATen/ATen.h>

#include "core/learn/parts/formula.h"

namespace vaco {

PolicyNetwork::PolicyNetwork(Compute& compute, const TrainingData& data, const NetworkParams& params)
    : data_(data),
      mlp_(compute.mlp(params.shape(data.obs_dim, data.action_dim))),
      bounds_(compute, data.action_low, data.action_high) {}

PolicyTape PolicyNetwork::make_tape(int64_t rows) const {
  PolicyTape tape;
  tape.net = mlp_->make_tape(rows);
  tape.squashed = at::zeros_like(tape.net->output);
  tape.actions = at::zeros_like(tape.net->output[0]);
  if (choices() > 0) tape.expected = at::zeros({1, rows, 1}, tape.actions.options());
  return tape;
}

void PolicyNetwork::act(const at::Tensor& parameters, PolicyTape& tape) const {
  forward(parameters, tape);
  together([&] { respond(tape); });
}

void PolicyNetwork::forward(const at::Tensor& parameters, PolicyTape& tape) const {
  mlp_->forward(parameters, *tape.net);
}

void PolicyNetwork::respond(PolicyTape& tape) const {
  if (choices() > 0) {
    finish_formulas();
    at::_log_softmax_out(tape.squashed, tape.net->output, 2, false);
    at::exp_out(tape.actions, tape.squashed[0]);
    return;
  }
  assign_tanh(tape.squashed, tape.net->output);
  evaluate(
      tape.actions, [](auto squashed, auto half, auto middle) { return squashed * half + middle; },
      tape.squashed[0], bounds_.half, bounds_.middle);
}

void PolicyNetwork::backward(const at::Tensor& parameters, PolicyTape& tape, const at::Tensor& action_gradient,
                             at::Tensor& gradients, const at::Tensor& row_weights) const {
  together([&] { begin_backward(tape, action_gradient); });
  backward_output(parameters, tape, gradients, row_weights);
}

void PolicyNetwork::begin_backward(PolicyTape& tape, const at::Tensor& action_gradient) const {
  if (choices() > 0) {
    // ∂π_a/∂logit_b = π_a (1(a = b) − π_b)
    const auto& to_logits = tape.net->output_gradient;
    evaluate(
        to_logits, [](auto to_choice, auto share) { return to_choice * share; }, action_gradient, tape.actions);
    finish_formulas();
    at::sum_out(tape.expected, to_logits, at::IntArrayRef{2}, true);
    evaluate(
        to_logits, [](auto to_choice, auto share, auto mean) { return (to_choice - mean) * share; },
        action_gradient, tape.actions, tape.expected);
    return;
  }
  // ∂π/∂output = half (1 − tanh²)
  evaluate(
      tape.net->output_gradient,
      [](auto to_action, auto squashed, auto half) { return (1.0f - squashed * squashed) * half * to_action; },
      action_gradient, tape.squashed, bounds_.half);
}

void PolicyNetwork::begin_backward_loss(PolicyTape& tape, const at::Tensor& scaled) const {
  if (choices() == 0)
    begin_backward(tape, scaled);
  else
    assign(tape.net->output_gradient, scaled);
}

void PolicyNetwork::backward_output(const at::Tensor& parameters, PolicyTape& tape, at::Tensor& gradients,
                                    const at::Tensor& row_weights) const {
  mlp_->backward(parameters, *tape.net, gradients, row_weights);
}

void PolicyNetwork::backward_and_step(at::Tensor& parameters, PolicyTape& tape, at::Tensor& gradients,
                                      Adam& adam, at::Tensor& target, double target_rate,
                                      const at::Tensor& row_weights) const {
  mlp_->backward_and_step(parameters, *tape.net, gradients, adam, target, target_rate, row_weights);
}

at::Tensor PolicyNetwork::losses(const PolicyTape& tape, const at::Tensor& actions) const {
  if (choices() > 0) return (tape.squashed[0] * actions).sum(1, true).neg_();
  return (tape.actions - actions).square_().sum(1, true);
}

void PolicyNetwork::row_products(const at::Tensor& direction, PolicyTape& tape, at::Tensor& products) const {
  auto by_copy = products.unsqueeze(0);
  mlp_->row_products(direction, *tape.net, by_copy);
}

at::Tensor PolicyNetwork::differentiable_output(const at::Tensor& parameters,
                                                const at::Tensor& observations) const {
  const auto& s = shape();
  const auto flat = parameters.view({s.parameters()});
  auto h = observations;
  for (int64_t l = 0; l < s.layers(); ++l) {
    const auto weight =
        flat.narrow(0, s.weight_at(l), s.fan_in(l) * s.fan_out(l)).view({s.fan_in(l), s.fan_out(l)});
    h = at::matmul(h, weight) + flat.narrow(0, s.bias_at(l), s.fan_out(l));
    if (l < s.hidden_layers) h = at::relu(h);
  }
  return h;
}

at::Tensor PolicyNetwork::differentiable(const at::Tensor& parameters, const at::Tensor& observations) const {
  const auto output = differentiable_output(parameters, observations);
  if (choices() > 0) return at::softmax(output, 1);
  return bounds_.middle + bounds_.half * at::tanh(output);
}

at::Tensor PolicyNetwork::differentiable_losses(const at::Tensor& parameters, const at::Tensor& observations,
                                                const at::Tensor& actions) const {
  if (choices() == 0) return (differentiable(parameters, observations) - actions).square().sum(1, true);
  return -(at::log_softmax(differentiable_output(parameters, observations), 1) * actions).sum(1, true);
}

PolicySnapshot PolicyNetwork::snapshot(const at::Tensor& parameters) const {
  return make_snapshot(shape(), parameters, data_);
}

PolicySnapshot make_snapshot(const MlpShape& s, const at::Tensor& parameters, const TrainingData& data) {
  const auto flat = parameters.to(at::kCPU, at::kFloat).view({s.parameters()});
  PolicySnapshot policy;
  for (int64_t l = 0; l < s.layers(); ++l) {
    const auto weight = flat.narrow(0, s.weight_at(l), s.fan_in(l) * s.fan_out(l))
                            .view({s.fan_in(l), s.fan_out(l)})
                            .t()
                            .contiguous();
    const auto bias = flat.narrow(0, s.bias_at(l), s.fan_out(l));
    DenseLayer layer{.inputs = s.fan_in(l), .outputs = s.fan_out(l), .weight = {}, .bias = {}};
    layer.weight.assign(weight.data_ptr<float>(), weight.data_ptr<float>() + weight.numel());
    layer.bias.assign(bias.data_ptr<float>(), bias.data_ptr<float>() + bias.numel());
    policy.layers.push_back(std::move(layer));
  }
  policy.observation_mean = data.observation_mean;
  policy.observation_scale = data.observation_scale;
  policy.action_count = data.action_count;
  if (policy.action_count > 0) {
    policy.action_low = {0.0f};
    policy.action_high = {static_cast<float>(policy.action_count - 1)};
    return policy;
  }
  policy.action_low = data.action_low;
  policy.action_high = data.action_high;
  return policy;
}

}  // namespace vaco
