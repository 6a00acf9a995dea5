// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <filesystem>
#include <limits>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/records/run_config.h"
#include "core/stats/comparison.h"

namespace vaco {

/// What a report takes from one run folder. NaN: there is no such number.
struct ReportRun {
  static constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  std::filesystem::path folder;
  RunConfig config;
  std::string dataset, label;  ///< of its group (see name_groups)
  std::string environment;
  std::string simulator;  ///< of its last evaluation: "MuJoCo 2.2.2"; empty where it is not known
  std::string status;     ///< the manifest's: "finished", "running", "stopped", "failed"
  std::string message;
  std::string ended;    ///< UTC, "2025-03-01T14:05:09Z", or empty
  std::string program;  ///< what wrote it
  int64_t step = 0, total_steps = 0;
  bool counted = false;               ///< finished (or wanted all the same) and no repeat: in the statistics
  bool repeats = false;               ///< its seed is counted by another run of the group; message names it
  bool normalized = false;            ///< scores are D4RL-normalized; else they are returns
  double last = kNone;                ///< score of the last policy
  double best = kNone;                ///< highest score of all evaluations
  std::vector<double> last_episodes;  ///< scores of the episodes of the last evaluation
  double pearson = kNone, spearman = kNone, ess = kNone, mean_weight = kNone;  ///< of the last weight report
  double steps_per_second = kNone, wall_seconds = kNone;
  std::vector<std::string> damage;  ///< a message for each file that is damaged in part (see RunRecord)
};

/// Which of a run's numbers is its score.
enum class ScoreKind { last, best };

/// A run folder that could not be read, and why.
struct UnreadableRun {
  std::filesystem::path folder;
  std::string message;
};

/// Runs grouped by dataset and label over seeds.
struct Report {
  std::vector<ReportRun> runs;  ///< by dataset, label and seed
  std::vector<UnreadableRun> unreadable;
  std::vector<std::string> datasets, labels;  ///< in the order of their columns and rows
  std::string made;                           ///< UTC
  bool unfinished_counted = false;

  /// The counted runs of a group; without a dataset or a label, of all.
  [[nodiscard]] std::vector<const ReportRun*> group(const std::string& dataset, const std::string& label) const;
  /// Whether all scores that counted runs of the dataset have are normalized; runs without one do not matter.
  [[nodiscard]] bool is_normalized(const std::string& dataset) const;
  /// Finite scores of a group's counted runs.
  [[nodiscard]] std::vector<double> scores(const std::string& dataset, const std::string& label,
                                           ScoreKind kind) const;
  /// Datasets with normalized scores on which every one of the labels has a score.
  [[nodiscard]] std::vector<std::string> common_datasets(const std::vector<std::string>& of_labels) const;
  /// The same by the physics they were evaluated in: returns of different physics are of different tasks, and
  /// nothing is averaged over them.
  [[nodiscard]] std::map<std::string, std::vector<std::string>> common_by_physics(
      const std::vector<std::string>& of_labels) const;
  [[nodiscard]] TaskScores task_scores(const std::vector<std::string>& of_datasets, const std::string& label,
                                       ScoreKind kind) const;
  /// The label that the others are compared with: the wanted one, or the first of VACO's, or the first of all.
  [[nodiscard]] Result<std::string> baseline(const std::string& wanted) const;
};

struct ReportOptions {
  bool count_unfinished = false;  ///< also runs that are not finished, by their newest evaluation
};

/// Reads run folders, or folders that hold some (a sweep's). A seed counts once in a group. Errors (bad_data):
/// no such folder, no run in it, none that can be read, none that counts.
Result<Report> make_report(const std::vector<std::filesystem::path>& folders,
                           const ReportOptions& options = {});

/// "value_steps 40000, bilevel_steps 20000": how long a run learns.
std::string budget_text(const RunConfig& config);

/// Expected score of the policy picked from k of these runs: each run's last policy is judged by every other
/// episode of its evaluation, and the picked one is scored by the other half; then the halves change places,
/// and both scores are averaged. NaN where an evaluation has fewer than two episodes or there are fewer than k
/// runs.
double picked_score(const std::vector<const ReportRun*>& runs, int k);

}  // namespace vaco
