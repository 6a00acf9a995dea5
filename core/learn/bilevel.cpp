// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/bilevel.h"

#include <ATen/ATen.h>

namespace vaco {
namespace {

constexpr uint64_t kNoiseStream = 0x6e6f697365;

}  // namespace

bool uses_target_critics(const std::string& which_q) {
  return which_q == "target_minimum";
}
CriticReduction reduction_of(const std::string& which_q) {
  return uses_target_critics(which_q) ? CriticReduction::minimum : parse_critic_reduction(which_q);
}

PolicyValue::PolicyValue(Compute& compute, const DeviceData& data, const ParamSet& params,
                         const PolicyNetwork& policy, const ValueLearning& values, uint64_t seed)
    : data_(data),
      policy_(policy),
      values_(values),
      reduction_(reduction_of(params.choice("which_q"))),
      target_critics_(uses_target_critics(params.choice("which_q"))),
      noise_on_action_(params.choice("noise_on") == "action"),
      noise_(compute,
             {params.integer("batch_size"), (noise_on_action_ ? data.actions : data.observations).size(1)},
             seed, kNoiseStream),
      policy_tape_(policy.make_tape(params.integer("batch_size"))) {
  const int64_t batch = params.integer("batch_size"), obs_dim = data.observations.size(1);
  const int64_t action_dim = data.actions.size(1);
  critic_tape_ = values.critic().make_tape(batch);
  critic_observations_ = critic_tape_->input.narrow(1, 0, obs_dim);
  critic_actions_ = critic_tape_->input.narrow(1, obs_dim, action_dim);
  action_gradient_ = compute.zeros({batch, action_dim});
  q_ = compute.zeros({batch, 1});
  scale_ = compute.zeros({});
  mean_q_ = compute.zeros({});
  gradient_ = compute.zeros({1, policy.shape().parameters()});
  set_noise(0.0);
}

const at::Tensor& PolicyValue::gradient(const at::Tensor& parameters, const at::Tensor& rows) {
  const auto& theta = target_critics_ ? values_.critic_target_parameters() : values_.critic_parameters();
  auto& observations = policy_tape_.observations();
  at::index_select_out(observations, data_.observations, 0, rows);
  critic_observations_.copy_(observations);
  if (has_noise() && !noise_on_action_) observations.add_(noise_.draw());
  policy_.act(parameters, policy_tape_);
  critic_actions_.copy_(policy_tape_.actions);
  if (has_noise() && noise_on_action_) critic_actions_.add_(noise_.draw());

  values_.critic().forward(theta, *critic_tape_);
  const auto &q1 = critic_tape_->output[0], &q2 = critic_tape_->output[1];
  reduce_critics(reduction_, critic_tape_->output, q_);
  at::mean_out(mean_q_, q_, at::IntArrayRef{});
  // ∂J/∂q_i = −1/(B mean|Q|), to the twin that q_i came from.
  auto g1 = critic_tape_->output_gradient[0], g2 = critic_tape_->output_gradient[1];
  switch (reduction_) {
    case CriticReduction::minimum:
      at::le_out(g1, q1, q2);
      at::gt_out(g2, q1, q2);
      break;
    case CriticReduction::first:
      g1.fill_(1.0);
      g2.fill_(0.0);
      break;
    case CriticReduction::mean:
      critic_tape_->output_gradient.fill_(0.5);
      break;
  }
  at::sum_out(scale_, q_.abs_(), at::IntArrayRef{}).clamp_min_(1e-6).reciprocal_().neg_();
  critic_tape_->output_gradient.mul_(scale_);
  values_.critic().backward_to_input(theta, *critic_tape_, critic_observations_.size(1));
  const auto to_actions =
      critic_tape_->input_gradient.narrow(2, critic_observations_.size(1), action_gradient_.size(1));
  at::add_out(action_gradient_, to_actions[0], to_actions[1]);
  policy_.backward(parameters, policy_tape_, action_gradient_, gradient_);
  return gradient_;
}

void ascent_direction(const at::Tensor& alignment, const at::Tensor& low_level_weights,
                      const at::Tensor& scores, WeightNormalization normalization, double trust,
                      const at::Tensor& price, at::Tensor& direction) {
  direction.copy_(alignment);
  if (trust > 0.0 || price.defined()) direction.div_(direction.abs().mean().clamp_min_(1e-12));
  if (trust > 0.0)
    direction.sub_(low_level_weights.div(low_level_weights.mean().clamp_min_(1e-6)).sub_(1.0), trust);
  if (price.defined()) direction.sub_(price);
  if (normalization == WeightNormalization::batch) {
    const auto batch = static_cast<double>(direction.numel());
    direction.sub_(direction.mul(low_level_weights).sum().div_(batch)).div_(scores.mean().clamp_min_(1e-6));
  }
  direction.mul_(1.0 / static_cast<double>(direction.numel()));
}

WeightBudget::WeightBudget(const Compute& compute, double budget)
    : budget_(budget), above_(compute.zeros({})), below_(compute.zeros({})) {
  if (is_set()) price_ = compute.zeros({});
}

const at::Tensor& WeightBudget::price(const at::Tensor& scores) {
  if (!is_set()) return price_;
  // Alignments of mean |c| = 1 differ between trajectories by about a tenth: an error of 0.1 in the mean weight
  // outweighs that at once, and moves a multiplier by as much in a thousand steps.
  constexpr double kPenalty = 1.0, kRate = 1e-3;
  const auto mean = scores.mean();
  at::sub_out(price_, mean, mean.clamp(budget_ / 2, budget_)).mul_(kPenalty).add_(above_).sub_(below_);
  above_.add_(mean - budget_, kRate).clamp_min_(0.0);
  below_.add_(budget_ / 2 - mean, kRate).clamp_min_(0.0);
  return price_;
}

void WeightBudget::save(StateDict& state) const {
  put(state, "weights/price_above", above_);
  put(state, "weights/price_below", below_);
}

void WeightBudget::load(StateLoader& loader) {
  loader.get("weights/price_above", above_);
  loader.get("weights/price_below", below_);
}

}  // namespace vaco
