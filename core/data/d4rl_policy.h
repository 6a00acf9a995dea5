// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/policy_snapshot.h"
#include "core/base/result.h"
#include "core/hdf5/hdf5_file.h"

namespace vaco {

/// Whether a dataset keeps the policy that made it, as D4RL's medium and expert files do (metadata/policy).
bool has_d4rl_policy(const Hdf5File& file);
/// That policy by its mean action: layers fc0, fc1, ..., last_fc with ReLU between and tanh at the end, for
/// raw observations and actions within ±1. bad_data for one that is built otherwise, or whose sizes are not
/// those of the dataset; says which.
Result<PolicySnapshot> read_d4rl_policy(const Hdf5File& file);

}  // namespace vaco
