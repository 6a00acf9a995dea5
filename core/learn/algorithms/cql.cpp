// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/cql.h"

#include <ATen/ATen.h>

#include <cmath>

#include "core/learn/algorithms/soft_actor_critic.h"
#include "core/learn/parts/action_bounds.h"

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

constexpr Metric kConservativeLoss{"conservative_loss", "Conservative loss of the critics", ""};

class Cql final : public SoftActorCritic {
 public:
  Cql(AlgorithmSetup setup, const CqlParams& params)
      : SoftActorCritic(std::move(setup), {"cql", "CQL", params.steps}, params.sac, params.td, 2, false,
                        kConservativeLoss),
        samples_(params.sampled_actions),
        weight_(params.conservatism),
        bounds_(*compute_, data_.action_low, data_.action_high),
        uniform_(noise(3, {samples_, batch_, data_.action_dim})),
        here_(noise(4, {samples_, batch_, data_.action_dim})),
        there_(noise(5, {samples_, batch_, data_.action_dim})),
        tape_(critics_.mlp().make_tape(3 * samples_ * batch_)),
        inputs_(tape_->input.view({3 * samples_, batch_, data_.obs_dim + data_.action_dim})),
        drawn_(compute_->zeros({samples_, batch_, data_.action_dim})),
        drawn_density_(compute_->zeros({samples_, batch_, 1})),
        log_density_(compute_->zeros({3 * samples_, batch_, 1})),
        gradient_(at::zeros_like(critics_.parameters())) {}
  static MetricList reported() { return metric_list(kConservativeLoss); }

 private:
  double slope() const override { return -weight_; }

  /// Draws from the distributions that the policy's tapes hold and tries them at the batch's observations.
  void regularize(const TanhGaussianTape& next) override {
    inputs_.narrow(2, 0, data_.obs_dim).copy_(critics_.td_tape().input.narrow(1, 0, data_.obs_dim));
    at::mul_out(drawn_, uniform_.draw_uniform(), bounds_.half).add_(bounds_.middle);
    drawn_density_.fill_(static_cast<double>(drawn_.size(2)) * std::log(0.5));
    place(0);
    policy_.network().draw_many(here_.draw(), policy_.tape(), drawn_, drawn_density_);
    place(1);
    policy_.network().draw_many(there_.draw(), next, drawn_, drawn_density_);
    place(2);

    critics_.mlp().forward(critics_.parameters(), *tape_);
    const auto terms = tape_->output.view({2, 3 * samples_, batch_, 1}) - log_density_;
    metrics_.add(kConservativeLoss, (terms.logsumexp(1) - critics_.td_values()).sum(0).mean().mul_(weight_));
    tape_->output_gradient.copy_(
        terms.softmax(1).mul_(weight_ / static_cast<double>(batch_)).view(tape_->output_gradient.sizes()));
    critics_.mlp().backward(critics_.parameters(), *tape_, gradient_);
    critics_.gradient().add_(gradient_);
  }

  void place(int64_t third) {
    inputs_.narrow(0, third * samples_, samples_).narrow(2, data_.obs_dim, drawn_.size(2)).copy_(drawn_);
    log_density_.narrow(0, third * samples_, samples_).copy_(drawn_density_);
  }

  int64_t samples_;
  double weight_;
  ActionBounds bounds_;
  StepNoise uniform_, here_, there_;
  std::unique_ptr<Tape> tape_;         ///< of the 3 n B tried actions
  at::Tensor inputs_;                  ///< its input as [3 n, B, obs_dim + action_dim]
  at::Tensor drawn_, drawn_density_;   ///< [n, B, action_dim], [n, B, 1]
  at::Tensor log_density_, gradient_;  ///< [3 n, B, 1], [2, P]
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
       .summary = "Conservative Q-learning: values outside the data are pushed down",
       .metrics = Cql::reported()});
}

}  // namespace vaco
