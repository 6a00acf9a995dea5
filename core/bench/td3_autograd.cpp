// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/bench/td3_autograd.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>
#include <torch/csrc/autograd/autograd.h>

#include "core/base/rng_streams.h"

namespace vaco {

using torch::autograd::grad;

Td3AutogradReference::Td3AutogradReference(const Td3UpdateParams& params, const TrainingData& data,
                                           const StateDict& start, uint64_t seed)
    : columns_(data, params.policy),
      discount_(params.td.discount),
      rate_(params.td.target_update_rate),
      policy_noise_(params.smoothing.policy_noise),
      noise_clip_(params.smoothing.noise_clip),
      bc_alpha_(params.bc_alpha),
      policy_delay_(params.smoothing.policy_delay),
      seed_(seed),
      sampling_(seed, streams::kBatches),
      critic_(autograd::leaf(start, "critic/parameters")),
      critic_target_(autograd::read(start, "critic/target")),
      policy_(autograd::leaf(start, "policy/parameters")),
      policy_target_(autograd::read(start, "policy/target")),
      critic_adam_(autograd::adam(critic_, params.td.value_lr)),
      policy_adam_(autograd::adam(policy_, params.policy.policy_lr)) {}

void Td3AutogradReference::step() {
  const auto& d = columns_;
  const auto rows = d.draw(sampling_);
  const auto states = d.s.index_select(0, rows), actions = d.a.index_select(0, rows);
  const auto next = d.next.index_select(0, rows);

  auto generator = at::make_generator<at::CPUGeneratorImpl>(
      Rng(seed_, streams::kTd3Noise + static_cast<uint64_t>(steps_)).next());
  const auto noise =
      at::zeros_like(actions).normal_(0.0, policy_noise_, generator).clamp(-noise_clip_, noise_clip_) * d.half;
  const auto smoothed = at::max(at::min(d.pi(policy_target_, next) + noise, d.high), d.low);
  const auto y = (d.r.index_select(0, rows) +
                  discount_ * d.mask.index_select(0, rows) * d.min_q(critic_target_, next, smoothed))
                     .detach();
  const auto critic_loss =
      at::mse_loss(d.q(critic_, 0, states, actions), y) + at::mse_loss(d.q(critic_, 1, states, actions), y);
  autograd::descend(*critic_adam_, critic_, grad({critic_loss}, {critic_})[0]);

  if (++steps_ % policy_delay_ != 0) return;
  const auto chosen = d.pi(policy_, states);
  const auto value = d.q(critic_.detach(), 0, states, chosen);
  auto loss = -value.mean();
  if (bc_alpha_ > 0.0) loss = bc_alpha_ / value.abs().mean().detach() * loss + at::mse_loss(chosen, actions);
  autograd::descend(*policy_adam_, policy_, grad({loss}, {policy_})[0]);
  critic_target_.lerp_(critic_.detach(), rate_);
  policy_target_.lerp_(policy_.detach(), rate_);
}

StateDict Td3AutogradReference::save() const {
  StateDict state;
  autograd::write(state, "critic/parameters", critic_);
  autograd::write(state, "critic/target", critic_target_);
  autograd::write(state, "policy/parameters", policy_);
  autograd::write(state, "policy/target", policy_target_);
  return state;
}

}  // namespace vaco
