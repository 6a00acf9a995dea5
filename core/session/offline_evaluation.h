// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/policy_snapshot.h"
#include "core/base/result.h"
#include "core/data/reader.h"
#include "core/learn/algorithms/fqe.h"
#include "core/stats/statistics.h"

namespace vaco {

/// What logged data says about a policy: discounted returns in raw rewards.
struct OfflineEvaluation {
  Estimate value;                     ///< of the policy, by fitted Q evaluation; see bootstrap_critics()
  std::vector<double> critic_values;  ///< [critics] mean over the initial states
  double drift = 0.0;                 ///< what `value` moved by in the last tenth of the steps
  Estimate behavior;                  ///< of the data's own trajectories, as far as they go
  int64_t initial_states = 0;
  std::vector<std::string> warnings;  ///< what the dataset's findings warn of, and a value that is not settled
};

/// Whether a value has stopped moving: by more than its interval is wide, if it has one, and by more than 1 %
/// of itself is too much. Not when the drift is not known (NaN).
[[nodiscard]] bool is_settled(const Estimate& value, double drift);

/// Reads the dataset, learns critics of the policy (FittedQEvaluation) and averages them over the first states
/// of the trajectories. Errors: usage (dimensions), bad_data,
/// stopped, failed (values that are no longer finite).
Result<OfflineEvaluation> evaluate_offline(const PolicySnapshot& policy, const std::filesystem::path& dataset,
                                           const ReadOptions& reading, const FqeOptions& options,
                                           const ProgressFn& progress = {}, std::stop_token stop = {});

/// Mean of values [critics][states] with a 95 % percentile interval, by drawing critics and states anew with
/// replacement. It tells how far the estimate hangs on the choice of initial states and on the critics'
/// initialization; an error that all critics share is not in it.
Estimate bootstrap_critics(const std::vector<std::vector<double>>& values, int resamples, uint64_t seed);

}  // namespace vaco
