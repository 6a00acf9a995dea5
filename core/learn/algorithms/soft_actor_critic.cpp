// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/soft_actor_critic.h"

#include <ATen/ATen.h>

#include "core/learn/parts/metrics.h"

namespace vaco {

SoftActorCritic::SoftActorCritic(AlgorithmSetup setup, PhaseInfo phase, const SacPolicyParams& policy,
                                 const TdParams& td, int64_t critics, bool entropy_in_target,
                                 const Metric& regularizer)
    : AlgorithmBase(std::move(setup), {std::move(phase)}),
      batch_(policy.policy.batch_size),
      sampler_(sampler(batch_, data_.td_rows)),
      critics_(*compute_, device_data_, td, policy.policy, critics, init_),
      policy_(*compute_, data_, device_data_, policy, seed_, init_),
      metrics_(*compute_, {metric::critic_loss, metric::q_mean, regularizer}),
      entropy_in_target_(entropy_in_target),
      next_(compute_->zeros({batch_, 1})) {
  keep(critics_);
  keep(policy_);
  keep("metrics", metrics_);
  report({&metrics_, &policy_.metrics()});
}

MetricList SoftActorCritic::metric_list(const Metric& regularizer) {
  return joined({{metric::critic_loss, metric::q_mean, regularizer}, SacPolicy::metric_list()});
}

void SoftActorCritic::take_step() {
  run_step(0, [this] {
    const auto& rows = sampler_.draw(sampling_);
    policy_.update(rows, critics_);

    const auto& next = policy_.draw_next(rows);
    at::amin_out(next_, critics_.next_values(next.net->input, next.actions), at::IntArrayRef{0});
    if (entropy_in_target_) next_.sub_(next.log_density * policy_.alpha());
    critics_.gather(rows);
    critics_.td_gradient(next_, slope());
    metrics_.add(metric::critic_loss, critics_.loss());
    metrics_.add_mean(metric::q_mean, critics_.td_values());
    regularize(next);
    critics_.step();
    metrics_.count();
  });
}

}  // namespace vaco
