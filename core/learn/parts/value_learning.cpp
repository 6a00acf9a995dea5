// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/value_learning.h"

#include <ATen/ATen.h>

#include "core/learn/parts/formula.h"

namespace vaco {

void list_value_steps(ParamFields& fields, int64_t& steps) {
  fields.add(steps,
             {.key = "value_steps",
              .symbol = "K1",
              .label = "Value steps",
              .help = "Steps of phase 1, in which the critics and the value network learn from the data.",
              .min = 1,
              .max = 1e9,
              .warn_min = 20000,
              .warn_max = 3e6,
              .scale = ParamScale::logarithmic,
              .tier = ParamTier::basic,
              .group = "Value learning",
              .unit = "steps",
              .affects = "how far Q can be trusted; time",
              .reference = "not published; 1M is our reading"});
}

void ValueLearningParams::list(ParamFields& fields) {
  fields.add(
      expectile,
      {.key = "expectile",
       .symbol = "τ",
       .label = "Expectile",
       .help =
           "How optimistic the value network is: 0.5 is the mean over actions in the data, towards 1 the best.",
       .min = 0.01,
       .max = 0.999,
       .warn_min = 0.5,
       .warn_max = 0.95,
       .tier = ParamTier::basic,
       .group = "Value learning",
       .affects = "V and with it Q",
       .reference = "IQL (AntMaze 0.9)"});
  td.list(fields, "IQL");
  fields.of(td.value_lr).help = "Adam's step size for the critics and the value network.";
  fields.of(td.value_lr).reference = "VACO (second-hand), IQL";
}

void reduce_critics(CriticReduction reduction, const at::Tensor& values, at::Tensor& out) {
  switch (reduction) {
    case CriticReduction::minimum:
      evaluate(
          out, [](auto q1, auto q2) { return smaller(q1, q2); }, values[0], values[1]);
      break;
    case CriticReduction::first:
      out.copy_(values[0]);
      break;
    case CriticReduction::mean:
      evaluate(
          out, [](auto q1, auto q2) { return (q1 + q2) * 0.5f; }, values[0], values[1]);
      break;
  }
}

namespace {

/// Runs a network over all rows of its inputs [N, inputs], a chunk at a time: take(first row, output [copies,
/// chunk, 1]).
template <class Take>
void over_dataset(const Mlp& mlp, const at::Tensor& parameters, const at::Tensor& inputs,
                  std::unique_ptr<Tape>& tape, Take&& take) {
  const int64_t rows = inputs.size(0);
  if (!tape) tape = mlp.make_tape(std::min(kDatasetChunk, rows));
  over_chunks(rows, tape->rows, [&](int64_t begin) {
    tape->input.copy_(inputs.narrow(0, begin, tape->rows));
    mlp.forward(parameters, *tape);
    take(begin, tape->output);
  });
}

}  // namespace

ValueLearning::ValueLearning(Compute& compute, const DeviceData& data, const ValueLearningParams& params,
                             const NetworkParams& network, Rng& init)
    : compute_(compute),
      data_(data),
      expectile_(params.expectile),
      discount_(params.td.discount),
      target_update_rate_(params.td.target_update_rate),
      critic_mlp_(compute.mlp(network.shape(data.observation_action.size(1), 1, 2))),
      value_mlp_(compute.mlp(network.shape(data.observations.size(1), 1))),
      critic_(compute.parameters(critic_mlp_->shape(), init)),
      critic_target_(critic_.clone()),
      value_(compute.parameters(value_mlp_->shape(), init)),
      critic_gradient_(at::zeros_like(critic_)),
      value_gradient_(at::zeros_like(value_)),
      critic_adam_(compute.adam(critic_, params.td.value_lr)),
      value_adam_(compute.adam(value_, params.td.value_lr)),
      metrics_(compute, metric_keys()) {
  const int64_t batch = network.batch_size;
  critic_tape_ = critic_mlp_->make_tape(batch);
  value_tape_ = value_mlp_->make_tape(batch);
  next_tape_ = value_mlp_->make_tape(batch);
  for (auto* column : {&rewards_, &masks_, &target_, &difference_}) *column = compute.zeros({batch, 1});
}

void ValueLearning::update(const at::Tensor& rows) {
  gather_rows(data_.observation_action, rows, critic_tape_->input);
  gather_rows(data_.observations, rows, value_tape_->input);
  gather_rows(data_.next_observations, rows, next_tape_->input);
  update_value(rows);
  update_critic(rows);
  metrics_.count();
}

void ValueLearning::update_value(const at::Tensor& rows) {
  const double batch = static_cast<double>(rows.numel());
  critic_mlp_->forward(critic_target_, *critic_tape_);
  value_mlp_->forward(value_, *value_tape_);
  const auto& v = value_tape_->output[0];
  // u = min Q̂ − V;  ∂L_V/∂V = −2/B |expectile − 1(u < 0)| u
  evaluate(
      difference_, [](auto q1, auto q2, auto value) { return smaller(q1, q2) - value; },
      critic_tape_->output[0], critic_tape_->output[1], v);
  const auto& gradient = value_tape_->output_gradient[0];
  evaluate(
      gradient,
      [](auto u, auto above, auto bend) {
        return at_least(u, 0.0f) * above + at_most(u, 0.0f) * (bend + above);
      },
      difference_, expectile_, 1.0 - 2.0 * expectile_);
  metrics_.add_mean(
      0, [](auto g, auto u) { return g * u; }, gradient, difference_);
  metrics_.add_mean(3, v);
  evaluate(
      gradient, [](auto g, auto factor) { return g * factor; }, gradient, -2.0 / batch);
  value_mlp_->backward(value_, *value_tape_, value_gradient_);
  value_adam_.step(value_, value_gradient_);
}

void ValueLearning::update_critic(const at::Tensor& rows) {
  const double batch = static_cast<double>(rows.numel());
  // y = r + discount · mask · V(s′)
  value_mlp_->forward(value_, *next_tape_);
  gather_rows(data_.rewards, rows, rewards_);
  gather_rows(data_.masks, rows, masks_);
  evaluate(
      target_, [](auto next, auto mask, auto discount, auto reward) { return next * mask * discount + reward; },
      next_tape_->output[0], masks_, discount_, rewards_);
  // ∂L_Q/∂Q_k = 2/B (Q_k − y)
  critic_mlp_->forward(critic_, *critic_tape_);
  auto& gradient = critic_tape_->output_gradient;
  evaluate(
      gradient, [](auto q, auto y, auto factor) { return (q - y) * factor; }, critic_tape_->output, target_,
      2.0 / batch);
  metrics_.add_mean(
      1,
      [](auto q, auto y) {
        const auto error = q - y;
        return error * error * 2.0f;
      },
      critic_tape_->output, target_);
  metrics_.add_mean(2, critic_tape_->output);
  critic_mlp_->backward(critic_, *critic_tape_, critic_gradient_);
  critic_adam_.step(critic_, critic_gradient_, critic_target_, target_update_rate_);
}

void ValueLearning::evaluate_dataset(CriticReduction reduction, bool target_critics, at::Tensor& out) {
  over_dataset(*critic_mlp_, target_critics ? critic_target_ : critic_, data_.observation_action, dataset_tape_,
               [&](int64_t begin, const at::Tensor& values) {
                 auto part = out.narrow(0, begin, values.size(1));
                 reduce_critics(reduction, values, part);
               });
}

void ValueLearning::evaluate_dataset_value(at::Tensor& out) {
  over_dataset(
      *value_mlp_, value_, data_.observations, dataset_value_tape_,
      [&](int64_t begin, const at::Tensor& values) { out.narrow(0, begin, values.size(1)).copy_(values[0]); });
}

void ValueLearning::save(StateDict& state) const {
  put(state, "critic/parameters", critic_);
  put(state, "critic/target", critic_target_);
  put(state, "critic/adam", critic_adam_);
  put(state, "value/parameters", value_);
  put(state, "value/adam", value_adam_);
  metrics_.save(state, "value/metrics");
}

void ValueLearning::load(StateLoader& loader) {
  loader.get("critic/parameters", critic_);
  loader.get("critic/target", critic_target_);
  loader.get("critic/adam", critic_adam_);
  loader.get("value/parameters", value_);
  loader.get("value/adam", value_adam_);
  metrics_.load(loader, "value/metrics");
}

}  // namespace vaco
