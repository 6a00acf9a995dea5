// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "core/base/result.h"

namespace vaco {

/// Whether an environment is named by the path of a user's task file (see core/sim/task_file.h).
bool is_task_file(std::string_view name);
/// Whether the catalogue knows the environment, or none or a task file is named; a usage error tells the
/// nearest name and all there are. A name nobody knows would cost a run its evaluations and its normalized
/// scores.
Result<void> check_environment_name(const std::string& name);
/// All that policies can be rolled out in: "hopper, walker2d or halfcheetah".
std::string simulated_environments();
/// Finds a known environment's name in a file or dataset name ("hopper_medium_expert-v2.hdf5" -> "hopper"); or
/// empty.
std::string guess_environment(std::string_view name);

}  // namespace vaco
