// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/device/compute_info.h"
#include "core/records/run_config.h"

namespace vaco {

/// What decides a run's numbers, as text by name: "seed" -> "3". Every checkpoint holds the one it was made
/// under, so that going on under another is noticed.
using Fingerprint = std::map<std::string, std::string>;

/// Algorithm, seed, precision, physics and every parameter, but for what changes no number (threads, how often
/// checkpoints are saved).
Fingerprint settings_fingerprint(const RunConfig& config);
/// Program, libraries that calculate, and the device or instruction set it runs on.
Fingerprint program_fingerprint(const RunConfig& config, const ComputeInfo& compute);
/// What a manifest tells of it, for checkpoints of programs that kept none: the settings as the command line
/// that it notes gives them, program, libraries, instruction set, dataset and environment.
Fingerprint fingerprint_of_manifest(const Json& manifest);

struct Checkpoint;
/// A checkpoint's own fingerprint, or what the manifest tells where it has none.
Fingerprint begun_as(const Checkpoint& checkpoint, const Json& manifest);
/// The entry "environment" of data whose environment is not known.
constexpr const char* kUnknownEnvironment = "unknown";

struct Difference {
  std::string what, before, now;
};
/// Where both have an entry and it differs, by name.
std::vector<Difference> differences(const Fingerprint& before, const Fingerprint& now);

/// "seed: 3 before, 4 now; ..."
std::string to_text(const std::vector<Difference>& differences);
/// That a run cannot go on bit for bit, where it differs, and the ways out (usage). resume: the command that
/// goes on with it.
Error refusal(const std::vector<Difference>& differences, const std::string& run_folder,
              const std::string& resume = "vaco resume");
/// An entry of the manifest's "changes": when and at which step a run went on under what was changed.
Json to_json(const std::vector<Difference>& differences, int64_t step);

}  // namespace vaco
