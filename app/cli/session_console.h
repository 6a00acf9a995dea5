// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>

#include "core/base/json.h"
#include "core/records/events.h"

namespace vaco {
class TrainingSession;
}

namespace vaco::cli {

/// What came out of a session: the exit code, and the result object with "run" and "status" in front.
struct Outcome {
  int exit_code = 0;
  Json result;
};
/// Starts the session and stays until it ends: log lines on stderr, a progress bar if stderr is a terminal,
/// else a line now and then. A caught signal stops it after saving. quiet: only errors and alarms.
Outcome run_session(TrainingSession& session, bool quiet);

/// Draws on stderr what work that is no session tells, as run_session() does. What was drawn is wiped with the
/// last copy of the function. quiet: only errors and alarms.
std::function<void(const Event&)> draw_events(bool quiet);

}  // namespace vaco::cli
