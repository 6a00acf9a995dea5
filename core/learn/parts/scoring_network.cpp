// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/scoring_network.h"

#include <ATen/ATen.h>

#include "core/learn/parts/dataset_pass.h"
#include "core/learn/parts/formula.h"

namespace vaco {
namespace {

/// The columns the network sees; Q's own column, where there is one, stands last.
at::Tensor make_inputs(const DeviceData& data, WeightInputs inputs) {
  const auto q = at::zeros_like(data.rewards);
  switch (inputs) {
    case WeightInputs::no_value:
      return data.observation_action.clone();
    case WeightInputs::no_state:
      return at::cat({data.actions, q}, 1);
    case WeightInputs::value_only:
      return q;
    case WeightInputs::full:
      break;
  }
  return at::cat({data.observation_action, q}, 1);
}

}  // namespace

ScoringNetwork::ScoringNetwork(Compute& compute, const DeviceData& data, const WeightParams& params,
                               const NetworkParams& network, Rng& init)
    : activation_(params.weight_normalization == WeightNormalization::softmax ? WeightActivation::exponential
                                                                              : params.weight_activation),
      temperature_(params.weight_temperature),
      inputs_(make_inputs(data, params.weight_inputs)),
      mlp_(compute.mlp(network.shape(inputs_.size(1), 1))),
      parameters_(compute.parameters(mlp_->shape(), init)),
      gradients_(at::zeros_like(parameters_)),
      adam_(compute.adam(parameters_, params.meta_lr)),
      tape_(mlp_->make_tape(network.batch_size)),
      weights_(compute.zeros({network.batch_size, 1})),
      slope_(at::zeros_like(weights_)) {
  if (params.weight_inputs != WeightInputs::no_value) q_column_ = inputs_.size(1) - 1;
}

void ScoringNetwork::set_q(const at::Tensor& q) {
  if (q_column_ < 0) return;
  const auto values = q.to(at::kDouble);
  const auto deviation = values.std(false).clamp_min(1e-6);
  inputs_.narrow(1, q_column_, 1).copy_((values - values.mean()) / deviation);
}

void ScoringNetwork::activate(const at::Tensor& logits, at::Tensor& weights) const {
  evaluate(
      weights, [](auto f, auto rate) { return f * rate; }, logits, 1.0 / temperature_);
  switch (activation_) {
    case WeightActivation::sigmoid:
      assign_sigmoid(weights, weights);
      break;
    case WeightActivation::double_sigmoid:
      assign_sigmoid(weights, weights);
      evaluate(
          weights, [](auto half) { return half * 2.0f; }, weights);
      break;
    case WeightActivation::softplus:
      finish_formulas();
      at::softplus_out(weights, weights).mul_(temperature_);
      break;
    // Beyond e^20 nothing but overflow is gained.
    case WeightActivation::exponential:
      finish_formulas();
      weights.clamp_(-20.0, 20.0).exp_();
      break;
  }
}

void ScoringNetwork::score(const at::Tensor& rows) {
  gather_rows(inputs_, rows, tape_->input);
  mlp_->forward(parameters_, *tape_);
  together([this] { activate(tape_->output[0], weights_); });
}

void ScoringNetwork::begin_backward(const at::Tensor& direction, double sign) {
  const auto& to_output = tape_->output_gradient[0];
  const double rate = sign / temperature_;
  // ∂w/∂f in terms of w, so that nothing has to be kept of f.
  switch (activation_) {
    case WeightActivation::sigmoid:
      evaluate(
          to_output, [](auto w, auto d, auto factor) { return (w - w * w) * d * factor; }, weights_, direction,
          rate);
      break;
    case WeightActivation::double_sigmoid:
      evaluate(
          to_output, [](auto w, auto d, auto factor) { return (w - w * w * 0.5f) * d * factor; }, weights_,
          direction, rate);
      break;
    case WeightActivation::softplus:
      finish_formulas();
      slope_.copy_(weights_).mul_(-1.0 / temperature_).exp_().neg_().add_(1.0);
      evaluate(
          to_output, [](auto slope, auto d, auto factor) { return slope * d * factor; }, slope_, direction,
          sign);
      break;
    case WeightActivation::exponential:
      evaluate(
          to_output, [](auto w, auto d, auto factor) { return w * d * factor; }, weights_, direction, rate);
      break;
  }
}

const at::Tensor& ScoringNetwork::gradient(const at::Tensor& direction) {
  begin_backward(direction, 1.0);
  mlp_->backward(parameters_, *tape_, gradients_);
  return gradients_;
}

void ScoringNetwork::begin_ascent(const at::Tensor& direction) {
  begin_backward(direction, -1.0);
}

void ScoringNetwork::end_ascent() {
  at::Tensor none;
  mlp_->backward_and_step(parameters_, *tape_, gradients_, adam_, none, 0.0);
}

void ScoringNetwork::score_dataset(at::Tensor& out) {
  over_dataset(*mlp_, parameters_, inputs_, dataset_tape_, [&](int64_t begin, const at::Tensor& output) {
    auto part = out.narrow(0, begin, output.size(1));
    activate(output[0], part);
  });
}

TrajectoryFeatures ScoringNetwork::trajectory_features(const std::vector<int64_t>& first,
                                                       const std::vector<int64_t>& length) {
  TrajectoryFeatures features{mlp_->shape().width, {}};
  const auto width = static_cast<size_t>(features.width);
  features.values.resize(first.size() * width);
  size_t trajectory = 0;
  int64_t done = 0;
  over_dataset(*mlp_, parameters_, inputs_, dataset_tape_, [&](int64_t begin, const at::Tensor& output) {
    const auto host = dataset_tape_->hidden.back()[0].to(at::kCPU, at::kFloat).contiguous();
    const int64_t end = begin + output.size(1);
    for (; done < end; ++done) {  // the last chunk begins again in the one before it
      while (done >= first[trajectory] + length[trajectory]) ++trajectory;
      const float* row = host.data_ptr<float>() + (done - begin) * features.width;
      const auto share = 1.0f / static_cast<float>(length[trajectory]);
      for (size_t k = 0; k < width; ++k) features.values[trajectory * width + k] += share * row[k];
    }
  });
  return features;
}

void ScoringNetwork::visit(StateArchive& archive) {
  archive("scoring/parameters", parameters_);
  archive("scoring/adam", adam_);
  if (q_column_ >= 0) archive("scoring/q", inputs_.narrow(1, q_column_, 1));
}

}  // namespace vaco
