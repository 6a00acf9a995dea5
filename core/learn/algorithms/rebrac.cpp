// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/rebrac.h"

#include <ATen/ATen.h>

#include "core/learn/algorithms/td3_learner.h"
#include "core/learn/parts/action_bounds.h"
#include "core/learn/parts/algorithm_base.h"
#include "core/learn/parts/critic_ensemble.h"
#include "core/learn/parts/formula.h"
#include "core/learn/parts/metrics.h"
#include "core/learn/parts/target_policy.h"

namespace vaco {
namespace {

struct RebracParams {
  RebracParams() {
    td.value_lr = policy.policy_lr = 1e-3;
    policy.batch_size = 1024;
    policy.hidden_layers = 3;
  }
  int64_t steps = 1000000;
  double policy_penalty = 0.01, critic_penalty = 0.01;
  TargetSmoothingParams smoothing;
  bool critic_layer_norm = true;
  TdParams td;
  PolicyParams policy;
  void list(ParamFields& fields);
};

class Rebrac final : public AlgorithmBase {
 public:
  Rebrac(AlgorithmSetup setup, const RebracParams& params)
      : AlgorithmBase(std::move(setup), {{"rebrac", "ReBRAC", params.steps}}),
        params_(params),
        bounds_(*compute_, data_.action_low, data_.action_high),
        sampler_(sampler(params.policy.batch_size, data_.td_rows)),
        critics_(*compute_, device_data_, params.td, params.policy, 2, init_, params.critic_layer_norm),
        policy_(*compute_, data_, device_data_, params.policy, params.td.target_update_rate, init_),
        noise_(noise(1, {params.policy.batch_size, data_.action_dim})),
        metrics_(*compute_, own_metrics()) {
    const int64_t batch = params.policy.batch_size;
    for (auto* actions : {&actions_, &next_actions_, &action_gradient_})
      *actions = compute_->zeros({batch, data_.action_dim});
    for (auto* column : {&minimum_, &penalty_, &known_}) *column = compute_->zeros({batch, 1});
    marked_ = compute_->zeros({2, batch, 1});
    for (auto* scalar : {&policy_loss_, &bc_loss_}) *scalar = compute_->zeros({});
    find_next_actions();
    keep(critics_);
    keep(policy_);
    keep("policy/loss", policy_loss_);
    keep("policy/bc_loss", bc_loss_);
    keep("metrics", metrics_);
    report({&metrics_});
  }
  static MetricList own_metrics() {
    return {metric::critic_loss, metric::q_mean, metric::policy_loss, metric::bc_loss};
  }

  bool has_policy() const override { return step() >= params_.smoothing.policy_delay; }

 private:
  void take_step() override {
    const bool moves_policy = params_.smoothing.moves_policy(step());
    run_step(moves_policy ? 1 : 0, [this, moves_policy] {
      const auto& rows = sampler_.draw(sampling_);
      update_critics(rows, moves_policy);
      if (moves_policy) update_policy(rows);
      metrics_.add(metric::policy_loss, policy_loss_);
      metrics_.add(metric::bc_loss, bc_loss_);
      metrics_.count();
    });
  }
  PolicySnapshot snapshot() const override { return policy_.snapshot(); }

  /// The row whose action is a′ of each row, and whether there is one.
  void find_next_actions() {
    auto next_row = at::arange(data_.rows, at::kLong).add_(1);
    auto known = at::ones({data_.rows, 1});
    for (size_t t = 0; t < data_.trajectory_first.size(); ++t) {
      const int64_t last = data_.trajectory_first[t] + data_.trajectory_length[t] - 1;
      next_row.data_ptr<int64_t>()[last] = last;
      known.data_ptr<float>()[last] = 0.0f;
    }
    next_row_ = next_row.to(compute_->device());
    known_next_ = known.to(device_data_.masks.options());
  }

  void update_critics(const at::Tensor& rows, bool targets_follow) {
    const double clip = params_.smoothing.noise_clip;
    auto& next_tape = policy_.act_next(rows);
    at::mul_out(next_actions_, noise_.draw(), bounds_.half * params_.smoothing.policy_noise);
    at::clamp_out(next_actions_, next_actions_, -clip * bounds_.half, clip * bounds_.half);
    at::clamp_out(next_actions_, next_actions_.add_(next_tape.actions), bounds_.low, bounds_.high);
    const auto& next = critics_.next_values(next_tape.observations(), next_actions_);
    at::minimum_out(minimum_, next[0], next[1]);

    gather_rows(device_data_.actions, next_row_.index_select(0, rows), actions_);
    next_actions_.sub_(actions_).square_();
    at::sum_out(penalty_, next_actions_, at::IntArrayRef{1}, true);
    gather_rows(known_next_, rows, known_);
    minimum_.sub_(penalty_.mul_(known_), params_.critic_penalty);
    critics_.gather(rows);
    critics_.td_gradient(minimum_);
    critics_.step(targets_follow);
    metrics_.add(metric::critic_loss, critics_.loss());
    metrics_.add_mean(metric::q_mean, critics_.td_values());
  }

