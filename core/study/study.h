// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <utility>
#include <vector>

#include "core/base/files.h"
#include "core/study/plan.h"

namespace vaco {

/// A study that comes with the program: the data that it makes, and the plan that it runs on them.
struct StudyRequest {
  std::string name = "poster";
  std::filesystem::path out;
  int seeds = 5;
  std::string preset;                           ///< its budgets instead of the study's; empty: the study's own
  std::vector<std::filesystem::path> datasets;  ///< added to the study's own
  std::vector<std::pair<std::string, std::string>> sets;  ///< parameters of all runs that have them
  bool own_data = true;                                   ///< false: only the added ones
};

struct Study {
  Plan plan;
  std::filesystem::path runs;      ///< where its run folders are to be
  std::vector<std::string> notes;  ///< what is left out, and why
};

/// Names of the studies there are.
std::vector<std::string> study_names();

/// Where the runs of the study in this folder are, with its plan.json and its lock: the folder "runs" inside,
/// or the folder itself when that is a sweep's, which has its plan there.
std::filesystem::path study_runs_folder(const std::filesystem::path& folder);

/// Checks the request, makes the data that is not there yet (in out/datasets, seconds to minutes) and gives the
/// plan; data and algorithms that this program does not have are left out with a note. The same request gives
/// the same data and the same plan. The folder of the runs is locked meanwhile, as it is while they train.
Result<Study> prepare_study(const StudyRequest& request, const ProgressFn& progress = {},
                            const std::stop_token& stop = {});

}  // namespace vaco
