// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/result.h"
#include "core/base/state_dict.h"
#include "core/records/fingerprint.h"

namespace vaco {

/// Everything that a run needs to go on bit for bit; plain numbers, nothing that could be executed.
/// Layout of the HDF5 file: state/<name> for each array (attribute type), the fingerprint as JSON text,
/// attributes of "/" for the rest, and behind the HDF5 data one line with a checksum of all bytes before it, so
/// that damage is found before anything is parsed.
struct Checkpoint {
  int64_t step = 0;
  std::string algorithm;
  std::string phase;              ///< the phase that step belongs to ...
  int64_t phase_start = 0;        ///< ... and the step it began at
  bool evaluation_due = false;    ///< stopped before the evaluation of this step was done
  double training_seconds = 0.0;  ///< wall time spent in training so far, over all sessions
  uint64_t metrics_bytes = 0;     ///< how much of the append-only files belongs to the steps up to this one
  uint64_t evaluations_bytes = 0;
  uint64_t weights_bytes = 0;
  Fingerprint fingerprint;  ///< what it was made under; empty in checkpoints of older programs
  StateDict state;
};

Result<void> write_checkpoint(const std::filesystem::path& path, const Checkpoint& checkpoint);
/// bad_data for a file that is truncated, altered, of a newer format or no checkpoint at all; says which.
Result<Checkpoint> read_checkpoint(const std::filesystem::path& path);

}  // namespace vaco
