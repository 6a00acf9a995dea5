// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/action_unit.h"
#include "core/data/policy_file.h"
#include "core/learn/online_learner.h"
#include "core/records/events.h"
#include "core/records/online_schema.h"
#include "core/records/progress_meter.h"
#include "core/records/run_config.h"
#include "core/records/run_folder.h"
#include "core/sim/collector.h"

namespace vaco {

/// Trains a policy by acting in an environment, and makes datasets of it as D4RL did. A run folder like any
/// other, with every transition inside its checkpoints, the evaluated policies in policies/, and at the end the
/// datasets (see online_sets.h). Checkpoints are taken between episodes, where the simulator has no state.
/// One thread; only evaluations use more.
class OnlineTraining {
 public:
  using Observer = std::function<void(const Event&)>;

  /// Makes the folder, which must not exist yet. Errors: usage, unavailable, failed.
  static Result<std::unique_ptr<OnlineTraining>> create(const RunConfig& config,
                                                        const std::filesystem::path& folder,
                                                        const std::vector<std::string>& command_line);
  /// Goes on with a folder from its newest checkpoint, bit for bit. threads: 0 = as the run's config says.
  /// accept_changes: also under another program or other settings, which the manifest then tells.
  static Result<std::unique_ptr<OnlineTraining>> resume(const std::filesystem::path& folder, int threads,
                                                        bool accept_changes = false);

  /// Trains to the end and makes the datasets. Error stopped: after the episode in which the stop was asked
  /// for, with a checkpoint.
  Result<void> run(const Observer& observer, const std::stop_token& stop);

  [[nodiscard]] const std::filesystem::path& folder() const { return folder_.path(); }
  /// Once run() is through: {"medium", "expert", "datasets"}, as in the manifest.
  [[nodiscard]] const Json& result() const { return result_; }

 private:
  OnlineTraining(RunConfig config, RunFolder folder);
  Result<void> prepare(bool accept_changes = true);
  Result<void> check_fingerprint(const Checkpoint& checkpoint, bool accept_changes);
  Result<void> restore(const Checkpoint& checkpoint);
  Result<void> train(const std::stop_token& stop);
  Result<void> episode();
  Result<void> after_step();
  Result<void> evaluate();
  Result<void> save();
  Result<void> make_sets(const std::stop_token& stop);
  [[nodiscard]] std::vector<EvaluationDone> evaluations() const;
  [[nodiscard]] PolicyOrigin origin() const;
  void publish(Event event) const;
  void tell_progress();

  RunConfig config_;
  ParamSet params_;
  ExplorationParams exploration_;
  RunFolder folder_;
  Fingerprint fingerprint_;
  Physics physics_ = Physics::v2;
  std::unique_ptr<Environment> environment_;
  std::unique_ptr<OnlineLearner> learner_;  ///< its actions are in units of their bounds
  std::optional<ActionUnit> unit_;
  CollectedRows rows_;  ///< everything so far
  int64_t episodes_ = 0, saved_step_ = 0;
  std::optional<double> best_score_;
  double last_return_ = 0.0;  ///< of the last episode that is over
  double seconds_before_ = 0.0;
  std::optional<ProgressMeter> meter_;
  ProgressMeter::Clock::time_point told_{};
  Observer observer_;
  Json result_;
};

/// policies/step_*.h5 of such a run.
std::filesystem::path online_policy_path(const std::filesystem::path& folder, int64_t step);

}  // namespace vaco
