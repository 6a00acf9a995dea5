// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/records/checkpoint.h"
#include "core/records/run_config.h"
#include "core/session/session_parts.h"

namespace vaco {

/// The phases that a run of this configuration has; its dataset is not read.
Result<std::vector<PhaseInfo>> phases_of(const SessionParts& parts, const RunConfig& config);

/// Whether a run with these phases can go on from the checkpoint: what it has trained so far must be as it was.
/// It may have more steps of its phase, and other phases behind that.
Result<void> check_phases(const Checkpoint& checkpoint, const std::vector<PhaseInfo>& phases);
/// A usage error where the checkpoint is at the end of the last phase.
Result<void> check_steps_are_left(const Checkpoint& checkpoint, const std::vector<PhaseInfo>& phases);

}  // namespace vaco
