// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/algorithm_base.h"

#include "core/base/rng_streams.h"

namespace vaco {

AlgorithmBase::AlgorithmBase(std::unique_ptr<Compute> compute, const TrainingData& data, uint64_t seed)
    : compute_(std::move(compute)),
      device_data_(data, *compute_),
      init_(seed, streams::kInitialization),
      sampling_(seed, streams::kBatches),
      graph_(make_step_graph(compute_->device())) {
  keep("sampling", sampling_);
}

void AlgorithmBase::keep(const std::string& name, MetricMeans& metrics) {
  kept_.push_back({[name, &metrics](StateDict& state) { metrics.save(state, name); },
                   [name, &metrics](StateLoader& loader) { metrics.load(loader, name); }});
}

void AlgorithmBase::run_step(int64_t variant, const std::function<void()>& work) {
  compute_->begin_step(step());
  graph_->run(variant, work);
}

std::vector<MetricValue> AlgorithmBase::take_metrics() {
  std::vector<MetricValue> metrics;
  for (auto* reported : reported_) {
    const auto taken = reported->take();
    metrics.insert(metrics.end(), taken.begin(), taken.end());
  }
  return metrics;
}

PolicySnapshot AlgorithmBase::policy() const {
  auto policy = snapshot();
  policy.step = step();
  return policy;
}

StateDict AlgorithmBase::save() const {
  StateDict state;
  for (const auto& kept : kept_) kept.save(state);
  return state;
}

Result<void> AlgorithmBase::load(const StateDict& state) {
  StateLoader loader(state);
  for (const auto& kept : kept_) kept.load(loader);
  return loader.result();
}

}  // namespace vaco
