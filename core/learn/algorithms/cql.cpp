// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/cql.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <cmath>

#include "core/learn/parts/action_bounds.h"
#include "core/learn/parts/algorithm_base.h"
#include "core/learn/parts/sac_policy.h"

namespace vaco {
namespace {

struct CqlParams {
  CqlParams() { sac.policy.policy_lr = sac.temperature_lr = 3e-5; }
  int64_t steps = 1000000, sampled_actions = 10;
  double conservatism = 10.0;
  TdParams td;
  SacPolicyParams sac;
  void list(ParamFields& fields);
};

class Cql final : public AlgorithmBase {
 public:
  Cql(std::unique_ptr<Compute> compute, const CqlParams& params, const TrainingData& data, uint64_t seed)
      : AlgorithmBase(std::move(compute), data, seed),
        steps_(params.steps),
        samples_(params.sampled_actions),
        weight_(params.conservatism),
        bounds_(*compute_, data.action_low, data.action_high),
        sampler_(*compute_, params.sac.policy.batch_size, data.rows, data.td_rows, seed),
        critics_(*compute_, device_data_, params.td, params.sac.policy, 2, init_),
        policy_(*compute_, data, device_data_, params.sac, seed, init_),
        uniform_(*compute_, {samples_, params.sac.policy.batch_size, data.action_dim}, seed, noise_stream(3)),
        here_(*compute_, {samples_, params.sac.policy.batch_size, data.action_dim}, seed, noise_stream(4)),
        there_(*compute_, {samples_, params.sac.policy.batch_size, data.action_dim}, seed, noise_stream(5)),
        next_(compute_->zeros({params.sac.policy.batch_size, 1})),
        metrics_(*compute_, {"critic_loss", "q_mean", "conservative_loss"}) {
    const int64_t batch = params.sac.policy.batch_size;
    tape_ = critics_.mlp().make_tape(3 * samples_ * batch);
    inputs_ = tape_->input.view({3 * samples_, batch, data.obs_dim + data.action_dim});
    drawn_ = compute_->zeros({samples_, batch, data.action_dim});
    drawn_density_ = compute_->zeros({samples_, batch, 1});
    log_density_ = compute_->zeros({3 * samples_, batch, 1});
    gradient_ = at::zeros_like(critics_.parameters());
    keep("step", step_);
    keep(critics_);
    keep(policy_);
    keep("metrics", metrics_);
    report({&metrics_, &policy_.metrics()});
  }

  std::vector<PhaseInfo> phases() const override { return {{"cql", "CQL", steps_}}; }
  int64_t step() const override { return step_; }

  void update() override {
    const c10::InferenceMode no_autograd;
    run_step(0, [this] {
      const auto& rows = sampler_.draw(sampling_);
      policy_.update(rows, critics_);

      const auto& next = policy_.draw_next(rows);
      at::amin_out(next_, critics_.next_values(next.net->input, next.actions), at::IntArrayRef{0});
      critics_.td_gradient(rows, next_, -weight_);
      metrics_.add(0, critics_.loss());
      metrics_.add_mean(1, critics_.td_values());
      add_conservative_gradient(next);
      critics_.step();
      metrics_.count();
    });
    ++step_;
  }

 private:
  PolicySnapshot snapshot() const override { return policy_.snapshot(); }

  /// Draws from the distributions that the policy's tapes hold and tries them at the batch's observations.
  void add_conservative_gradient(const TanhGaussianTape& next) {
    const int64_t obs_dim = device_data_.observations.size(1), batch = next_.size(0);
    inputs_.narrow(2, 0, obs_dim).copy_(critics_.td_tape().input.narrow(1, 0, obs_dim));
    at::mul_out(drawn_, uniform_.draw_uniform(), bounds_.half).add_(bounds_.middle);
    drawn_density_.fill_(static_cast<double>(drawn_.size(2)) * std::log(0.5));
    place(0);
    policy_.network().draw_many(here_.draw(), policy_.tape(), drawn_, drawn_density_);
    place(1);
    policy_.network().draw_many(there_.draw(), next, drawn_, drawn_density_);
    place(2);

    critics_.mlp().forward(critics_.parameters(), *tape_);
    const auto terms = tape_->output.view({2, 3 * samples_, batch, 1}) - log_density_;
    metrics_.add(2, (terms.logsumexp(1) - critics_.td_values()).sum(0).mean().mul_(weight_));
    tape_->output_gradient.copy_(
        terms.softmax(1).mul_(weight_ / static_cast<double>(batch)).view(tape_->output_gradient.sizes()));
    critics_.mlp().backward(critics_.parameters(), *tape_, gradient_);
    critics_.gradient().add_(gradient_);
  }

  void place(int64_t third) {
    inputs_.narrow(0, third * samples_, samples_)
        .narrow(2, device_data_.observations.size(1), drawn_.size(2))
        .copy_(drawn_);
    log_density_.narrow(0, third * samples_, samples_).copy_(drawn_density_);
  }

  int64_t steps_, samples_, step_ = 0;
  double weight_;
  ActionBounds bounds_;
  RowSampler sampler_;
  CriticEnsemble critics_;
  SacPolicy policy_;
  StepNoise uniform_, here_, there_;
  std::unique_ptr<Tape> tape_;         ///< of the 3 n B tried actions
  at::Tensor inputs_;                  ///< its input as [3 n, B, obs_dim + action_dim]
  at::Tensor drawn_, drawn_density_;   ///< [n, B, action_dim], [n, B, 1]
  at::Tensor log_density_, gradient_;  ///< [3 n, B, 1], [2, P]
  at::Tensor next_;                    ///< [B, 1]
  MetricMeans metrics_;
};

void CqlParams::list(ParamFields& fields) {
  list_training_steps(fields, steps, "cql_steps", "CQL",
                      "Steps of CQL; each moves the critics, the policy and its temperature.", "CQL");
  fields.add(conservatism, {.key = "conservatism",
                            .symbol = "α",
                            .label = "Conservatism",
                            .help = "Weight of the term that lowers values of actions the data does not have.",
                            .min = 0.0,
                            .max = 1e4,
                            .warn_max = 50.0,
                            .tier = ParamTier::basic,
                            .group = "CQL",
                            .affects = "between following Q and staying with the data",
                            .reference = "CORL"});
  fields.add(
      sampled_actions,
      {.key = "sampled_actions",
       .symbol = "n",
       .label = "Sampled actions",
       .help =
           "Actions drawn for each state from each of three distributions, to see where values are too high.",
       .min = 1,
       .max = 1000,
       .warn_max = 30,
       .group = "CQL",
       .affects = "noise of the conservative term; time",
       .reference = "CQL"});
  td.list(fields, "CQL");
  sac.list(fields, "CORL");
  fields.of(sac.policy.policy_lr).reference = "CORL";
}

}  // namespace

AlgorithmEntry cql_entry() {
  return entry_of<Cql, CqlParams>(
      {.key = "cql",
       .label = "CQL",
       .summary = "Conservative Q-learning: values outside the data are pushed down"});
}

}  // namespace vaco
