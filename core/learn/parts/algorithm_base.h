// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/rng.h"
#include "core/device/compute.h"
#include "core/device/step_graph.h"
#include "core/learn/algorithm.h"
#include "core/learn/parts/batches.h"
#include "core/learn/parts/metric_means.h"
#include "core/learn/parts/tensor_state.h"

namespace vaco {

/// What the algorithms have in common: the dataset on the device, the generators, and lists of what is saved
/// and what is reported. An algorithm adds its phases, its step count and the parts that learn, and its
/// constructor lists what save(), load() and take_metrics() are to walk:
///   keep("step", step_);
///   keep(policy_);
///   keep("metrics", metrics_);
///   report({&metrics_});
/// Its update() first does what the host decides (phases, schedules, refreshes), then hands the rest to
/// run_step().
class AlgorithmBase : public Algorithm {
 public:
  /// The lists refer to members.
  AlgorithmBase(const AlgorithmBase&) = delete;
  AlgorithmBase& operator=(const AlgorithmBase&) = delete;

  std::vector<MetricValue> take_metrics() final;
  std::optional<std::vector<float>> row_weights() override { return std::nullopt; }
  [[nodiscard]] bool has_policy() const override { return step() > 0; }
  [[nodiscard]] PolicySnapshot policy() const final;
  [[nodiscard]] StateDict save() const final;
  Result<void> load(const StateDict& state) final;

 protected:
  AlgorithmBase(std::unique_ptr<Compute> compute, const TrainingData& data, uint64_t seed);

  /// The policy for policy(), which adds the step.
  [[nodiscard]] virtual PolicySnapshot snapshot() const = 0;

  /// Saves and loads a part that has entries of its own.
  template <class Part>
  void keep(Part& part) {
    kept_.push_back(
        {[&part](StateDict& state) { part.save(state); }, [&part](StateLoader& loader) { part.load(loader); }});
  }
  /// Saves and loads a tensor, number, generator or optimizer under this name.
  template <class Value>
  void keep(const std::string& name, Value& value) {
    kept_.push_back({[name, &value](StateDict& state) { put(state, name, value); },
                     [name, &value](StateLoader& loader) { loader.get(name, value); }});
  }
  /// Saves and loads what has been summed up so far; report() is a matter of its own.
  void keep(const std::string& name, MetricMeans& metrics);
  /// What take_metrics() gives, in this order.
  void report(std::vector<MetricMeans*> metrics) { reported_ = std::move(metrics); }

  /// The device's part of this step, under the rules of StepGraph::run(). variant tells steps of different
  /// operations from each other.
  void run_step(int64_t variant, const std::function<void()>& work);

  std::unique_ptr<Compute> compute_;
  DeviceData device_data_;
  Rng init_;      ///< of initial parameters
  Rng sampling_;  ///< of batches; kept

 private:
  struct Kept {
    std::function<void(StateDict&)> save;
    std::function<void(StateLoader&)> load;
  };
  std::unique_ptr<StepGraph> graph_;
  std::vector<Kept> kept_;
  std::vector<MetricMeans*> reported_;
};

}  // namespace vaco
