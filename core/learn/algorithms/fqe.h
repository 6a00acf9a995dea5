// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/base/policy_snapshot.h"
#include "core/base/result.h"
#include "core/base/state_dict.h"
#include "core/learn/algorithm.h"
#include "core/learn/training_data.h"

namespace vaco {

struct FqeOptions {
  int64_t steps = 50000;
  int64_t critics = 3;  ///< of their own initialization; they see the same minibatches
  double discount = 0.99;
  double learning_rate = 3e-4;
  /// What is left of the way from 0 to the value is exp(−(1 − discount) · target_update_rate · steps) at best:
  /// at 0.005, usual for learning a policy, 8 % after the steps above; at this, nothing (our choice).
  double target_update_rate = 0.02;
  int64_t batch_size = 256;
  int64_t hidden_width = 256;
  int64_t hidden_layers = 2;
  bool layer_norm = true;  ///< keeps bootstrapped values from running away (our choice)
  uint64_t seed = 0;
  ComputeOptions compute;
};

/// Fitted Q evaluation (Le, Voloshin, Yue 2019): what a fixed policy π is worth, from logged data alone.
///   L = E Σ_k (Q_k(s, a) − r − discount · mask · Q̂_k(s′, π(s′)))²,   Ĵ_k(π) = E_{s0} Q_k(s0, π(s0))
/// with each critic's own slow target Q̂_k, rewards divided by their root mean square while it learns, and s0
/// the first states of the data's trajectories. One thread; may throw as Algorithm does.
class FittedQEvaluation {
 public:
  virtual ~FittedQEvaluation() = default;
  /// Errors: a policy of other dimensions (usage), Compute's.
  static Result<std::unique_ptr<FittedQEvaluation>> make(const PolicySnapshot& policy, const TrainingData& data,
                                                         const FqeOptions& options);
  virtual void update() = 0;
  /// Q_k(s0, π(s0)) [critics][trajectories], discounted, in the unit of data.rewards.
  [[nodiscard]] virtual std::vector<std::vector<double>> initial_values() = 0;
  /// π at the next observation of every row [N, action_dim].
  [[nodiscard]] virtual std::vector<float> next_actions() const = 0;
  [[nodiscard]] virtual StateDict save() const = 0;
};

}  // namespace vaco
