// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/critic_ensemble.h"

#include <ATen/ATen.h>

#include "core/learn/parts/formula.h"

namespace vaco {
namespace {

MlpShape with_layer_norm(MlpShape shape, bool layer_norm) {
  shape.layer_norm = layer_norm;
  return shape;
}

void set_input(Tape& tape, const at::Tensor& observations, const at::Tensor& actions) {
  assign(tape.input.narrow(1, 0, observations.size(1)), observations);
  assign(tape.input.narrow(1, observations.size(1), actions.size(1)), actions);
}

}  // namespace

void TdParams::list(ParamFields& fields, const std::string& reference) {
  const std::string group = "Value learning";
  fields.add(discount, {.key = "discount",
                        .symbol = "γ",
                        .label = "Discount",
                        .help = "Weight of the future: a reward k steps ahead counts γ^k.",
                        .min = 0.0,
                        .max = 0.99999,
                        .warn_min = 0.9,
                        .warn_max = 0.999,
                        .group = group,
                        .affects = "Q's horizon",
                        .reference = reference});
  fields.add(target_update_rate, {.key = "target_update_rate",
                                  .symbol = "τ (Polyak)",
                                  .label = "Target update rate",
                                  .help = "Share by which the target critics follow the critics each step.",
                                  .min = 1e-5,
                                  .max = 1.0,
                                  .warn_min = 0.001,
                                  .warn_max = 0.05,
                                  .scale = ParamScale::logarithmic,
                                  .group = group,
                                  .affects = "stability of value learning",
                                  .reference = reference});
  fields.add(value_lr, {.key = "value_lr",
                        .symbol = "",
                        .label = "Value learning rate",
                        .help = "Adam's step size for the critics.",
                        .min = 1e-7,
                        .max = 1.0,
                        .warn_min = 3e-5,
                        .warn_max = 1e-3,
                        .scale = ParamScale::logarithmic,
                        .group = group,
                        .affects = "speed and stability of value learning",
                        .reference = reference});
}

CriticEnsemble::CriticEnsemble(Compute& compute, const DeviceData& data, const TdParams& td,
                               const NetworkParams& network, int64_t copies, Rng& init, bool layer_norm)
    : compute_(compute),
      data_(data),
      discount_(td.discount),
      target_update_rate_(td.target_update_rate),
      mlp_(compute.mlp(with_layer_norm(network.shape(data.observation_action.size(1), 1, copies), layer_norm))),
      parameters_(compute.parameters(mlp_->shape(), init)),
      target_(parameters_.clone()),
      gradient_(at::zeros_like(parameters_)),
      adam_(compute.adam(parameters_, td.value_lr)) {
  const int64_t batch = network.batch_size;
  td_tape_ = mlp_->make_tape(batch);
  next_tape_ = mlp_->make_tape(batch);
  target_tape_ = mlp_->make_tape(batch);
  target_tape_->input = td_tape_->input;
  for (auto* column : {&rewards_, &masks_, &td_target_}) *column = compute.zeros({batch, 1});
  own_td_targets_ = compute.zeros({copies, batch, 1});
  action_gradient_ = compute.zeros({batch, data.actions.size(1)});
  loss_ = compute.zeros({});
}

void CriticEnsemble::gather(const at::Tensor& rows) {
  gather_rows(rows,
              {{data_.observation_action, td_tape_->input}, {data_.rewards, rewards_}, {data_.masks, masks_}});
}

void CriticEnsemble::predict() {
  mlp_->forward(parameters_, *td_tape_);
}

void CriticEnsemble::predict_targets() {
  mlp_->forward(target_, *target_tape_);
}

const at::Tensor& CriticEnsemble::next_values(const at::Tensor& next_observations,
                                              const at::Tensor& next_actions) {
  set_input(*next_tape_, next_observations, next_actions);
  mlp_->forward(target_, *next_tape_);
  return next_tape_->output;
}

void CriticEnsemble::td_gradient(const at::Tensor& next, double slope) {
  predict();
  together([&] { begin_td_gradient(next, slope); });
  end_td_gradient();
}

void CriticEnsemble::begin_td_gradient(const at::Tensor& next, double slope) {
  const double batch = static_cast<double>(rewards_.size(0));
  last_td_target_ = next.dim() == 3 ? &own_td_targets_ : &td_target_;
  evaluate(
      td_target(),
      [](auto value, auto mask, auto discount, auto reward) { return value * mask * discount + reward; }, next,
      masks_, discount_, rewards_);
  // ∂L_Q/∂Q_k = 2/B (Q_k − y_k) + c/B
  evaluate(
      td_tape_->output_gradient,
      [](auto q, auto y, auto factor, auto shift) { return (q - y) * factor + shift; }, td_tape_->output,
      td_target(), 2.0 / batch, slope / batch);
}

void CriticEnsemble::end_td_gradient() {
  mlp_->backward(parameters_, *td_tape_, gradient_);
}

void CriticEnsemble::end_td_step(bool targets_follow) {
  at::Tensor none;
  mlp_->backward_and_step(parameters_, *td_tape_, gradient_, adam_, targets_follow ? target_ : none,
                          target_update_rate_);
}

const at::Tensor& CriticEnsemble::loss() {
  evaluate_sum(
      loss_,
      [](auto q, auto y, auto share) {
        const auto error = q - y;
        return error * error * share;
      },
      td_values(), td_target(), 1.0 / static_cast<double>(rewards_.size(0)));
  return loss_;
}

void CriticEnsemble::step(bool targets_follow) {
  if (targets_follow)
    adam_.step(parameters_, gradient_, target_, target_update_rate_);
  else
    adam_.step(parameters_, gradient_);
}

const at::Tensor& CriticEnsemble::values(const at::Tensor& observations, const at::Tensor& actions,
                                         Which which) {
  auto& reading = which == Which::all ? all_ : first_;
  if (!reading.mlp) {
    auto shape = mlp_->shape();
    if (which == Which::first) shape.copies = 1;
    reading.mlp = compute_.mlp(shape);
    reading.tape = reading.mlp->make_tape(observations.size(0));
    reading.parameters = parameters_.narrow(0, 0, shape.copies);
  }
  last_read_ = &reading;
  set_input(*reading.tape, observations, actions);
  reading.mlp->forward(reading.parameters, *reading.tape);
  return reading.tape->output;
}

const at::Tensor& CriticEnsemble::action_gradient(const at::Tensor& value_gradient) {
  auto& tape = *last_read_->tape;
  assign(tape.output_gradient, value_gradient);
  last_read_->mlp->backward_to_input(last_read_->parameters, tape);
  const auto to_actions = tape.input_gradient.narrow(2, data_.observations.size(1), action_gradient_.size(1));
  if (to_actions.size(0) == 1)
    assign(action_gradient_, to_actions[0]);
  else
    at::sum_out(action_gradient_, to_actions, at::IntArrayRef{0});
  return action_gradient_;
}

void CriticEnsemble::visit(StateArchive& archive) {
  archive("critic/parameters", parameters_);
  archive("critic/target", target_);
  archive("critic/adam", adam_);
}

void mark_minimum(const at::Tensor& values, at::Tensor& out) {
  out.zero_().scatter_(0, values.argmin(0, true), 1.0);
}

}  // namespace vaco
