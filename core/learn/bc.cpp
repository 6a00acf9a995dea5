// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/bc.h"

#include <ATen/ATen.h>
#include <c10/core/InferenceMode.h>

#include <algorithm>
#include <numeric>

#include "core/learn/metric_means.h"
#include "core/learn/policy_learner.h"

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

class Bc final : public Algorithm {
 public:
  Bc(std::unique_ptr<Compute> compute, const ParamSet& params, const TrainingData& data, uint64_t seed)
      : compute_(std::move(compute)),
        device_data_(data, *compute_),
        steps_(params.integer("bc_steps")),
        cosine_(params.choice("policy_lr_schedule") == "cosine"),
        init_(seed, 1),
        sampling_(seed, 2),
        sampler_(*compute_, params.integer("batch_size"), data.rows,
                 params.contains("best_share") ? best_rows(data, params.real("best_share"))
                                               : std::vector<int64_t>{}),
        policy_(*compute_, data, device_data_, params, init_),
        metrics_(*compute_, {"bc_loss"}) {}

  std::vector<PhaseInfo> phases() const override { return {{"cloning", "Cloning", steps_}}; }
  int64_t step() const override { return step_; }

  void update() override {
    const c10::InferenceMode no_autograd;
    if (cosine_) policy_.set_learning_rate(policy_.learning_rate() * cosine_decay(step_, steps_));
    policy_.look(sampler_.draw(sampling_));
    policy_.clone_step({});
    metrics_.add(0, policy_.loss());
    metrics_.count();
    ++step_;
  }

  std::vector<MetricValue> take_metrics() override { return metrics_.take(); }
  std::optional<std::vector<float>> row_weights() override { return std::nullopt; }
  bool has_policy() const override { return step_ > 0; }
  PolicySnapshot policy() const override {
    auto snapshot = policy_.snapshot();
    snapshot.step = step_;
    return snapshot;
  }

  StateDict save() const override {
    StateDict state;
    put(state, "step", step_);
    put(state, "sampling", sampling_);
    policy_.save(state);
    metrics_.save(state, "metrics");
    return state;
  }
  Result<void> load(const StateDict& state) override {
    StateLoader loader(state);
    loader.get("step", step_);
    loader.get("sampling", sampling_);
    policy_.load(loader);
    metrics_.load(loader, "metrics");
    return loader.result();
  }

 private:
  std::unique_ptr<Compute> compute_;
  DeviceData device_data_;
  int64_t steps_, step_ = 0;
  bool cosine_;
  Rng init_, sampling_;
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
