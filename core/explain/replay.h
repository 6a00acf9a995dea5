// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/policy_snapshot.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/explain/explained_run.h"
#include "core/sim/recording.h"

namespace vaco {

/// The rows of an episode, as far as its states can be told by them.
struct EpisodeRows {
  std::filesystem::path dataset;
  int64_t index = 0, first = 0;  ///< of the episode, and its first row in the file
  int64_t obs_dim = 0;
  std::vector<float> observations;  ///< [L, obs_dim] raw
  std::vector<float> rewards;       ///< [L] raw
};
EpisodeRows episode_rows(const Dataset& dataset, int64_t episode);
EpisodeRows episode_rows(const ExplainedRun& run, int64_t trajectory);

/// The states of an episode, for watching.
struct EpisodeStates {
  std::shared_ptr<const Recording> states;
  bool rebuilt = false;  ///< of observations, which hide some of it (the place along the way)
};
/// From the file's infos/qpos and infos/qvel, or rebuilt of the observations where the simulator knows the
/// environment and its observations tell the state. unavailable: neither; the message says why not. Any thread.
Result<EpisodeStates> episode_states(const EpisodeRows& rows, const std::string& environment,
                                     const std::string& physics);

/// What a policy does from a row of a recording on, for at most as many steps as are asked for or until the
/// episode ends; row 0 is that state. Errors: a policy of other shapes (usage), an environment that the
/// simulator does not have (unavailable). Any thread.
Result<std::shared_ptr<const Recording>> act_from(const PolicySnapshot& policy, const std::string& environment,
                                                  const std::string& physics, const Recording& recording,
                                                  int64_t row, int64_t steps);

/// The state in which an episode of an evaluation with this seed begins; with seed 0, the rollout's episode of
/// that number begins so, too. Errors as act_from().
Result<std::shared_ptr<const Recording>> episode_start(const std::string& environment,
                                                       const std::string& physics, int64_t number,
                                                       uint64_t seed = 0);
/// What comes from a row on, which must be one of its states.
std::shared_ptr<const Recording> recording_from(const Recording& recording, int64_t row);

}  // namespace vaco
