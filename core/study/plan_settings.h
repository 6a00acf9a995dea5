// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/records/run_config.h"

namespace vaco {

/// An algorithm of a plan with all that does not vary over its cells.
struct PlanVariant {
  std::string place, label;
  RunConfig config;
  std::set<std::string> own;  ///< parameters that its own "set" fixes
};

/// A parameter that the plan varies.
struct PlanGrid {
  std::string key;
  std::vector<Json> values;
};

/// All of a plan but its datasets.
struct PlanSettings {
  std::vector<PlanVariant> variants;
  std::vector<PlanGrid> grid;
  std::vector<uint64_t> seeds;
};

/// Usage errors say where in the plan.
Result<PlanSettings> parse_plan_settings(const Json& json);

/// Gives a parameter a plan's value; the error begins with the place.
Result<void> set_plan_param(RunConfig& config, const std::string& key, const Json& json,
                            const std::string& place);

}  // namespace vaco
