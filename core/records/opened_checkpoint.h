// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/records/checkpoint.h"

namespace vaco {

/// A checkpoint and the run that it is of.
struct OpenedCheckpoint {
  std::filesystem::path run, file;
  Checkpoint checkpoint;
  std::vector<std::string> notes;  ///< about damaged checkpoints of the run that are newer
};
/// The checkpoint that is meant by a file of one inside a run folder, or by the folder: its newest sound one.
/// Errors are bad_data: neither of the two, no checkpoint yet, or all are damaged.
Result<OpenedCheckpoint> open_checkpoint(const std::filesystem::path& given);

}  // namespace vaco
