// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/json.h"

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

}  // namespace vaco::cli
