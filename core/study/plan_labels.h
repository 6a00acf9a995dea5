// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "core/records/compare_configs.h"

namespace vaco {

/// What a plan calls a run.
struct PlanLabel {
  std::string study;    ///< the folder of the plan
  std::string dataset;  ///< its name in tables
  std::string label;    ///< of the algorithm with the values of the plan's params, "VACO, expectile = 0.8"
};

/// The names that the plan.json in a folder gives the runs in it, by the names of their folders and in the
/// plan's order; empty where there is no plan.
std::vector<std::pair<std::string, PlanLabel>> read_plan_labels(const std::filesystem::path& folder);
/// The name that the plan beside a run gives it; empty texts where there is none.
PlanLabel plan_label_of(const std::filesystem::path& run_folder);

/// As group_all_but_seed(), with the plans' names for the groups that have one; labels are those of the runs.
/// Where one name would stand for two groups, the dataset or the study is added.
RunGroups group_by_plan(std::span<const RunConfig> configs, std::span<const PlanLabel> labels);

}  // namespace vaco
