// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/policy_snapshot.h"
#include "core/records/events.h"
#include "core/sim/collector.h"

namespace vaco {

/// The evaluations of the two policies that D4RL's datasets are named after.
struct ChosenPolicies {
  EvaluationDone medium, expert;
};
/// Expert: the best one. Medium: the first one that reached a third of the expert's score, as training would
/// have been stopped there. usage when nothing was evaluated.
Result<ChosenPolicies> choose_policies(const std::vector<EvaluationDone>& evaluations);

/// All that the datasets of a training are made from.
struct OnlineSetsRequest {
  std::filesystem::path folder;  ///< the datasets go to <folder>/<environment>-<name>.hdf5
  std::string environment;
  Physics physics = Physics::v2;
  uint64_t seed = 0;
  int64_t rows = 0;           ///< of random, medium and expert
  double action_noise = 0.0;  ///< of medium and expert
  int64_t random_steps = 0;   ///< how many of the training's first transitions were random
  std::shared_ptr<const PolicySnapshot> medium, expert;
  ChosenPolicies chosen;
};

/// Writes medium-replay (every transition of the training up to the medium policy), random, medium, expert and
/// medium-expert, each with where it comes from and the policies' scores in its metadata. Gives for each its
/// name, file, rows, episodes and returns. Errors: failed, stopped.
Result<Json> make_online_sets(const OnlineSetsRequest& request, const CollectedRows& replay,
                              const ProgressFn& progress, const std::stop_token& stop);

}  // namespace vaco
