// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/iql.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include "core/learn/parts/advantage_weights.h"
#include "core/learn/parts/algorithm_base.h"
#include "core/learn/parts/gaussian_spread.h"
#include "core/learn/parts/metrics.h"
#include "core/learn/parts/policy_learner.h"
#include "core/learn/parts/policy_response.h"
#include "core/learn/parts/value_learning.h"

namespace vaco {
namespace {

enum class PolicyType { stochastic, deterministic };

struct IqlParams {
  int64_t steps = 1000000;
  double inverse_temperature = 3.0, weight_clip = 100.0;
  PolicyType policy_type = PolicyType::stochastic;
  RateSchedule policy_lr_schedule = RateSchedule::cosine;
  ValueLearningParams values;
  AveragedPolicyParams policy;
  void list(ParamFields& fields);
};

class Iql final : public AlgorithmBase, public Explains {
 public:
  Iql(AlgorithmSetup setup, const IqlParams& params)
      : AlgorithmBase(std::move(setup), {{"iql", "IQL", params.steps}}),
        params_(params),
        gaussian_(params.policy_type == PolicyType::stochastic && data_.action_count == 0),
        sampler_(sampler(params.policy.batch_size, data_.td_rows)),
        values_(*compute_, device_data_, params.values, params.policy, init_),
        policy_(*compute_, data_, device_data_, params.policy, init_),
        spread_(*compute_, data_, params.policy.policy_lr, params.policy.batch_size),
        weights_(compute_->zeros({params.policy.batch_size, 1})),
        metrics_(*compute_, own_metrics()) {
    keep(values_);
    keep(policy_);
    keep(spread_);
    keep("metrics", metrics_);
    report({&values_.metrics(), &metrics_});
  }
  static MetricList own_metrics() { return {metric::policy_loss, metric::batch_weight, metric::batch_ess}; }

  std::optional<std::vector<float>> row_weights() override {
    if (step() == 0) return std::nullopt;
    const c10::InferenceMode no_autograd;
    auto advantage = at::zeros_like(device_data_.rewards), value = at::zeros_like(advantage);
    values_.evaluate_dataset(CriticReduction::minimum, true, advantage);
    values_.evaluate_dataset_value(value);
    advantage.sub_(value);
    weigh(advantage, advantage);
    return normalized_weights(advantage);
  }
  Result<RowValues> row_values(const ProgressFn& progress, const std::stop_token& stop) override {
    const c10::InferenceMode no_autograd;
    const HighLevelParams as_weighed{.which_q = WhichQ::target_minimum};
    return explain_rows(*compute_, device_data_, as_weighed, policy_, values_, row_weights(), progress, stop);
  }
  RowValues values_of(const std::vector<int64_t>& rows) override {
    const c10::InferenceMode no_autograd;
    const HighLevelParams as_weighed{.which_q = WhichQ::target_minimum};
    return explain_some_rows(*compute_, device_data_, as_weighed, policy_, values_, step() > 0, rows);
  }
  std::optional<ValueSnapshot> value_snapshot() const override {
    return snapshot_critics(values_, WhichQ::target_minimum, data_, step());
  }

 private:
  void take_step() override {
    if (params_.policy_lr_schedule == RateSchedule::cosine)
      spread_.set_learning_rate(policy_.anneal(step(), params_.steps));
    run_step(0, [this] {
      const auto& rows = sampler_.draw(sampling_);
      compute_->beside([&] { values_.update_value(rows); }, [&] { policy_.gather(rows); });
      compute_->beside([this] { values_.update_critics(); }, [this] { update_policy(); });
    });
  }
  void update_policy() {
    together([this] { weigh(values_.advantage(), weights_); });
    if (gaussian_) {
      metrics_.add(metric::policy_loss, spread_.log_volume().mul_(weights_.mean()));
      policy_.clone_step(spread_.coordinate_weights(weights_));
      note();
      spread_.step(weights_, policy_.residual());
    } else {
      policy_.clone_step(weights_, [this] { note(); });
    }
  }
  void note() {
    together([this] {
      metrics_.add(metric::policy_loss, policy_.loss());
      add_weight_metrics(metrics_, weights_);
      metrics_.count();
    });
  }
  PolicySnapshot snapshot() const override { return policy_.snapshot(); }

  void weigh(const at::Tensor& advantage, at::Tensor& weights) const {
    exponential_weights(advantage, params_.inverse_temperature, params_.weight_clip, weights);
  }

  const IqlParams params_;
  const bool gaussian_;  ///< else the weights are on ℓ itself, which for discrete actions is −log π(a|s)
  RowSampler sampler_;
  ValueLearning values_;
  PolicyLearner policy_;
  GaussianSpread spread_;
  at::Tensor weights_;  ///< [B, 1]
  MetricMeans metrics_;
};

void IqlParams::list(ParamFields& fields) {
  const std::string group = "Policy weights";
  list_training_steps(fields, steps, "iql_steps", "IQL",
                      "Steps of IQL; each moves the critics, the value network and the policy.", "IQL");
  fields.add(
      inverse_temperature,
      {.key = "inverse_temperature",
       .symbol = "β",
       .label = "Inverse temperature",
       .help =
           "A sample weighs exp(β · advantage): 0 is plain cloning, large values copy only the best actions.",
       .min = 0.0,
       .max = 1000.0,
       .warn_max = 20.0,
       .tier = ParamTier::basic,
       .group = group,
       .affects = "between cloning all data and only its best actions",
       .reference = "IQL (AntMaze 10)"});
  list_weight_clip(fields, weight_clip, "IQL");
  fields.add(
      policy_type,
      {.key = "policy_type",
       .symbol = "",
       .label = "Policy type",
       .help =
           "stochastic: a Gaussian by weighted log-likelihood, evaluated by its mean; deterministic: the same "
           "weights on the squared error. Discrete actions: a choice by weighted log-likelihood either way.",
       .choices = {"stochastic", "deterministic"},
       .group = group,
       .affects = "how errors of different action dimensions are weighed against each other",
       .reference = "IQL; deterministic as in CORL"});
  list_rate_schedule(fields, policy_lr_schedule,
                     "cosine: the policy's learning rate falls along half a cosine to 0 at the last step.",
                     "IQL");
  values.list(fields);
  policy.list(fields);
}

}  // namespace

AlgorithmEntry iql_entry() {
  return entry_of<Iql, IqlParams>(
      {.key = "iql",
       .label = "IQL",
       .summary = "Implicit Q-learning: advantage-weighted cloning with expectile values",
       .discrete_actions = true,
       .metrics = joined({ValueLearning::metric_list(), Iql::own_metrics()})});
}

}  // namespace vaco
