// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/records/run_config.h"

namespace vaco {

/// A setting of several runs side by side.
struct ComparedSetting {
  std::string key;                  ///< "algorithm", "dataset", ..., or a parameter's
  std::string label;                ///< for people: "Dataset", "Expectile"
  std::vector<std::string> values;  ///< [runs] as the command line writes it; empty where a run has no such key
  /// Whether two runs that have the setting disagree.
  [[nodiscard]] bool differs() const;
};
/// Every setting of every run: first those all runs have (algorithm to precision), then the parameters in the
/// order of their schemas.
std::vector<ComparedSetting> compare_configs(std::span<const RunConfig> configs);

/// Runs put together that are alike in all but the seed (and what changes no number, the threads).
struct RunGroups {
  std::vector<int> group_of;       ///< [runs]
  std::vector<std::string> names;  ///< [groups] what tells it from the others, as short as can be: "VACO"
};
/// What the settings of a group have in common, as text; two runs with the same are of one group. It is the
/// task's identity (data, environment, physics) and that of all other settings but the seed.
std::string settings_identity(const RunConfig& config);
std::string task_identity(const RunConfig& config);
/// The same settings on no task in particular: what is left tells how a run learns.
RunConfig without_task(RunConfig config);
RunGroups group_all_but_seed(std::span<const RunConfig> configs);

}  // namespace vaco
