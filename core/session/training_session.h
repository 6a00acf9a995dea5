// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/policy_snapshot.h"
#include "core/base/result.h"
#include "core/records/events.h"
#include "core/records/run_config.h"

namespace vaco {

struct SessionParts;  // session_parts.h

struct SessionOptions {
  std::filesystem::path out = "runs";     ///< the run folder is made inside
  std::string folder_name;                ///< empty = <env>__<dataset>__<algorithm>__s<seed>__<time>
  bool accept_changes = false;            ///< resume under other settings, data or programs, and record it
  int threads = 0;                        ///< resume with so many; 0 = as the run's configuration says
  int nice = 0;                           ///< niceness of the training threads (the window uses 5)
  std::vector<std::string> command_line;  ///< for the manifest
  std::shared_ptr<const SessionParts>
      parts;  ///< what does the work; null = learning, simulation and readers proper
};

/// One training run, from a dataset or by acting in an environment, and the core thread that does it. Commands
/// return at once and may be given from any thread; they take effect between two updates. What happens is told
/// by events; the disk is written first, then the event is published. Nobody outside ever waits for training,
/// and training never waits for a reader: Progress and Metrics overwrite or coalesce when the reader is slow,
/// no other event is lost.
class TrainingSession {
 public:
  /// A new run: checks the config, the dataset's format and dimensions and the device, and makes the run
  /// folder. config() then says which physics; reading the rows of the dataset starts with start().
  static Result<std::unique_ptr<TrainingSession>> create(const RunConfig& config,
                                                         const SessionOptions& options);
  /// Goes on with a run folder from its last checkpoint, bit for bit. Metrics past the checkpoint are cut.
  static Result<std::unique_ptr<TrainingSession>> resume(const std::filesystem::path& run_folder,
                                                         const SessionOptions& options);
  /// A new run folder that starts from a checkpoint of another, with changed parameters; the parent is
  /// recorded.
  static Result<std::unique_ptr<TrainingSession>> fork(
      const std::filesystem::path& checkpoint_or_run,
      const std::vector<std::pair<std::string, std::string>>& changes, const SessionOptions& options);
  ~TrainingSession();  // stops (saving a checkpoint) and joins

  void start();  ///< also after stop(): goes on from the checkpoint
  void pause();
  void resume_running();
  void stop();  ///< saves a checkpoint, then ends; the run can be resumed
  void save_checkpoint();
  void evaluate_now();

  [[nodiscard]] RunState state() const;
  [[nodiscard]] bool can_start() const;
  [[nodiscard]] bool can_pause() const;
  [[nodiscard]] bool can_resume() const;
  [[nodiscard]] bool can_stop() const;

  /// Everything published since the last call, in order. One reader.
  std::vector<Event> take_events();
  /// Waits until an event may be there or the time is over (for the command line; the window polls by timer).
  void wait_for_events(double seconds);
  /// The newest policy, or null before there is one.
  [[nodiscard]] std::shared_ptr<const PolicySnapshot> latest_policy() const;
  [[nodiscard]] const RunConfig& config() const;
  [[nodiscard]] std::filesystem::path folder() const;
  /// Joins the core thread; the final state is finished, failed, or idle (stopped: resumable).
  void wait();
  /// The manifest's result object once finished (or stopped), else nothing.
  [[nodiscard]] std::optional<Json> result() const;

 private:
  struct Impl;
  explicit TrainingSession(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace vaco
