// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/td3_learner.h"

#include <ATen/ATen.h>

#include "core/base/rng_streams.h"
#include "core/learn/parts/formula.h"

namespace vaco {

void TargetSmoothingParams::list(ParamFields& fields, const std::string& group, const std::string& reference) {
  fields.add(
      policy_noise,
      {.key = "policy_noise",
       .symbol = "σ̃",
       .label = "Target policy noise",
       .help =
           "Standard deviation of the noise that smooths the targets' actions, in halves of the action range.",
       .min = 0.0,
       .max = 2.0,
       .warn_max = 0.5,
       .group = group,
       .affects = "how much Q is smoothed over actions",
       .reference = reference});
  fields.add(noise_clip, {.key = "noise_clip",
                          .symbol = "c",
                          .label = "Noise clip",
                          .help = "Largest size of that noise.",
                          .min = 0.0,
                          .max = 2.0,
                          .group = group,
                          .affects = "how much Q is smoothed over actions",
                          .reference = reference});
  fields.add(policy_delay, {.key = "policy_delay",
                            .symbol = "d",
                            .label = "Policy delay",
                            .help = "The policy and the targets move at every d-th step of the critics.",
                            .min = 1,
                            .max = 1000,
                            .warn_max = 10,
                            .group = group,
                            .unit = "steps",
                            .affects = "stability; time",
                            .reference = reference});
}

void Td3UpdateParams::list(ParamFields& fields) {
  policy.list(fields);
  td.list(fields, "TD3");
  fields.of(td.target_update_rate).help =
      "Share by which the target critics and the target policy follow at every policy step.";
  smoothing.list(fields, "TD3", "TD3");
}

Td3Learner::Td3Learner(Compute& compute, const TrainingData& data, const DeviceData& device_data,
                       const Td3UpdateParams& params, uint64_t seed, Rng& init)
    : compute_(compute),
      data_(device_data),
      noise_clip_(params.smoothing.noise_clip),
      bc_alpha_(params.bc_alpha),
      critics_(compute, device_data, params.td, params.policy, 2, init),
      policy_(compute, data, device_data, params.policy, params.td.target_update_rate, init),
      bounds_(compute, data.action_low, data.action_high),
      noise_(compute, {params.policy.batch_size, data.action_dim}, seed, streams::kTd3Noise),
      minimum_(compute.zeros({params.policy.batch_size, 1})),
      metrics_(compute, metric_list()) {
  for (auto* column : {&next_actions_, &actions_, &action_gradient_})
    *column = compute.zeros({params.policy.batch_size, data.action_dim});
  noise_.set_deviation(params.smoothing.policy_noise);
  for (auto* scalar : {&policy_loss_, &cloning_loss_, &lambda_, &scale_}) *scalar = compute.zeros({});
  scale_.fill_(-1.0 / static_cast<double>(params.policy.batch_size));
}

void Td3Learner::update(const at::Tensor& rows, bool moves_policy) {
  update_critics(rows, moves_policy);
  if (moves_policy) update_policy(rows);
  note();
}

void Td3Learner::note() {
  together([this] {
    metrics_.add(metric::critic_loss, critics_.loss());
    metrics_.add_mean(metric::q_mean, critics_.td_values());
    metrics_.add(metric::policy_loss, policy_loss_);
    metrics_.count();
  });
}

void Td3Learner::update_critics(const at::Tensor& rows, bool targets_follow) {
  // ã = clip(π̂(s′) + clip(ε, ±c), bounds)
  const at::Tensor* next = nullptr;
  compute_.beside([&] { next = &next_values(rows); },
                  [&] {
                    critics_.gather(rows);
                    critics_.predict();
                  });
  together([&] {
    evaluate(
        minimum_, [](auto q1, auto q2) { return smaller(q1, q2); }, (*next)[0], (*next)[1]);
    critics_.begin_td_gradient(minimum_);
  });
  critics_.end_td_step(targets_follow);
}

const at::Tensor& Td3Learner::next_values(const at::Tensor& rows) {
  auto& tape = policy_.act_next(rows);
  const auto& noise = noise_.draw();
  together([&] {
    evaluate(
        next_actions_,
        [](auto drawn, auto clip, auto half, auto action) {
          return at_most(at_least(drawn, -clip), clip) * half + action;
        },
        noise, noise_clip_, bounds_.half, tape.actions);
    evaluate(
        next_actions_, [](auto action, auto low, auto high) { return at_most(at_least(action, low), high); },
        next_actions_, bounds_.low, bounds_.high);
  });
  return critics_.next_values(tape.observations(), next_actions_);
}

void Td3Learner::update_policy(const at::Tensor& rows) {
  auto& tape = policy_.act(rows);
  const auto& q = critics_.values(tape.observations(), tape.actions, CriticEnsemble::Which::first);
  together([&] {
    assign_mean(policy_loss_, q);
    evaluate(
        policy_loss_, [](auto mean) { return -mean; }, policy_loss_);
    if (!(bc_alpha_ > 0.0)) return;
    evaluate(
        lambda_, [](auto size, auto alpha) { return 1.0f / at_least(size, 1e-6f) * alpha; },
        mean_absolute_of(q), bc_alpha_);
    const auto times = [](auto lambda, auto value) { return lambda * value; };
    evaluate(scale_, times, lambda_, -1.0 / static_cast<double>(rows.numel()));
    evaluate(policy_loss_, times, lambda_, policy_loss_);
  });
  const auto& to_actions = critics_.action_gradient(scale_);
  if (bc_alpha_ > 0.0) gather_rows(data_.actions, rows, actions_);
  together([&] {
    assign(action_gradient_, to_actions);
    if (!(bc_alpha_ > 0.0)) return;
    // ∂/∂π of the mean square over batch and action dimensions
    const double count = static_cast<double>(actions_.numel());
    evaluate(
        actions_, [](auto action, auto policy) { return policy - action; }, actions_, tape.actions);
    evaluate_sum(
        cloning_loss_, [](auto error, auto share) { return error * error * share; }, actions_, 1.0 / count);
    evaluate(
        policy_loss_, [](auto value, auto cloning) { return value + cloning; }, policy_loss_, cloning_loss_);
    evaluate(
        action_gradient_, [](auto gradient, auto error, auto factor) { return gradient + error * factor; },
        action_gradient_, actions_, 2.0 / count);
  });
  policy_.step(action_gradient_);
}

void Td3Learner::visit(StateArchive& archive) {
  critics_.visit(archive);
  policy_.visit(archive);
  archive("policy/loss", policy_loss_);
  metrics_.visit(archive, "td3/metrics");
}

}  // namespace vaco
