// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include "core/base/json.h"
#include "core/study/sweep.h"

namespace vaco::cli {

/// "waiting", "stopped", "running", "finished" or "failed".
std::string status_of(CellState state);

/// Runs the plan and tells how it goes: on a terminal one status line below what happened, else a line now and
/// then. A caught signal stops all cells after saving. quiet: only what failed.
Result<SweepLook> run_sweep_on_console(const Plan& plan, const SweepOptions& options, bool quiet);

/// {"out", "finished", "failed", "cells": [{name, dataset, label, seed, params, status, run, result}]}
Json sweep_to_json(const Plan& plan, const SweepLook& look, const std::filesystem::path& out);

/// 0 when all is finished, 130 when something was stopped, 1 when something failed.
int sweep_exit_code(const SweepLook& look);

}  // namespace vaco::cli
