// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/value_learning.h"

#include <ATen/ATen.h>

#include "core/learn/parts/dataset_pass.h"
#include "core/learn/parts/formula.h"
#include "core/learn/parts/metrics.h"

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
      assign(out, values[0]);
      break;
    case CriticReduction::mean:
      evaluate(
          out, [](auto q1, auto q2) { return (q1 + q2) * 0.5f; }, values[0], values[1]);
      break;
  }
}

ValueLearning::ValueLearning(Compute& compute, const DeviceData& data, const ValueLearningParams& params,
                             const NetworkParams& network, Rng& init)
    : compute_(compute),
      data_(data),
      expectile_(params.expectile),
      critics_(compute, data, params.td, network, 2, init),
      mlp_(compute.mlp(network.shape(data.observations.size(1), 1))),
      value_(compute.parameters(mlp_->shape(), init)),
      gradient_(at::zeros_like(value_)),
      adam_(compute.adam(value_, params.td.value_lr)),
      tape_(mlp_->make_tape(network.batch_size)),
      next_tape_(mlp_->make_tape(network.batch_size)),
      difference_(compute.zeros({network.batch_size, 1})),
      slope_(at::zeros_like(difference_)),
      metrics_(compute, metric_list()) {}

MetricList ValueLearning::metric_list() {
  return {metric::value_loss, metric::critic_loss, metric::q_mean, metric::v_mean};
}

void ValueLearning::update(const at::Tensor& rows) {
  update_value(rows);
  update_critics();
}

void ValueLearning::update_value(const at::Tensor& rows) {
  compute_.beside(
      [&] {
        critics_.gather(rows);
        compute_.beside([this] { critics_.predict_targets(); }, [this] { critics_.predict(); });
      },
      [&] {
        gather_rows(rows, {{data_.observations, tape_->input}, {data_.next_observations, next_tape_->input}});
        mlp_->forward(value_, *tape_);
      });
  const auto& q = critics_.target_values();
  const auto& v = tape_->output[0];
  const auto& to_value = tape_->output_gradient[0];
  together([&] {
    // u = min Q̂ − V;  ∂L_V/∂V = −2/B |expectile − 1(u < 0)| u
    evaluate(
        difference_, [](auto q1, auto q2, auto value) { return smaller(q1, q2) - value; }, q[0], q[1], v);
    evaluate(
        slope_,
        [](auto u, auto above, auto bend) {
          return at_least(u, 0.0f) * above + at_most(u, 0.0f) * (bend + above);
        },
        difference_, expectile_, 1.0 - 2.0 * expectile_);
    evaluate(
        to_value, [](auto g, auto factor) { return g * factor; }, slope_,
        -2.0 / static_cast<double>(difference_.size(0)));
  });
  at::Tensor none;
  mlp_->backward_and_step(value_, *tape_, gradient_, adam_, none, 0.0);
}

void ValueLearning::update_critics() {
  mlp_->forward(value_, *next_tape_);
  const auto next = next_tape_->output[0];
  together([&] { critics_.begin_td_gradient(next); });
  compute_.beside([this] { critics_.end_td_step(); }, [this] { note(); });
}

/// Of the last step, before it.
void ValueLearning::note() {
  together([this] {
    metrics_.add_mean(
        metric::value_loss, [](auto g, auto u) { return g * u; }, slope_, difference_);
    metrics_.add_mean(metric::v_mean, tape_->output[0]);
    metrics_.add_mean(
        metric::critic_loss,
        [](auto q, auto y) {
          const auto error = q - y;
          return error * error * 2.0f;
        },
        critics_.td_values(), critics_.td_target());
    metrics_.add_mean(metric::q_mean, critics_.td_values());
    metrics_.count();
  });
}

void ValueLearning::evaluate_dataset(CriticReduction reduction, bool target_critics, at::Tensor& out) {
  evaluate_critics(reduction, target_critics, data_.observation_action, dataset_critic_tape_, out);
}

void ValueLearning::evaluate_critics(CriticReduction reduction, bool target_critics,
                                     const at::Tensor& observation_action, std::unique_ptr<Tape>& tape,
                                     at::Tensor& out) const {
  over_dataset(critics_.mlp(), target_critics ? critics_.target_parameters() : critics_.parameters(),
               observation_action, tape, [&](int64_t begin, const at::Tensor& values) {
                 auto part = out.narrow(0, begin, values.size(1));
                 reduce_critics(reduction, values, part);
               });
}

void ValueLearning::evaluate_dataset_value(at::Tensor& out) {
  evaluate_value(data_.observations, dataset_tape_, out);
}

void ValueLearning::evaluate_value(const at::Tensor& observations, std::unique_ptr<Tape>& tape,
                                   at::Tensor& out) const {
  over_dataset(*mlp_, value_, observations, tape, [&](int64_t begin, const at::Tensor& values) {
    out.narrow(0, begin, values.size(1)).copy_(values[0]);
  });
}

void ValueLearning::visit(StateArchive& archive) {
  critics_.visit(archive);
  archive("value/parameters", value_);
  archive("value/adam", adam_);
  metrics_.visit(archive, "value/metrics");
}

}  // namespace vaco
