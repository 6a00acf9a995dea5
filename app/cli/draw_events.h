// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "core/records/events.h"

namespace vaco::cli {

/// Draws on stderr what work that is no session tells, as run_session() does. What was drawn is wiped with the
/// last copy of the function. quiet: only errors and alarms.
std::function<void(const Event&)> draw_events(bool quiet);

}  // namespace vaco::cli
