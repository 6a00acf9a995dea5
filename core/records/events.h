// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/learn/algorithm.h"
#include "core/sim/evaluator.h"
#include "core/stats/statistics.h"

namespace vaco {

enum class RunState { idle, preparing, running, paused, stopping, finished, failed };
std::string to_text(RunState state);

struct StateChanged {
  RunState state = RunState::idle;
  std::string message;  ///< "reading hopper_mixed.hdf5", "finished in 6 min 12 s"; may be empty
};
/// How far it is; published about ten times a second while preparing or running. The newest one counts.
struct Progress {
  std::string phase, phase_label;  ///< "bilevel", "Bi-level"; while preparing "dataset", "Reading dataset"
  int phase_index = 0, phase_count = 0;
  int64_t phase_step = 0, phase_steps = 0;
  int64_t step = 0, total_steps = 0;
  double steps_per_second = 0.0;    ///< over the last seconds
  double phase_eta_seconds = -1.0;  ///< < 0: not known yet
  double eta_seconds = -1.0;
};
/// Means of the training scalars since the last one; every log_interval steps. Also a line of metrics.jsonl.
struct Metrics {
  int64_t step = 0;
  std::string phase;
  std::vector<MetricValue> values;
};
/// A line of eval.jsonl.
struct EvaluationDone {
  EvaluationResult result;
  std::string phase;
};
/// What the weights look like now; every diagnostics_interval steps. Also a line of weights.jsonl (without the
/// per-trajectory columns, which go to diagnostics/step_*.h5).
struct WeightReport {
  int64_t step = 0;
  std::string phase;
  std::vector<std::string> sources;   ///< behavior policies by name; one entry "all" when the data does not say
  std::vector<Histogram> histograms;  ///< [sources] of the row weights, same fixed edges
  std::vector<double> source_mean_weight;  ///< [sources]
  std::vector<double> trajectory_weight;   ///< [T] mean weight over the trajectory's rows
  std::vector<double> trajectory_return;   ///< [T] undiscounted, raw
  std::vector<int32_t> trajectory_source;  ///< [T] index into sources
  Estimate pearson, spearman;  ///< of weight against return over trajectories, 95 % bootstrap interval
  double ess = 0.0;            ///< effective sample size as a share of N
  double mean_weight = 0.0;
  double share_below_001 = 0.0;  ///< share of rows with weight < 0.01
};
struct CheckpointSaved {
  int64_t step = 0;
  std::filesystem::path path;
};
/// Something looks wrong (weights collapse, values run away, NaN) but the run goes on.
struct Alarm {
  int64_t step = 0;
  std::string key, message;
};
struct Failed {
  Error error;
};
using Event =
    std::variant<StateChanged, Progress, Metrics, EvaluationDone, WeightReport, CheckpointSaved, Alarm, Failed>;

/// One line each of the run folder's files, and back.
Json to_json(const Metrics& metrics);
Json to_json(const EvaluationDone& evaluation);
Json to_json(const WeightReport& report);
Result<Metrics> metrics_from_json(const Json& json);
Result<EvaluationDone> evaluation_from_json(const Json& json);
Result<WeightReport> weight_report_from_json(const Json& json);

}  // namespace vaco
