// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <span>
#include <string>

#include "core/base/policy_snapshot.h"
#include "core/base/result.h"

namespace vaco {

/// Where a policy comes from, which it needs once it has left its run folder. Empty: not known (older files).
struct PolicyOrigin {
  std::string physics;       ///< that it was made for and is to be evaluated in: "v2", "v4"
  std::string simulator;     ///< that evaluated it: "MuJoCo 2.2.2"
  std::string program;       ///< that made it: "vaco-workbench 0.1.0"
  std::string dataset;       ///< name of the file it was learned from
  std::string dataset_hash;  ///< of that file's content
};

/// Policy files are small HDF5 files (readable by h5py): layers/<i>/{weight [out, in], bias},
/// observation/{mean, scale}, action/{low, high}, attributes step, algorithm, environment, note, format =
/// "vaco-policy 1", and those of PolicyOrigin. A policy of discrete actions has an attribute action_count and
/// format = "vaco-policy 2", which programs that know continuous ones only refuse. A text that is there and
/// cannot be read is an error.
Result<void> write_policy(const std::filesystem::path& path, const PolicySnapshot& policy,
                          const PolicyOrigin& origin = {});
/// Also reads the policy that a D4RL dataset keeps (d4rl_policy.h).
Result<PolicySnapshot> read_policy(const std::filesystem::path& path);
Result<PolicyOrigin> read_policy_origin(const std::filesystem::path& path);
/// From memory (the policies shipped inside the program); name is for messages.
Result<PolicySnapshot> read_policy(std::span<const std::byte> bytes, const std::string& name);

}  // namespace vaco
