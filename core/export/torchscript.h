// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <span>
#include <vector>

#include "core/base/policy_snapshot.h"
#include "core/base/result.h"

namespace vaco {

/// Writes a policy as a TorchScript module: forward(observation) takes raw observations [..., obs_dim] in
/// float32 and gives actions [..., action_dim] within the bounds. Of discrete actions, forward gives the number
/// of the choice [...] in int64, and logits(observation) what it is chosen by. The file is written in place:
/// use a temporary path.
Result<void> write_torchscript(const std::filesystem::path& path, const PolicySnapshot& policy);

/// What the module in the file gives for rows of observations: forward's output, or that of logits. Loading a
/// module runs what is in it: for files that write_torchscript() has just made.
Result<std::vector<float>> run_torchscript(const std::filesystem::path& path,
                                           std::span<const float> observations, int64_t obs_dim, bool logits);

}  // namespace vaco
