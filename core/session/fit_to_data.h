// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/data/reader.h"
#include "core/records/run_config.h"

namespace vaco {

/// The physics that policies are evaluated in: what was asked for, else what the data was made in, else v2, as
/// D4RL's data.
std::string physics_for(const std::string& asked, const std::string& of_data);

/// Whether data of these dimensions can be of the environment; where the simulator does not have it, any can.
/// A usage error tells which environment they would fit.
Result<void> check_dimensions(int64_t obs_dim, int64_t action_dim, const std::string& environment);

/// Refuses discrete actions, which no algorithm here learns. action_count: as Dataset::action_count.
Result<void> check_actions(int64_t action_count, const std::string& dataset);

/// Makes a configuration definite before anything is written: checks the dimensions of its dataset, and settles
/// the physics where it was left to the data.
Result<void> fit_to_data(RunConfig& config, const DatasetHead& head);

}  // namespace vaco
