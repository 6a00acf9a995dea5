// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/records/run_config.h"

namespace vaco {

/// fresh: nothing of it is on the disk; interrupted: it was begun, and nobody writes it now.
enum class CellState { fresh, interrupted, running, finished, failed };

/// How far a run of a plan is, by what its folder says.
struct CellLook {
  CellState state = CellState::fresh;
  std::string phase, message;
  int64_t step = 0, total_steps = 0;  ///< 0: not known yet
  double seconds = 0.0;               ///< that the steps took
  double steps_per_second = 0.0;
  Json result;  ///< the manifest's, null before there is one
  [[nodiscard]] double fraction() const {
    return state == CellState::finished ? 1.0
           : total_steps > 0            ? static_cast<double>(step) / static_cast<double>(total_steps)
                                        : 0.0;
  }
};

/// Looks at a run folder again and again, reading only what was added. One thread.
class CellFollower {
 public:
  explicit CellFollower(std::filesystem::path folder) : folder_(std::move(folder)) {}
  CellLook look();
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::filesystem::path folder_;
  uint64_t read_ = 0;  // bytes of metrics.jsonl
  CellLook last_;
};

/// Whether the folder may be used for a run of this configuration: its run must be the same but for threads.
/// The error names the first difference. What a process killed while it made the folder has left is removed.
Result<void> check_cell_folder(const std::filesystem::path& folder, const RunConfig& config);

}  // namespace vaco
