// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>

#include "core/data/reader.h"
#include "core/records/run_config.h"
#include "core/sim/environment.h"

namespace vaco {

/// The physics that policies are evaluated in: what was asked for, else what the data was made in if the
/// environment has it, else the environment's first; v2, as D4RL's data, of one that is not simulated.
std::string physics_for(const std::string& asked, const std::string& of_data,
                        const std::string& environment = {});

/// Numbers in an observation and in an action of data, and whether an action is a choice.
struct DataShape {
  int64_t obs_dim = 0, action_dim = 0;
  bool discrete = false;
};

/// The environment in this physics, if policies for data of this shape can be rolled out in it. An error where
/// the simulator knows it, but cannot set it up (memory, a task file with a fault).
Result<std::optional<EnvironmentInfo>> simulated(const std::string& environment, const std::string& physics,
                                                 const DataShape& shape);

/// Refuses discrete actions where the algorithm of the configuration does not learn them. action_count: as
/// Dataset::action_count.
Result<void> check_actions(const RunConfig& config, int64_t action_count, const std::string& dataset);

/// Whether data of these dimensions can be of the environment; where the simulator does not have it, any can,
/// and so can data that the catalogue knows of a task in a layout which is not simulated. A usage error tells
/// which environment or version they would fit.
Result<void> check_dimensions(const DataShape& shape, const std::string& environment,
                              const std::string& physics);

/// Makes a configuration definite before anything is written: checks the dimensions of its dataset, settles
/// the physics where it was left to the data, and names the variant of the task that the data is of (data of
/// "ant" with contact forces is of "ant-contact").
Result<void> fit_to_data(RunConfig& config, const DatasetHead& head);

}  // namespace vaco
