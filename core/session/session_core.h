// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "core/collect/online_algorithm.h"
#include "core/data/policy_file.h"
#include "core/records/event_queue.h"
#include "core/records/mailbox.h"
#include "core/records/manifest.h"
#include "core/records/progress_meter.h"
#include "core/records/run_folder.h"
#include "core/session/prepare_data.h"
#include "core/session/session_parts.h"

namespace vaco {

/// What the core thread and the session's owner both touch; every part guards itself.
class SessionShared {
 public:
  EventQueue events;
  Mailbox mailbox;

  [[nodiscard]] RunState state() const { return state_.load(); }
  /// Sets the state, then tells it.
  void set_state(RunState state, const std::string& message = {});
  [[nodiscard]] std::shared_ptr<const PolicySnapshot> policy() const;
  void set_policy(std::shared_ptr<const PolicySnapshot> policy);
  [[nodiscard]] std::optional<Json> result() const;
  void set_result(std::optional<Json> result);

 private:
  std::atomic<RunState> state_ = RunState::idle;
  mutable std::mutex mutex_;
  std::shared_ptr<const PolicySnapshot> policy_;
  std::optional<Json> result_;
};

/// One training run, from data or by acting, from its beginning to the result; lives in the core thread and
/// nowhere else. At every step the order is: update, metrics, weight diagnostics, evaluation, checkpoint. So a
/// checkpoint always has everything of its step in front of it on the disk.
class SessionCore {
 public:
  /// found: the folder's newest checkpoint, where that was read already.
  /// accept_changes: goes on under what has changed since the checkpoint, and records it.
  SessionCore(RunConfig config, int nice, bool accept_changes, std::shared_ptr<const SessionParts> parts,
              RunFolder& folder, SessionShared& shared, std::optional<FoundCheckpoint> found);
  /// Returns when finished, stopped or failed; the state says which.
  void run();

 private:
  using Clock = std::chrono::steady_clock;

  Result<void> work();
  Result<void> prepare();  // session_prepare.cpp
  /// What is learned from: each sets data_ and begins fingerprint_, and gives what the manifest says of it.
  Result<Json> take_dataset(const FoundCheckpoint& found);
  Result<Json> take_environment();
  Result<Dataset> read_data();
  Result<void> check_dataset(const DatasetSource& source);
  /// The manifest's list of changes, with those that this start brings.
  Result<Json> check_fingerprint(const FoundCheckpoint& found);
  Result<void> make_algorithm(const ComputeOptions& options);
  Result<void> make_algorithm_and_restore(const FoundCheckpoint& found);
  [[nodiscard]] int64_t step_reached_before() const;  ///< by what the folder tells, 0 for a new run
  void recall_records();
  Result<void> train();
  Result<void> obey();
  Result<void> stop_here();
  void conclude(const Result<void>& outcome);

  Result<void> after_step();  // session_steps.cpp
  Result<void> log_metrics();
  Result<void> look_at_weights();
  Result<void> evaluate();
  Result<void> save(bool best);
  Result<void> write_policies();
  Result<void> make_sets();
  void publish_policy();
  [[nodiscard]] std::shared_ptr<PolicySnapshot> snapshot() const;
  [[nodiscard]] PolicyOrigin origin() const;
  void alarm(const std::string& key, const std::string& message);
  [[nodiscard]] bool evaluates() const;
  [[nodiscard]] bool is_phase_end(int64_t step) const;
  [[nodiscard]] const std::string& phase_done() const;  ///< the phase the last update belonged to
  [[nodiscard]] double wall_seconds() const;
  void stop_clocks();
  void start_clocks();

  /// Read once: looking a parameter up by its name is too slow for every step.
  struct Intervals {
    int64_t log = 0, diagnostics = 0, evaluation = 0, checkpoint = 0;
  };

  RunConfig config_;
  ParamSet params_;
  Intervals every_;
  int64_t evaluation_episodes_, final_episodes_;  ///< final: of the last one, 0 for as many
  int nice_;
  bool accept_changes_;
  std::shared_ptr<const SessionParts> parts_;
  RunFolder& folder_;
  SessionShared& shared_;
  std::optional<FoundCheckpoint> found_;

  PreparedData data_;
  std::string dataset_hash_;
  Fingerprint fingerprint_;
  std::unique_ptr<Algorithm> algorithm_;
  const OnlineAlgorithm* online_ = nullptr;  ///< the same, if it learns by acting
  std::optional<ProgressMeter> meter_;
  RunSummary summary_;
  Json sets_;  ///< what make_sets() made
  int64_t step_ = 0;
  int64_t saved_step_ = -1;      ///< of the newest checkpoint on the disk
  int64_t logged_step_ = 0;      ///< of the last line of metrics
  bool evaluation_due_ = false;  ///< of step_, not done yet
  bool new_best_ = false;
  bool weights_collapsed_ = false;
  double wall_base_ = 0.0;
  double logged_seconds_ = 0.0;  ///< the meter's at the last line of metrics
  bool clock_runs_ = false;
  Clock::time_point clock_since_{}, last_progress_{}, last_policy_{};
};

}  // namespace vaco
