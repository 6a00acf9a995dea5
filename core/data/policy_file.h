// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <span>

#include "core/base/policy_snapshot.h"
#include "core/base/result.h"

namespace vaco {

/// Policy files are small HDF5 files (readable by h5py): layers/<i>/{weight [out, in], bias},
/// observation/{mean, scale}, action/{low, high}, attributes step, algorithm, environment, note, format =
/// "vaco-policy 1".
Result<void> write_policy(const std::filesystem::path& path, const PolicySnapshot& policy);
Result<PolicySnapshot> read_policy(const std::filesystem::path& path);
/// From memory (the policies shipped inside the program); name is for messages.
Result<PolicySnapshot> read_policy(std::span<const std::byte> bytes, const std::string& name);

}  // namespace vaco
