// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/device/compute_info.h"
#include "core/learn/algorithm.h"
#include "core/records/events.h"
#include "core/records/run_config.h"

namespace vaco {

/// Of what first_manifest() makes; a folder with a higher one is not written to.
constexpr int kManifestVersion = 1;

/// "0.1.0"
std::string program_version();
/// "vaco-workbench 0.1.0", as files name it.
std::string program_name();
/// "libtorch 1.13.1, oneDNN 2.6.3, ..., MuJoCo 2.2.2, HDF5 1.10.8": what the numbers depend on.
std::string library_versions(const ComputeInfo& compute);

/// What a new run's manifest says before anything was done.
Json first_manifest(const RunConfig& config, const std::vector<std::string>& command_line,
                    const std::filesystem::path& out);

/// What is reported of a run; its numbers are null where there are none.
struct RunSummary {
  std::optional<EvaluationDone> last, best;
  std::optional<WeightReport> weights;
  double steps_per_second = 0.0;
  double wall_seconds = 0.0;
  std::string physics;  ///< that the policies were evaluated in; empty where they were not
};
Json result_json(const RunSummary& summary);

/// By which the best policy is chosen: the normalized score, or the plain return where there is no reference.
double score_of(const EvaluationResult& result);

/// <env>__<dataset>__<algorithm>__s<seed>__<time>, without characters that trouble shells. The environment is
/// the configuration's, else the one that the data names, else what the file's name tells, else "unknown".
std::string default_folder_name(const RunConfig& config, const std::string& environment_of_data);

}  // namespace vaco
