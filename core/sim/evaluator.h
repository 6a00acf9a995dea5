// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/policy_snapshot.h"
#include "core/base/result.h"
#include "core/sim/environment.h"

namespace vaco {

struct EvaluationOptions {
  std::string environment;
  Physics physics = Physics::v2;
  int episodes = 10;
  uint64_t seed = 0;  ///< episode i uses Rng(seed, i): the result does not depend on the number of threads
  int threads = 1;
};

struct EvaluationResult {
  int64_t step = 0;             ///< of the snapshot
  std::vector<double> returns;  ///< [episodes] undiscounted
  std::vector<int> lengths;     ///< [episodes]
  double mean_return = 0.0;
  double std_return = 0.0;     ///< sample standard deviation (n − 1); 0 for one episode, which has none
  int threads = 0;             ///< that have worked, fewer than asked for where the machine allows no more
  bool has_reference = false;  ///< whether the normalized figures mean anything
  double normalized_mean = 0.0, normalized_std = 0.0;  ///< D4RL-normalized
  [[nodiscard]] bool has_spread() const { return returns.size() > 1; }
};

/// Rolls the deterministic policy, its actions clipped to the bounds as by D4RL's wrapper. Errors: unknown
/// environment, policy of another shape (usage), stopped, what the simulator throws.
Result<EvaluationResult> evaluate_policy(const PolicySnapshot& policy, const EvaluationOptions& options,
                                         std::stop_token stop = {});

}  // namespace vaco
