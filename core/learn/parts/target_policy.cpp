// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/target_policy.h"

#include <ATen/ATen.h>

#include "core/learn/parts/formula.h"

namespace vaco {

TargetPolicy::TargetPolicy(Compute& compute, const TrainingData& data, const DeviceData& device_data,
                           const PolicyParams& params, double target_update_rate, Rng& init)
    : data_(device_data),
      target_update_rate_(target_update_rate),
      network_(compute, data, params),
      parameters_(compute.parameters(network_.shape(), init)),
      target_(parameters_.clone()),
      gradient_(at::zeros_like(parameters_)),
      adam_(compute.adam(parameters_, params.policy_lr)),
      tape_(network_.make_tape(params.batch_size)),
      next_tape_(network_.make_tape(params.batch_size)) {}

PolicyTape& TargetPolicy::act(const at::Tensor& rows) {
  gather_rows(data_.observations, rows, tape_.observations());
  network_.act(parameters_, tape_);
  return tape_;
}

PolicyTape& TargetPolicy::act_next(const at::Tensor& rows) {
  gather_rows(data_.next_observations, rows, next_tape_.observations());
  network_.act(target_, next_tape_);
  return next_tape_;
}

void TargetPolicy::step(const at::Tensor& action_gradient) {
  together([&] { network_.begin_backward(tape_, action_gradient); });
  network_.backward_and_step(parameters_, tape_, gradient_, adam_, target_, target_update_rate_);
}

void TargetPolicy::visit(StateArchive& archive) {
  archive("policy/parameters", parameters_);
  archive("policy/target", target_);
  archive("policy/adam", adam_);
}

}  // namespace vaco
