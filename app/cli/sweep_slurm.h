// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/study/slurm_sweep.h"

namespace vaco::cli {

/// Submits what is missing, and prints every run with its place in the queue; without request.submit prints the
/// script. Gives the exit code: 1 when something is failed and not queued.
int run_on_slurm(const Plan& plan, SlurmRequest request, bool json);

}  // namespace vaco::cli
