// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/bilevel.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "core/base/rng_streams.h"
#include "core/learn/parts/formula.h"

namespace vaco {
bool uses_target_critics(WhichQ which_q) {
  return which_q == WhichQ::target_minimum;
}

CriticReduction reduction_of(WhichQ which_q) {
  switch (which_q) {
    case WhichQ::first:
      return CriticReduction::first;
    case WhichQ::mean:
      return CriticReduction::mean;
    case WhichQ::minimum:
    case WhichQ::target_minimum:
      break;
  }
  return CriticReduction::minimum;
}

PolicyValue::PolicyValue(Compute& compute, const DeviceData& data, const HighLevelParams& params,
                         int64_t batch_size, const PolicyNetwork& policy, const ValueLearning& values,
                         uint64_t seed)
    : data_(data),
      policy_(policy),
      values_(values),
      reduction_(reduction_of(params.which_q)),
      target_critics_(uses_target_critics(params.which_q)),
      noise_on_action_(params.noise_on == HighLevelParams::NoiseOn::action),
      noise_(compute, {batch_size, (noise_on_action_ ? data.actions : data.observations).size(1)}, seed,
             streams::kHighLevelNoise),
      policy_tape_(policy.make_tape(batch_size)) {
  const int64_t obs_dim = data.observations.size(1), action_dim = data.actions.size(1);
  const int64_t choices = std::max<int64_t>(1, policy.choices());
  critic_tape_ = values.critic().make_tape(choices * batch_size);
  const auto input = critic_tape_->input.view({choices, batch_size, obs_dim + action_dim});
  critic_observations_ = input.narrow(2, 0, obs_dim);
  critic_actions_ = input.narrow(2, obs_dim, action_dim);
  if (policy.choices() > 0) {
    critic_actions_.copy_(at::eye(choices, input.options()).unsqueeze(1));
    expected_q_ = compute.zeros({batch_size, 1});
  }
  action_gradient_ = compute.zeros({batch_size, action_dim});
  q_ = compute.zeros({choices * batch_size, 1});
  scale_ = compute.zeros({});
  mean_q_ = compute.zeros({});
  gradient_ = compute.zeros({1, policy.shape().parameters()});
  set_noise(0.0);
}

const at::Tensor& PolicyValue::gradient(const at::Tensor& parameters, const at::Tensor& rows) {
  const auto& theta = target_critics_ ? values_.critic_target_parameters() : values_.critic_parameters();
  auto& observations = policy_tape_.observations();
  gather_rows(data_.observations, rows, observations);
  const auto add = [](auto x, auto noise) { return x + noise; };
  const at::Tensor* noise = has_noise() ? &noise_.draw() : nullptr;
  together([&] {
    assign(critic_observations_, observations);
    if (noise && !noise_on_action_) evaluate(observations, add, observations, *noise);
  });
  policy_.forward(parameters, policy_tape_);
  if (policy_.choices() > 0) {
    policy_.respond(policy_tape_);
    values_.critic().forward(theta, *critic_tape_);
    differentiate_mean_over_choices();
    policy_.backward(parameters, policy_tape_, action_gradient_, gradient_);
    return gradient_;
  }
  together([&] {
    policy_.respond(policy_tape_);
    if (noise && noise_on_action_)
      evaluate(critic_actions_, add, policy_tape_.actions, *noise);
    else
      assign(critic_actions_, policy_tape_.actions);
  });
  values_.critic().forward(theta, *critic_tape_);
  together([this] { differentiate_mean_q(); });
  const int64_t obs_dim = critic_observations_.size(2);
  values_.critic().backward_to_input(theta, *critic_tape_, obs_dim);
  const auto to_actions = critic_tape_->input_gradient.narrow(2, obs_dim, action_gradient_.size(1));
  together([&] {
    evaluate(
        action_gradient_, [](auto g1, auto g2) { return g1 + g2; }, to_actions[0], to_actions[1]);
    policy_.begin_backward(policy_tape_, action_gradient_);
  });
  policy_.backward_output(parameters, policy_tape_, gradient_);
  return gradient_;
}

double PolicyValue::mean_absolute_q() const {
  return -1.0 / (scale_.item<double>() * static_cast<double>(action_gradient_.size(0)));
}

void PolicyValue::set_scale(at::Tensor& values) {
  assign_mean(mean_q_, values);
  assign_absolute_sum(scale_, values);
  evaluate(
      scale_, [](auto sum) { return -1.0f / at_least(sum, 1e-6f); }, scale_);
}

void PolicyValue::differentiate_mean_over_choices() {
  reduce_critics(reduction_, critic_tape_->output, q_);
  const auto q = q_.view({policy_.choices(), -1}).t();
  evaluate(
      action_gradient_, [](auto share, auto value) { return share * value; }, policy_tape_.actions, q);
  at::sum_out(expected_q_, action_gradient_, at::IntArrayRef{1}, true);
  set_scale(expected_q_);
  evaluate(
      action_gradient_, [](auto value, auto scale) { return value * scale; }, q, scale_);
}

void PolicyValue::differentiate_mean_q() {
  const auto &q1 = critic_tape_->output[0], &q2 = critic_tape_->output[1];
  reduce_critics(reduction_, critic_tape_->output, q_);
  set_scale(q_);
  const auto &g1 = critic_tape_->output_gradient[0], &g2 = critic_tape_->output_gradient[1];
  switch (reduction_) {
    case CriticReduction::minimum:
      evaluate(
          g1, [](auto one, auto two, auto scale) { return (one <= two) * scale; }, q1, q2, scale_);
      evaluate(
          g2, [](auto one, auto two, auto scale) { return (one > two) * scale; }, q1, q2, scale_);
      break;
    case CriticReduction::first:
      assign(g1, scale_);
      g2.zero_();
      break;
    case CriticReduction::mean:
      evaluate(
          critic_tape_->output_gradient, [](auto scale) { return scale * 0.5f; }, scale_);
      break;
  }
}

void ascent_direction(const at::Tensor& alignment, const at::Tensor& low_level_weights,
                      const at::Tensor& scores, WeightNormalization normalization, double trust,
                      const at::Tensor& multiplier, at::Tensor& direction) {
  assign(direction, alignment);
  if (trust > 0.0 || multiplier.defined())
    evaluate(
        direction, [](auto c, auto mean) { return c / at_least(mean, 1e-12f); }, direction,
        mean_absolute_of(alignment));
  if (trust > 0.0) {
    finish_formulas();
    direction.sub_(low_level_weights.div(low_level_weights.mean().clamp_min_(1e-6)).sub_(1.0), trust);
  }
  if (multiplier.defined())
    evaluate(
        direction, [](auto c, auto lambda) { return c - lambda; }, direction, multiplier);
  if (normalization != WeightNormalization::none) {
    finish_formulas();
    const auto batch = static_cast<double>(direction.numel());
    direction.sub_(direction.mul(low_level_weights).sum().div_(batch)).div_(scores.mean().clamp_min_(1e-6));
  }
  evaluate(
      direction, [](auto c, auto share) { return c * share; }, direction,
      1.0 / static_cast<double>(direction.numel()));
}

WeightBudget::WeightBudget(const Compute& compute, double budget)
    : budget_(budget), above_(compute.zeros({})), below_(compute.zeros({})) {
  if (is_set()) multiplier_ = compute.zeros({});
}

const at::Tensor& WeightBudget::multiplier(const at::Tensor& scores) {
  if (!is_set()) return multiplier_;
  // Alignments of mean |c| = 1 differ between trajectories by about a tenth: an error of 0.1 in the mean weight
  // outweighs that at once, and moves a multiplier by as much in a thousand steps.
  constexpr double kPenalty = 1.0, kRate = 1e-3;
  const auto mean = mean_of(scores);
  evaluate(
      multiplier_,
      [](auto m, auto low, auto high, auto penalty, auto above, auto below) {
        return (m - at_most(at_least(m, low), high)) * penalty + above - below;
      },
      mean, budget_ / 2, budget_, kPenalty, above_, below_);
  evaluate(
      above_,
      [](auto multiplier, auto m, auto high, auto rate) {
        return at_least(multiplier + (m - high) * rate, 0.0f);
      },
      above_, mean, budget_, kRate);
  evaluate(
      below_,
      [](auto multiplier, auto m, auto low, auto rate) {
        return at_least(multiplier + (low - m) * rate, 0.0f);
      },
      below_, mean, budget_ / 2, kRate);
  return multiplier_;
}

void WeightBudget::visit(StateArchive& archive) {
  archive("weights/price_above", above_);
  archive("weights/price_below", below_);
}

}  // namespace vaco