  void update_policy(const at::Tensor& rows) {
    const double batch = static_cast<double>(rows.numel());
    gather_rows(device_data_.actions, rows, actions_);
    auto& tape = policy_.act(rows);
    const auto& q = critics_.values(tape.observations(), tape.actions);
    at::minimum_out(minimum_, q[0], q[1]);
    // ∂L_π/∂Q_k = −λ/B for the smaller twin;  ∂L_π/∂π = that times ∂Q_k/∂a, and 2 β1/B (π − a)
    const auto scale = minimum_.abs().mean().clamp_min_(1e-6).reciprocal_();
    policy_loss_.copy_(minimum_.mean().mul_(scale).neg_());
    mark_minimum(q, marked_);
    const auto& to_actions = critics_.action_gradient(marked_.mul_(scale).mul_(-1.0 / batch));
    at::sub_out(action_gradient_, tape.actions, actions_);
    bc_loss_.copy_(at::dot(action_gradient_.view(-1), action_gradient_.view(-1)).div_(batch));
    policy_loss_.add_(bc_loss_, params_.policy_penalty);
    action_gradient_.mul_(2.0 * params_.policy_penalty / batch).add_(to_actions);
    policy_.step(action_gradient_);
  }

  const RebracParams params_;
  ActionBounds bounds_;
  RowSampler sampler_;
  CriticEnsemble critics_;
  TargetPolicy policy_;
  StepNoise noise_;
  at::Tensor next_row_, known_next_;                     ///< [N] int64, [N, 1] 1 where a′ is known
  at::Tensor actions_, next_actions_, action_gradient_;  ///< [B, action_dim]
  at::Tensor minimum_, penalty_, known_, marked_;        ///< [B, 1], marked_ [2, B, 1]
  at::Tensor policy_loss_, bc_loss_;                     ///< [] of the last policy step
  MetricMeans metrics_;
};

void RebracParams::list(ParamFields& fields) {
  const std::string group = "ReBRAC";
  list_training_steps(fields, steps, "rebrac_steps", "ReBRAC",
                      "Steps of the critics; the policy moves at every policy_delay-th.", "ReBRAC");
  fields.add(policy_penalty,
             {.key = "policy_penalty",
              .symbol = "β1",
              .label = "Policy penalty",
              .help = "Weight of the squared distance to the data's actions in the policy's loss.",
              .min = 0.0,
              .max = 1000.0,
              .warn_max = 1.0,
              .tier = ParamTier::basic,
              .group = group,
              .affects = "between following Q and cloning",
              .reference = "ReBRAC, chosen per dataset: hopper-medium, walker2d-medium-expert 0.01, "
                           "halfcheetah-medium-replay 0.001"});
  fields.add(
      critic_penalty,
      {.key = "critic_penalty",
       .symbol = "β2",
       .label = "Critic penalty",
       .help = "Weight of the squared distance to the data's next action, taken off the target's value.",
       .min = 0.0,
       .max = 1000.0,
       .warn_max = 1.0,
       .tier = ParamTier::basic,
       .group = group,
       .affects = "how much values of actions outside the data are lowered",
       .reference = "our choice; ReBRAC chooses per dataset: hopper-medium, walker2d-medium-expert 0.001, "
                    "halfcheetah-medium-replay 0.1"});
  smoothing.list(fields, group, "ReBRAC, TD3");
  fields.add(
      critic_layer_norm,
      {.key = "critic_layer_norm",
       .symbol = "",
       .label = "Layer norm in critics",
       .help = "Normalizes the critics' hidden layers, which keeps values of actions outside the data bounded.",
       .group = group,
       .affects = "stability of the critics; time",
       .reference = "ReBRAC"});
  td.list(fields, "ReBRAC");
  policy.list(fields);
  for (auto* spec : {&fields.of(td.value_lr), &fields.of(policy.policy_lr), &fields.of(policy.batch_size),
                     &fields.of(policy.hidden_layers)})
    spec->reference = "ReBRAC";
}

}  // namespace

AlgorithmEntry rebrac_entry() {
  return entry_of<Rebrac, RebracParams>(
      {.key = "rebrac",
       .label = "ReBRAC",
       .summary = "TD3 with cloning penalties for policy and critics, and normalized critics",
       .metrics = Rebrac::own_metrics()});
}

}  // namespace vaco
