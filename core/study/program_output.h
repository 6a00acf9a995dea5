// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace vaco {

struct ProgramOutput {
  int exit_code = 0;  ///< minus the signal when one ended it
  std::string out;    ///< what it wrote to stdout and stderr
};

/// Runs another program, looked for on the PATH, and waits for its end. An error when it cannot be started.
Result<ProgramOutput> run_program(const std::vector<std::string>& words);

}  // namespace vaco
