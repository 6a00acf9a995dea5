// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/result.h"
#include "core/data/policy_file.h"
#include "core/data/writer.h"
#include "core/sim/collector.h"

namespace vaco {

/// A behavior policy and its part of the transitions (any unit: parts count relative to each other).
struct CollectPart {
  BehaviorPolicy policy;
  double share = 1.0;
  std::filesystem::path file{};  ///< or run folder that the policy was read from; empty if it was none
};

struct CollectRequest {
  std::string environment;
  Physics physics = Physics::v2;
  int64_t steps = 0;  ///< transitions in all
  uint64_t seed = 0;
  bool shuffle = true;  ///< whole trajectories in an order drawn by the seed; else part after part
  std::vector<CollectPart> parts;
};

/// Rolls out every part and joins the rows as a D4RL dataset: infos/policy numbers the parts, metadata names
/// them, and the provenance (JSON) says how it was made. The same request gives the same numbers. Errors:
/// usage, stopped.
Result<DatasetColumns> collect_dataset(const CollectRequest& request, const ProgressFn& progress = {},
                                       std::stop_token stop = {});

/// Rows that one policy (or one training) made, as the columns of a dataset with all of them under one policy
/// id.
DatasetColumns to_columns(CollectedRows rows, const EnvironmentInfo& info, Physics physics,
                          const std::string& policy);

/// "random", "expert:0.5", "runs/x/policy.h5:1:0.2": a policy with its share (1) and the std of its action
/// noise (0). The policy is as open_policy() takes it, random, or waypoint in a maze.
Result<CollectPart> parse_collect_part(const std::string& text, const std::string& environment);
/// The same, where "replay" stands for a training's replay buffer: random and the environment's shipped
/// replay_0, replay_1, ... divide its share equally, with action noise (0.1, as in training).
Result<std::vector<CollectPart>> parse_collect_parts(const std::string& text, const std::string& environment);

/// A policy file, a dataset that keeps its policy (D4RL), a run folder (its best policy if best and there is
/// one, else its last), or the name of a policy shipped for the environment ("expert"). The error names what
/// was tried; bad_data for a file that does not exist.
Result<PolicySnapshot> open_policy(const std::string& text, const std::string& environment, bool best = true);
/// Where such a policy comes from; shipped ones are of their environment's first physics.
Result<PolicyOrigin> open_policy_origin(const std::string& text, const std::string& environment,
                                        bool best = true);

}  // namespace vaco
