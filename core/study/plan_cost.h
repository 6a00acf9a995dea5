// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "core/study/plan.h"

namespace vaco {

/// What a finished run took: the measure for those to come.
struct PastRun {
  std::string algorithm, dataset;  ///< key; name of the data file without its ending
  int64_t steps = 0;
  double seconds = 0.0;
  uintmax_t bytes = 0;  ///< on the disk
};
/// The finished runs directly inside a folder and in the studies inside it.
std::vector<PastRun> past_runs(const std::filesystem::path& folder, const std::stop_token& stop = {});

/// What running a plan takes, before it is begun.
struct PlanCost {
  size_t runs = 0;
  int64_t steps = 0;      ///< of all runs together
  double seconds = -1.0;  ///< by the clock, with so many at a time; < 0: no past run tells
  uintmax_t bytes = 0;    ///< on the disk; 0: no past run tells
  size_t measured = 0;    ///< runs whose time past runs tell; the others are taken to be like these
};
/// Runs of the same algorithm on the same data tell, else of the same algorithm on any data, else of any.
PlanCost plan_cost(const Plan& plan, std::span<const PastRun> past, int jobs);

/// Gradient steps of a run: those of its phases together.
int64_t planned_steps(const RunConfig& config);

}  // namespace vaco
