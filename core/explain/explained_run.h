// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/policy_snapshot.h"
#include "core/base/result.h"
#include "core/data/reader.h"
#include "core/learn/explanation.h"
#include "core/records/diagnostics_table.h"
#include "core/records/run_config.h"

namespace vaco {

/// What the networks of one checkpoint of a run say of every row of its data. Immutable once made.
struct ExplainedRun {
  std::filesystem::path run;
  RunConfig config;
  std::string environment, physics;  ///< as the run evaluates; empty where it cannot
  int64_t step = 0;
  std::string phase;
  DiagnosticsTable table;      ///< trajectories, returns, sources
  std::vector<float> rewards;  ///< [N] raw
  std::vector<float> weight;   ///< [N] as Algorithm::row_weights(); empty while there are none
  RowValues rows;
  TrajectoryFeatures features;
  int64_t obs_dim = 0;
  std::vector<float> observations;                         ///< [N, obs_dim] normalized: (s − mean) / scale
  std::vector<float> observation_mean, observation_scale;  ///< [obs_dim]
  std::shared_ptr<const PolicySnapshot> policy;            ///< null while it has not learned
  std::shared_ptr<const ValueSnapshot> values;             ///< the critics; null where there are none
  std::vector<std::string> notes;                          ///< what a user should know of how it was read

  [[nodiscard]] int64_t trajectories() const { return static_cast<int64_t>(table.episodes.size()); }
  [[nodiscard]] const std::string& source_of(int64_t trajectory) const {
    return table.sources[static_cast<size_t>(table.trajectory_source[static_cast<size_t>(trajectory)])];
  }
};

/// What reads a dataset, as read_dataset().
using DatasetRead = std::function<Result<Dataset>(const std::filesystem::path&, const ReadOptions&,
                                                  const ProgressFn&, std::stop_token)>;
/// Opens a run folder's newest sound checkpoint, or the one that is named, and its dataset. threads: of the
/// arithmetic; they change no number. Errors: no run or checkpoint, a dataset that is gone or another one than
/// the run's (bad_data), stopped.
Result<ExplainedRun> explain_run(const std::filesystem::path& run_or_checkpoint, int threads,
                                 const ProgressFn& progress = {}, const std::stop_token& stop = {},
                                 const DatasetRead& read = read_dataset);

}  // namespace vaco
