// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/rebrac.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include "core/learn/algorithms/td3_learner.h"
#include "core/learn/parts/action_bounds.h"
#include "core/learn/parts/algorithm_base.h"
#include "core/learn/parts/critic_ensemble.h"
#include "core/learn/parts/formula.h"
#include "core/learn/parts/metric_means.h"
#include "core/learn/parts/policy_network.h"
#include "core/learn/parts/step_noise.h"

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
  Rebrac(std::unique_ptr<Compute> compute, const RebracParams& params, const TrainingData& data, uint64_t seed)
      : AlgorithmBase(std::move(compute), data, seed),
        steps_(params.steps),
        policy_delay_(params.smoothing.policy_delay),
        policy_penalty_(params.policy_penalty),
        critic_penalty_(params.critic_penalty),
        policy_noise_(params.smoothing.policy_noise),
        noise_clip_(params.smoothing.noise_clip),
        target_update_rate_(params.td.target_update_rate),
        bounds_(*compute_, data.action_low, data.action_high),
        sampler_(*compute_, params.policy.batch_size, data.rows, data.td_rows, seed),
        critics_(*compute_, device_data_, params.td, params.policy, 2, init_, params.critic_layer_norm),
        network_(*compute_, data, params.policy),
        policy_(compute_->parameters(network_.shape(), init_)),
        policy_target_(policy_.clone()),
        policy_gradient_(at::zeros_like(policy_)),
        policy_adam_(compute_->adam(policy_, params.policy.policy_lr)),
        noise_(*compute_, {params.policy.batch_size, data.action_dim}, seed, noise_stream(1)),
        tape_(network_.make_tape(params.policy.batch_size)),
        next_tape_(network_.make_tape(params.policy.batch_size)),
        metrics_(*compute_, {"critic_loss", "q_mean", "policy_loss", "bc_loss"}) {
    const int64_t batch = params.policy.batch_size;
    for (auto* actions : {&actions_, &next_actions_, &action_gradient_})
      *actions = compute_->zeros({batch, data.action_dim});
    for (auto* column : {&minimum_, &penalty_, &known_}) *column = compute_->zeros({batch, 1});
    marked_ = compute_->zeros({2, batch, 1});
    for (auto* scalar : {&policy_loss_, &bc_loss_}) *scalar = compute_->zeros({});
    find_next_actions(data);
    keep("step", step_);
    keep(critics_);
    keep("policy/parameters", policy_);
    keep("policy/target", policy_target_);
    keep("policy/adam", policy_adam_);
    keep("policy/loss", policy_loss_);
    keep("policy/bc_loss", bc_loss_);
    keep("metrics", metrics_);
    report({&metrics_});
  }

  std::vector<PhaseInfo> phases() const override { return {{"rebrac", "ReBRAC", steps_}}; }
  int64_t step() const override { return step_; }

  void update() override {
    const c10::InferenceMode no_autograd;
    const bool moves_policy = (step_ + 1) % policy_delay_ == 0;
    run_step(moves_policy ? 1 : 0, [this, moves_policy] {
      const auto& rows = sampler_.draw(sampling_);
      update_critics(rows, moves_policy);
      if (moves_policy) update_policy(rows);
      metrics_.add(2, policy_loss_);
      metrics_.add(3, bc_loss_);
      metrics_.count();
    });
    ++step_;
  }

  bool has_policy() const override { return step_ >= policy_delay_; }

 private:
  PolicySnapshot snapshot() const override { return network_.snapshot(policy_); }

  /// The row whose action is a′ of each row, and whether there is one.
  void find_next_actions(const TrainingData& data) {
    auto next_row = at::arange(data.rows, at::kLong).add_(1);
    auto known = at::ones({data.rows, 1});
    for (size_t t = 0; t < data.trajectory_first.size(); ++t) {
      const int64_t last = data.trajectory_first[t] + data.trajectory_length[t] - 1;
      next_row.data_ptr<int64_t>()[last] = last;
      known.data_ptr<float>()[last] = 0.0f;
    }
    next_row_ = next_row.to(compute_->device());
    known_next_ = known.to(device_data_.masks.options());
  }

  void update_critics(const at::Tensor& rows, bool targets_follow) {
    gather_rows(device_data_.next_observations, rows, next_tape_.observations());
    network_.act(policy_target_, next_tape_);
    at::mul_out(next_actions_, noise_.draw(), bounds_.half * policy_noise_);
    at::clamp_out(next_actions_, next_actions_, -noise_clip_ * bounds_.half, noise_clip_ * bounds_.half);
    at::clamp_out(next_actions_, next_actions_.add_(next_tape_.actions), bounds_.low, bounds_.high);
    const auto& next = critics_.next_values(next_tape_.observations(), next_actions_);
    at::minimum_out(minimum_, next[0], next[1]);

    gather_rows(device_data_.actions, next_row_.index_select(0, rows), actions_);
    next_actions_.sub_(actions_).square_();
    at::sum_out(penalty_, next_actions_, at::IntArrayRef{1}, true);
    gather_rows(known_next_, rows, known_);
    minimum_.sub_(penalty_.mul_(known_), critic_penalty_);
    critics_.td_gradient(rows, minimum_);
    critics_.step(targets_follow);
    metrics_.add(0, critics_.loss());
    metrics_.add_mean(1, critics_.td_values());
  }

  void update_policy(const at::Tensor& rows) {
    const double batch = static_cast<double>(rows.numel());
    gather_rows(device_data_.observations, rows, tape_.observations());
    gather_rows(device_data_.actions, rows, actions_);
    network_.act(policy_, tape_);
    const auto& q = critics_.values(tape_.observations(), tape_.actions);
    at::minimum_out(minimum_, q[0], q[1]);
    // ∂L_π/∂Q_k = −λ/B for the smaller twin;  ∂L_π/∂π = that times ∂Q_k/∂a, and 2 β1/B (π − a)
    const auto scale = minimum_.abs().mean().clamp_min_(1e-6).reciprocal_();
    policy_loss_.copy_(minimum_.mean().mul_(scale).neg_());
    mark_minimum(q, marked_);
    const auto& to_actions = critics_.action_gradient(marked_.mul_(scale).mul_(-1.0 / batch));
    at::sub_out(action_gradient_, tape_.actions, actions_);
    bc_loss_.copy_(at::dot(action_gradient_.view(-1), action_gradient_.view(-1)).div_(batch));
    policy_loss_.add_(bc_loss_, policy_penalty_);
    action_gradient_.mul_(2.0 * policy_penalty_ / batch).add_(to_actions);
    network_.backward(policy_, tape_, action_gradient_, policy_gradient_);
    policy_adam_.step(policy_, policy_gradient_, policy_target_, target_update_rate_);
  }

  int64_t steps_, policy_delay_, step_ = 0;
  double policy_penalty_, critic_penalty_, policy_noise_, noise_clip_, target_update_rate_;
  ActionBounds bounds_;
  RowSampler sampler_;
  CriticEnsemble critics_;
  PolicyNetwork network_;
  at::Tensor policy_, policy_target_, policy_gradient_;  ///< φ, φ̂ [1, P]
  Adam policy_adam_;
  StepNoise noise_;
  PolicyTape tape_, next_tape_;
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
       .summary = "TD3 with cloning penalties for policy and critics, and normalized critics"});
}

}  // namespace vaco
