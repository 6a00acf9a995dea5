// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/cli/commands.h"

namespace vaco::cli {

/// The subcommands for many runs, as those of command.h.
void add_report(CLI::App& app, int& exit_code);
void add_study(CLI::App& app, int& exit_code);
void add_sweep(CLI::App& app, int& exit_code);

}  // namespace vaco::cli
