// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/policy_snapshot.h"
#include "core/base/result.h"
#include "core/records/append_file.h"
#include "core/records/checkpoint.h"
#include "core/records/run_config.h"
#include "core/records/run_lock.h"

namespace vaco {

/// The checkpoint that a run goes on from; nothing when there is none.
struct FoundCheckpoint {
  std::optional<Checkpoint> checkpoint;
  std::vector<std::string> notes;  ///< about damaged ones that were newer
};

/// The folder of one run, held for writing. Layout: config.json, manifest.json, metrics.jsonl, eval.jsonl,
/// weights.jsonl, diagnostics/, checkpoints/, policy.h5, best_policy.h5, figures/, rollouts/, log.txt,
/// run.lock. One thread at a time.
class RunFolder {
 public:
  /// Makes a folder inside out, under a name that nobody takes for a run, and writes config.json and a first
  /// manifest.json. It gets its name by publish(); one that never does is removed with this object.
  static Result<RunFolder> draft(const std::filesystem::path& out, const std::string& name, bool exact_name,
                                 const RunConfig& config, const Json& manifest);
  /// Calls the draft out/name (with a number behind it if that exists and no name was asked for).
  Result<void> publish();
  /// Both at once, for a run that is whole with its two files.
  static Result<RunFolder> create(const std::filesystem::path& out, const std::string& name, bool exact_name,
                                  const RunConfig& config, const Json& manifest);
  /// Takes an existing run folder over. Error when another session writes it or it is no run folder.
  static Result<RunFolder> open(const std::filesystem::path& folder);

  RunFolder(RunFolder&&) noexcept;
  ~RunFolder();
  /// Gives the folder free for others, and takes it again (an error when someone else has it by then).
  void release();
  Result<void> hold();
  [[nodiscard]] bool is_held() const { return lock_.has_value(); }
  /// Whether the hold keeps other processes out; see RunLock::guards().
  [[nodiscard]] bool is_guarded() const { return !lock_ || lock_->guards(); }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  [[nodiscard]] const Json& manifest() const { return manifest_; }
  /// Changes entries of the manifest and writes it.
  Result<void> update_manifest(const Json& changes);
  /// A time-stamped line of log.txt. Never fails: the log is no reason to stop a run.
  void log(const std::string& text);

  /// Opens the append-only files, cut to what belongs to the checkpoint (null: to nothing). Gives a message for
  /// each that lacks lines the checkpoint counts on.
  Result<std::vector<std::string>> open_records(const Checkpoint* checkpoint);
  Result<void> append_metrics(const Json& line) { return records_->metrics.append(to_line(line)); }
  Result<void> append_evaluation(const Json& line) { return records_->evaluations.append(to_line(line)); }
  Result<void> append_weights(const Json& line) { return records_->weights.append(to_line(line)); }

  /// Saves checkpoints/step_*.h5 (the sizes of the append-only files are filled in here), makes last.h5 (and
  /// best.h5) the same file, and removes all but the newest two and the best.
  Result<std::filesystem::path> save_checkpoint(Checkpoint checkpoint, bool best);
  /// Makes last.h5 (and best.h5) the checkpoint of this step: what a run that was killed may not have come to.
  Result<void> name_checkpoint(int64_t step, bool best);
  /// The newest sound checkpoint; an error when there are some, but all are damaged.
  [[nodiscard]] Result<FoundCheckpoint> newest_checkpoint() const;
  [[nodiscard]] std::filesystem::path diagnostics_path(int64_t step) const;

 private:
  struct Records {
    AppendFile metrics, evaluations, weights;
  };
  struct Draft;
  RunFolder();
  [[nodiscard]] std::filesystem::path checkpoint_path(int64_t step) const;
  Result<void> fill(const RunConfig& config, const Json& manifest);

  std::filesystem::path path_;
  std::unique_ptr<Draft> draft_;  // null: the folder has its name
  std::optional<RunLock> lock_;
  Json manifest_;
  std::unique_ptr<Records> records_;
};

/// Whether it is a run folder, or why not: nothing there, no right to look, or not one.
Result<void> check_run_folder(const std::filesystem::path& folder);
/// checkpoints/step_*.h5 of a run folder, newest first.
std::vector<std::filesystem::path> checkpoint_files(const std::filesystem::path& run_folder);
/// diagnostics/step_*.h5 of a run folder.
std::filesystem::path diagnostics_file(const std::filesystem::path& run_folder, int64_t step);
/// Makes `name` another name of the file (a hard link, or a copy where the file system has none), atomically.
Result<void> link_or_copy(const std::filesystem::path& file, const std::filesystem::path& name);
/// "2025-03-01T14:05:09Z"
std::string utc_now();

}  // namespace vaco
