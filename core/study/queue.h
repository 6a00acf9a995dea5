// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/records/run_config.h"

namespace vaco {

/// One experiment over datasets, algorithms and seeds.
struct QueueRequest {
  RunConfig base;  ///< preset, device, precision, and what was set by hand, for all algorithms that have it
  std::vector<std::filesystem::path> datasets;
  std::vector<std::string> algorithms;  ///< keys
  std::vector<uint64_t> seeds;
};
/// The plan that parse_plan() takes. What the base says of environment and physics is said of its own dataset;
/// runs take one thread each.
Json queue_plan(const QueueRequest& request);

/// "0-4, 7": whole numbers and ranges, separated by commas or spaces; each once, in this order. Usage error for
/// anything else, and for more than a thousand.
Result<std::vector<uint64_t>> parse_seeds(const std::string& text);
/// The other way round: "0-4, 7".
std::string seeds_text(const std::vector<uint64_t>& seeds);

/// The plan beside the runs of a queue, as it was given, by which it goes on.
std::filesystem::path queue_file(const std::filesystem::path& folder);

}  // namespace vaco
