// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <stop_token>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/result.h"
#include "core/data/policy_file.h"
#include "core/records/run_config.h"
#include "core/sim/collector.h"

namespace vaco {

/// What a run that learns by acting has beside any other: every policy that was evaluated, in policies/, and at
/// its end the datasets that D4RL made of such trainings. The run itself is a TrainingSession's.

/// Whether it is one.
bool learns_online(const RunConfig& config);

/// What must be right before anything is trained: the environment, and steps enough for a policy to be learned,
/// as data is made with it in the end. Errors: usage.
Result<void> check_online(const RunConfig& config);

/// policies/step_*.h5 of the run.
std::filesystem::path online_policy_path(const std::filesystem::path& run, int64_t step);
/// Removes the policies of steps after this one, which will be done again, and half-written ones. Makes the
/// folder where there is none.
Result<void> keep_policies_up_to(const std::filesystem::path& run, int64_t step);

/// Chooses the medium and the expert policy among those evaluated, and makes the datasets of the run (see
/// online_sets.h). Gives {"medium", "expert", "datasets"}. Errors: stopped, failed.
Result<Json> make_sets_of_run(const std::filesystem::path& run, const RunConfig& config,
                              const PolicyOrigin& origin, const CollectedRows& rows, const ProgressFn& progress,
                              const std::stop_token& stop);

}  // namespace vaco
