// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/param_spec.h"
#include "core/base/policy_snapshot.h"
#include "core/base/result.h"
#include "core/base/state_dict.h"
#include "core/device/compute_options.h"
#include "core/learn/training_data.h"

namespace vaco {

/// One stretch of training with a rule of its own ("value", "warmup", "bilevel", "cloning").
struct PhaseInfo {
  std::string key;    ///< in metrics and progress
  std::string label;  ///< for people
  int64_t steps = 0;
};

/// A scalar that algorithms report, and the handle by which they add to it. There is one object of each.
struct Metric {
  const char* key;     ///< in files ("critic_loss")
  const char* label;   ///< for people ("Critic loss")
  const char* symbol;  ///< the paper's ("J_Q"), empty where it has none or the label says it
};
using MetricList = std::vector<std::reference_wrapper<const Metric>>;
/// "Critic loss J_Q", "Mean value of the data, V(s)"
std::string display_name(const Metric& metric);

/// What a metric was; which keys there are depends on the algorithm and the phase.
struct MetricValue {
  std::string key;
  double value = 0.0;
};

/// A learning algorithm, one gradient step at a time. Knows nothing of files, windows or threads.
/// All calls from one thread (the core thread). Steps count from 0 over all phases.
/// May throw std::exception (torch does); TrainingSession turns that into an Error.
class Algorithm {
 public:
  virtual ~Algorithm() = default;

  /// The phases in order; their steps add up to the run's total. Phases of 0 steps are left out.
  [[nodiscard]] virtual std::vector<PhaseInfo> phases() const = 0;
  /// Steps done so far, over all phases.
  [[nodiscard]] virtual int64_t step() const = 0;
  /// One step of the current phase. Must not be called when step() has reached the total.
  virtual void update() = 0;

  /// Means over the updates since the last call, then cleared. Reads the device once.
  virtual std::vector<MetricValue> take_metrics() = 0;
  /// The weight each of the N rows has in the cloning loss now; nothing when the algorithm (or phase) has no
  /// weights.
  virtual std::optional<std::vector<float>> row_weights() = 0;
  /// Whether the policy has been trained at all (during value learning it has not).
  [[nodiscard]] virtual bool has_policy() const = 0;
  [[nodiscard]] virtual PolicySnapshot policy() const = 0;

  /// Everything that decides the steps to come, including what take_metrics() has gathered so far.
  [[nodiscard]] virtual StateDict save() const = 0;
  /// Goes on from a saved state bit for bit. The error says which entry is missing or has another shape.
  virtual Result<void> load(const StateDict& state) = 0;
};

/// An entry of the registry.
struct AlgorithmInfo {
  std::string key;                ///< "vaco", "bc", "bc10"
  std::string label;              ///< "VACO", "BC", "10 % BC"
  std::string summary;            ///< one sentence
  bool discrete_actions = false;  ///< it learns choices as well as continuous actions
  std::vector<ParamSpec> schema{};
  MetricList metrics{};  ///< all that it may report
};

/// All algorithms, in the order in which they are shown. The one place to add a new one is registry.cpp.
const std::vector<AlgorithmInfo>& algorithms();
/// By key; a usage error names the known ones.
Result<const AlgorithmInfo*> find_algorithm(const std::string& key);
/// Refuses data with discrete actions (their number, 0 for continuous ones) where the algorithm learns
/// continuous ones only, and tells which would do (bad_data), or where a parameter speaks of continuous ones
/// (usage). dataset: what the message calls the data.
Result<void> check_actions(const AlgorithmInfo& algorithm, const ParamSet& params, int64_t action_count,
                           const std::string& dataset);
/// Builds an algorithm at step 0. params must be complete for its schema; data must outlive it.
/// Errors: data that cannot be trained on (bad_data), a device that is not there (unavailable).
Result<std::unique_ptr<Algorithm>> make_algorithm(const std::string& key, const ParamSet& params,
                                                  const TrainingData& data, uint64_t seed,
                                                  const ComputeOptions& options);

}  // namespace vaco
