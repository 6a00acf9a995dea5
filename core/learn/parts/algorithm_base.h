// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "core/device/step_graph.h"
#include "core/learn/algorithm_entry.h"
#include "core/learn/parts/batches.h"
#include "core/learn/parts/metric_means.h"
#include "core/learn/parts/state_archive.h"
#include "core/learn/parts/step_noise.h"

namespace vaco {

/// What the algorithms have in common: the dataset on the device, the generators, the phases and the step
/// count, and lists of what is saved and what is reported. An algorithm adds the parts that learn, and its
/// constructor lists what save(), load() and take_metrics() are to walk:
///   keep(policy_);
///   keep("metrics", metrics_);
///   report({&metrics_});
/// Its take_step() first does what the host decides (schedules, refreshes), then hands the rest to run_step().
class AlgorithmBase : public Algorithm {
 public:
  /// The lists refer to members.
  AlgorithmBase(const AlgorithmBase&) = delete;
  AlgorithmBase& operator=(const AlgorithmBase&) = delete;

  [[nodiscard]] std::vector<PhaseInfo> phases() const final;
  [[nodiscard]] int64_t step() const final { return step_; }
  void update() final;
  std::vector<MetricValue> take_metrics() final;
  std::optional<std::vector<float>> row_weights() override { return std::nullopt; }
  [[nodiscard]] bool has_policy() const override { return step_ > 0; }
  [[nodiscard]] PolicySnapshot policy() const final;
  [[nodiscard]] StateDict save() const final { return kept_.save(); }
  Result<void> load(const StateDict& state) final { return kept_.load(state); }

 protected:
  /// phases: all that there may be, also those without steps; step_name: the step count's in a checkpoint.
  AlgorithmBase(AlgorithmSetup setup, std::vector<PhaseInfo> phases, const std::string& step_name = "step");

  /// The step after step() others; without autograd.
  virtual void take_step() = 0;
  /// The policy for policy(), which adds the step.
  [[nodiscard]] virtual PolicySnapshot snapshot() const = 0;

  /// The phase of the step to come, by its place in the constructor's list, and how far that step is in it.
  [[nodiscard]] size_t phase() const;
  [[nodiscard]] int64_t phase_step() const { return step_ - phase_begin(phase()); }
  [[nodiscard]] int64_t phase_begin(size_t phase) const;
  [[nodiscard]] int64_t phase_steps(size_t phase) const { return phases_[phase].steps; }

  /// Saves and loads a part by its visit(), or a member under a name.
  template <class Part>
  void keep(Part& part) {
    kept_.keep(part);
  }
  template <class Value>
  void keep(const std::string& name, Value& value) {
    kept_.keep(name, value);
  }
  /// What take_metrics() gives, in this order.
  void report(std::vector<MetricMeans*> metrics) { reported_ = std::move(metrics); }

  /// The device's part of this step, under the rules of StepGraph::run(). variant tells steps of different
  /// operations from each other.
  void run_step(int64_t variant, const std::function<void()>& work);

  /// Minibatches of these rows, all if empty; stream parts an algorithm's samplers from each other.
  [[nodiscard]] RowSampler sampler(int64_t batch_size, std::vector<int64_t> rows = {},
                                   uint64_t stream = 0) const {
    return {*compute_, batch_size, data_.rows, std::move(rows), seed_, stream};
  }
  /// The k-th of an algorithm's noises, k >= 1.
  [[nodiscard]] StepNoise noise(uint64_t k, at::IntArrayRef sizes) const {
    return {*compute_, sizes, seed_, noise_stream(k)};
  }

  std::unique_ptr<Compute> compute_;
  const TrainingData& data_;
  uint64_t seed_;
  DeviceData device_data_;
  Rng init_;      ///< of initial parameters
  Rng sampling_;  ///< of batches; kept

 private:
  std::vector<PhaseInfo> phases_;
  int64_t step_ = 0;
  std::unique_ptr<StepGraph> graph_;
  KeptState kept_;
  std::vector<MetricMeans*> reported_;
};

}  // namespace vaco
