// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/records/run_config.h"

namespace vaco {

/// One run of a plan.
struct PlanCell {
  std::string name;     ///< of its run folder; the same plan gives the same names
  std::string dataset;  ///< the dataset's name in tables
  std::string label;    ///< the algorithm's name in tables
  std::vector<std::pair<std::string, std::string>> grid;  ///< the values that the plan's params gave it
  RunConfig config;
};

/// Datasets × algorithms × parameter values × seeds, as vaco sweep takes it.
struct Plan {
  std::vector<PlanCell> cells;  ///< seed by seed, so that what is done first spans everything once
  std::vector<std::string> warnings;
};

/// The names of a plan's keys and what they hold; "datasets" and "algorithms" are required:
///   datasets    [path | {name, path, environment, physics}]; paths are relative to base
///   algorithms  [key | {algorithm, label, preset, set}]; set: {parameter: value}
///   params      {parameter: [values]}, all combinations, for every algorithm that has the parameter
///   seeds       [0, 1, 2] if not given
///   preset, set, threads (1 if not given), device, precision: for all runs
/// Refuses what could not run: unknown keys, parameters, algorithms, presets, values out of range, files that
/// are missing or no dataset. The message names the place in the plan.
Result<Plan> parse_plan(const Json& json, const std::filesystem::path& base);
/// The same from a file, which relative paths start from.
Result<Plan> read_plan(const std::filesystem::path& file);
/// Checks all of a plan but its datasets.
Result<void> check_plan_settings(const Json& json);

/// What a report needs to know of a plan: {"cells": [{name, dataset, label, algorithm, seed, params}]}.
Json cells_to_json(const Plan& plan);

/// Text as a part of a file name that troubles neither shells nor eyes ("10 % BC" -> "10-BC").
std::string file_name_part(const std::string& text);

}  // namespace vaco
