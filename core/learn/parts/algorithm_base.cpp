// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/algorithm_base.h"

#include <c10/core/InferenceMode.h>

#include "core/base/rng_streams.h"

namespace vaco {

AlgorithmBase::AlgorithmBase(AlgorithmSetup setup, std::vector<PhaseInfo> phases, const std::string& step_name)
    : compute_(std::move(setup.compute)),
      data_(setup.data),
      seed_(setup.seed),
      device_data_(data_, *compute_),
      init_(seed_, streams::kInitialization),
      sampling_(seed_, streams::kBatches),
      phases_(std::move(phases)),
      graph_(make_step_graph(compute_->device())) {
  keep(step_name, step_);
  keep("sampling", sampling_);
}

std::vector<PhaseInfo> AlgorithmBase::phases() const {
  auto phases = phases_;
  std::erase_if(phases, [](const auto& phase) { return phase.steps == 0; });
  return phases;
}

int64_t AlgorithmBase::phase_begin(size_t phase) const {
  int64_t begin = 0;
  for (size_t k = 0; k < phase; ++k) begin += phases_[k].steps;
  return begin;
}

size_t AlgorithmBase::phase() const {
  size_t k = 0;
  while (k + 1 < phases_.size() && step_ >= phase_begin(k + 1)) ++k;
  return k;
}

void AlgorithmBase::update() {
  const c10::InferenceMode no_autograd;
  take_step();
  ++step_;
}

void AlgorithmBase::run_step(int64_t variant, const std::function<void()>& work) {
  compute_->begin_step(step_);
  graph_->run(variant, [&] {
    compute_->begin_step_on_device();
    work();
  });
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
  policy.step = step_;
  return policy;
}

}  // namespace vaco
