// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "core/records/events.h"
#include "core/records/run_config.h"

namespace vaco {

/// All that a run folder tells, read from disk: the same for a finished run, one of another process, and our
/// own.
struct RunRecord {
  std::filesystem::path folder;
  RunConfig config;
  Json manifest;
  std::vector<Metrics> metrics;
  std::vector<EvaluationDone> evaluations;
  std::vector<WeightReport> weights;  ///< per-trajectory columns filled from diagnostics/ for the last one only
  /// One message for each file of the folder that is damaged in part: which, where, and what is missing for it.
  std::vector<std::string> damage;
};
/// everything; or only what a run's scores are made of: its evaluations and its last weight report without the
/// columns, which is little however long the run was.
enum class RunParts { all, scores };
/// Reads a run folder. Damaged lines are left out and told in damage, as is a torn last line of a run that has
/// finished; of another one it is ignored. bad_data when it is no run folder.
Result<RunRecord> read_run(const std::filesystem::path& folder, RunParts parts = RunParts::all);

/// Follows a run folder that may still be written: each call returns what was appended since the last one, as
/// events.
class RunFollower {
 public:
  explicit RunFollower(std::filesystem::path folder) : folder_(std::move(folder)) {}
  std::vector<Event> poll();

 private:
  std::filesystem::path folder_;
  uintmax_t metrics_at_ = 0, evaluations_at_ = 0, weights_at_ = 0;
  std::string status_;
};

/// Run folders directly inside a folder, newest first.
std::vector<std::filesystem::path> find_runs(const std::filesystem::path& folder);

}  // namespace vaco
