// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "core/base/result.h"
#include "core/base/state_dict.h"
#include "core/learn/online_learner.h"
#include "core/sim/collector.h"

namespace vaco {

/// Puts all transitions into a checkpoint's state under rows/.
void rows_to_state(const CollectedRows& rows, const EnvironmentInfo& info, StateDict& state);
/// And back; bad_data names what is missing or has another size.
Result<CollectedRows> rows_from_state(const StateDict& state, const EnvironmentInfo& info);

/// What a learner learns from them, row by row. The views are of rows, which must outlive them.
std::vector<Transition> transitions_of(const CollectedRows& rows, const EnvironmentInfo& info);
/// A copy of the first rows; a last episode that is cut by it is flagged as timeout.
CollectedRows first_rows(const CollectedRows& rows, const EnvironmentInfo& info, int64_t count);

}  // namespace vaco
