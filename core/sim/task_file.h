// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "core/base/result.h"
#include "core/sim/environment_rules.h"

namespace vaco {

/// Reads a user's own environment: a JSON file that names an MJCF model beside it and says observation, reward,
/// end and start as expressions (README.md has an example). Everything is checked here: the model compiles, all
/// names exist, sizes go together, numbers are finite at a start and the episode does not end there. An error
/// (usage, or bad_data of the model) names the file, the line and what is wrong. Its physics is MuJoCo's own
/// (v4).
Result<std::shared_ptr<const EnvironmentSetup>> read_task_file(const std::string& path);

}  // namespace vaco
