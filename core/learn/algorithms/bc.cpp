// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/algorithms/bc.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <numeric>

#include "core/learn/parts/algorithm_base.h"
#include "core/learn/parts/metric_means.h"
#include "core/learn/parts/policy_learner.h"

namespace vaco {
namespace {

/// Rows of the best trajectories, best first, until they hold the share of all rows; in file order.
std::vector<int64_t> best_rows(const TrainingData& data, double share) {
  std::vector<size_t> order(data.trajectory_first.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return data.trajectory_return[a] > data.trajectory_return[b]; });
  std::vector<int64_t> rows;
  for (const size_t t : order) {
    if (!rows.empty() && static_cast<double>(rows.size()) >= share * static_cast<double>(data.rows)) break;
    for (int64_t i = 0; i < data.trajectory_length[t]; ++i) rows.push_back(data.trajectory_first[t] + i);
  }
  std::sort(rows.begin(), rows.end());
  return rows;
}

class Bc final : public AlgorithmBase {
 public:
  Bc(std::unique_ptr<Compute> compute, const ParamSet& params, const TrainingData& data, uint64_t seed)
      : AlgorithmBase(std::move(compute), data, seed),
        steps_(params.integer("bc_steps")),
        cosine_(params.choice("policy_lr_schedule") == "cosine"),
        sampler_(
            *compute_, params.integer("batch_size"), data.rows,
            params.contains("best_share") ? best_rows(data, params.real("best_share")) : std::vector<int64_t>{},
            seed),
        policy_(*compute_, data, device_data_, params, init_),
        metrics_(*compute_, {"bc_loss"}) {
    keep("step", step_);
    keep(policy_);
    keep("metrics", metrics_);
    report({&metrics_});
  }

  std::vector<PhaseInfo> phases() const override { return {{"cloning", "Cloning", steps_}}; }
  int64_t step() const override { return step_; }

  void update() override {
    const c10::InferenceMode no_autograd;
    if (cosine_) policy_.set_learning_rate(policy_.learning_rate() * cosine_decay(step_, steps_));
    run_step(0, [this] {
      policy_.gather(sampler_.draw(sampling_));
      policy_.clone_step({});
      metrics_.add(0, policy_.loss());
      metrics_.count();
    });
    ++step_;
  }

 private:
  PolicySnapshot snapshot() const override { return policy_.snapshot(); }

  int64_t steps_, step_ = 0;
  bool cosine_;
  RowSampler sampler_;
  PolicyLearner policy_;
  MetricMeans metrics_;
};

}  // namespace

std::unique_ptr<Algorithm> make_bc(std::unique_ptr<Compute> compute, const ParamSet& params,
                                   const TrainingData& data, uint64_t seed) {
  return std::make_unique<Bc>(std::move(compute), params, data, seed);
}

}  // namespace vaco
