// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "core/base/policy_snapshot.h"
#include "core/base/result.h"

namespace vaco {

/// How other programs take a policy.
enum class PolicyFormat { torchscript, onnx };
/// By the name of the file: .pt or .torchscript, .onnx; nothing for any other.
std::optional<PolicyFormat> policy_format_of(const std::filesystem::path& path);
/// Where the example pair goes: "policy.onnx.example.json".
std::filesystem::path example_path(const std::filesystem::path& path);

/// What was found when the file was read back: the largest errors of actions, in half the range of their
/// bounds, or of what choices are made by.
struct PolicyParity {
  int64_t rows = 0;         ///< observations that were tried
  double error_near = 0.0;  ///< of the half of them that is like the data
  double error_far = 0.0;   ///< of the half that is spread ten times as far
};

/// Writes a policy for another program, with normalizer, bounds and choice inside, and beside it an observation
/// with the action the policy takes. The file is read back and evaluated: where an action is off by more than
/// 1e-5, or, where outputs exceed ten, by more than float32 rounds off in numbers of their size, nothing
/// is written, which is an error (failed). Each file appears whole or not at all.
Result<PolicyParity> export_policy(const PolicySnapshot& policy, const std::filesystem::path& path,
                                   PolicyFormat format);

}  // namespace vaco
