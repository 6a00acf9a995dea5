// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "core/base/param_fields.h"
#include "core/learn/algorithm.h"

namespace vaco {

/// What an online learner must know of its environment.
struct OnlineSpace {
  int64_t obs_dim = 0;
  std::vector<float> action_low, action_high;  ///< [action_dim]
  int64_t steps = 0;  ///< transitions that will be appended at most; bounds the memory of the replay buffer
};

/// One transition; mask is 0 where the episode ended in a terminal state (a time limit is none), else 1.
struct Transition {
  std::span<const float> observation, action, next_observation;
  float reward = 0.0f;
  float mask = 1.0f;
};

/// A learner that acts while it learns: transitions go into its replay buffer, and it learns from those. Knows
/// nothing of environments and files. All calls from one thread. May throw std::exception (torch does).
class OnlineLearner {
 public:
  virtual ~OnlineLearner() = default;

  /// The policy's action [action_dim] without exploration.
  virtual void act(std::span<const float> observation, std::span<float> action) = 0;
  /// Puts a transition into the buffer; the oldest one makes room when it is full.
  virtual void append(const Transition& transition) = 0;
  /// One step on a batch drawn from the buffer, which must hold something.
  virtual void update() = 0;
  /// Updates done so far.
  [[nodiscard]] virtual int64_t updates() const = 0;
  [[nodiscard]] virtual PolicySnapshot policy() const = 0;
  /// As Algorithm's.
  virtual std::vector<MetricValue> take_metrics() = 0;

  /// Everything that decides the steps to come but the buffer: its transitions must be appended again, in
  /// order.
  [[nodiscard]] virtual StateDict save() const = 0;
  virtual Result<void> load(const StateDict& state) = 0;
};

/// How the training loop of an online learner acts.
struct ExplorationParams {
  int64_t random_steps = 5000;
  double exploration_noise = 0.1;  ///< in halves of the action range
  void list(ParamFields& fields);
};

/// The parameters of online TD3: those of its update, replay_capacity, and ExplorationParams.
std::vector<ParamSpec> online_td3_schema();
/// TD3 at step 0. params must be complete for its schema. Errors: a device that is not there (unavailable).
Result<std::unique_ptr<OnlineLearner>> make_online_td3(const OnlineSpace& space, const ParamSet& params,
                                                       uint64_t seed, const ComputeOptions& options);

}  // namespace vaco
