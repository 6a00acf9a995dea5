// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/policy_snapshot.h"
#include "core/base/result.h"
#include "core/sim/environment.h"

namespace vaco {

/// Who acts while data is collected. Without a snapshot: uniform random within the bounds, or from
/// waypoint to waypoint of a maze.
struct BehaviorPolicy {
  std::string name;                                ///< "random", "medium", "expert", or a file's stem
  std::shared_ptr<const PolicySnapshot> snapshot;  ///< null = no network
  bool waypoint = false;                           ///< no snapshot: walks through a maze instead, see mazes.h
  double action_noise = 0.0;  ///< std of Gaussian noise added to the action, then clipped; of discrete actions
                              ///< the share of them that is drawn at random instead
};

struct CollectOptions {
  std::string environment;
  Physics physics = Physics::v2;
  int64_t steps =
      0;  ///< transitions; the last episode is cut there (flagged as timeout, so nothing is ambiguous)
  uint64_t seed = 0;
};

/// Transitions in time order, as a D4RL file holds them (core/collect turns them into DatasetColumns).
struct CollectedRows {
  int64_t rows = 0;
  std::vector<float> observations, actions, rewards, next_observations;
  std::vector<uint8_t> terminals, timeouts;
  std::vector<double> qpos, qvel;  ///< the state BEFORE the action
};
Result<CollectedRows> collect(const BehaviorPolicy& policy, const CollectOptions& options,
                              const ProgressFn& progress = {}, std::stop_token stop = {});

/// The behavior policies shipped with the program, by environment ("hopper": medium, expert; "walker2d":
/// replay_0, replay_1, ..., medium, expert), weakest first.
/// They are embedded HDF5 policy files; decode with read_policy(bytes, name) of core/data.
struct ShippedPolicy {
  std::string environment, name;
  std::string resource;  ///< name in the embedded resources
};
std::vector<ShippedPolicy> shipped_policies(const std::string& environment);

}  // namespace vaco
