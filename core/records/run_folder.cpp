// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/run_folder.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <random>

#include "core/base/files.h"
#include "core/base/json_value.h"
#include "core/records/manifest.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

constexpr size_t kCheckpointsKept = 2;
constexpr std::string_view kDraft = ".draft-";
constexpr std::chrono::hours kDraftAge{1};

std::string numbered(const char* prefix, int64_t step) {
  char text[40];
  std::snprintf(text, sizeof text, "%s%09lld.h5", prefix, static_cast<long long>(step));
  return text;
}

int64_t step_of(const fs::path& file) {
  const std::string stem = file.stem().string();
  return std::strtoll(stem.c_str() + std::string_view("step_").size(), nullptr, 10);
}

/// What a process that was killed amid an atomic write has left behind.
void remove_temporaries(const fs::path& folder) {
  std::error_code ignored;
  for (const char* part : {".", "checkpoints", "diagnostics"})
    for (const auto& entry : entries_of(folder / part))
      if (entry.filename().string().find(".tmp-") != std::string::npos) fs::remove(entry, ignored);
}

/// Drafts of processes that were killed. One that is younger may not have its lock yet.
void remove_old_drafts(const fs::path& out) {
  for (const auto& entry : entries_of(out)) {
    if (!entry.filename().string().starts_with(kDraft)) continue;
    std::error_code status;
    const auto time = fs::last_write_time(entry, status);
    if (!status && fs::file_time_type::clock::now() - time > kDraftAge && !is_being_written(entry))
      fs::remove_all(entry, status);
  }
}

Error cannot_create(const fs::path& folder, const std::string& reason) {
  return {ErrorCode::failed, "cannot create the folder " + folder.string() + ": " + reason};
}

/// Gives a folder a name that nothing has yet; false where something has it.
Result<bool> rename_to_free(const fs::path& from, const fs::path& to) {
  if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0) return true;
  if (errno == EEXIST || errno == ENOTEMPTY) return false;
  // Not every file system knows it. An empty folder takes the name, and is replaced.
  if (errno == EINVAL || errno == ENOSYS) {
    if (::mkdir(to.c_str(), 0777) == 0) {
      if (::rename(from.c_str(), to.c_str()) == 0) return true;
      const Error error = cannot_create(to, last_system_error());
      ::rmdir(to.c_str());
      return error;
    }
    if (errno == EEXIST) return false;
  }
  return cannot_create(to, last_system_error());
}

Error name_taken(const fs::path& path) {
  const bool is_run = is_file(path / "manifest.json") && is_file(path / "config.json");
  return {ErrorCode::usage, path.string() + (is_run ? " is a run already; go on with it by vaco resume " +
                                                          path.string() + ", or choose another name"
                                                    : " exists already; choose another name")};
}

}  // namespace

std::string utc_now() {
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  ::gmtime_r(&now, &parts);
  char text[32];
  std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &parts);
  return text;
}

/// Removes the folder unless it has got its name.
struct RunFolder::Draft {
  fs::path folder;  ///< under a name that nobody takes for a run
  fs::path wanted;  ///< the name it is to have
  bool exact_name;  ///< or that with a number behind it
  ~Draft() {
    std::error_code ignored;
    if (!folder.empty()) fs::remove_all(folder, ignored);
  }
};

RunFolder::RunFolder() = default;
RunFolder::RunFolder(RunFolder&&) noexcept = default;
RunFolder::~RunFolder() = default;

Result<RunFolder> RunFolder::draft(const fs::path& out, const std::string& name, bool exact_name,
                                   const RunConfig& config, const Json& manifest) {
  if (name.empty() || fs::path(name).has_parent_path() || name == "." || name == ".." ||
      name.starts_with(kDraft))
    return Error{ErrorCode::usage,
                 "'" + name + "' is no name of a folder: it must not lead elsewhere (use --out)"};
  if (auto made = make_folder(out); !made) return made.error();
  const auto there = look_at(out / name);
  if (there && exact_name) return name_taken(out / name);
  if (!there && there.error().code != ErrorCode::bad_data) return there.error();
  remove_old_drafts(out);
  fs::path draft;
  std::error_code status;
  do {
    draft = out / (std::string(kDraft) + std::to_string(std::random_device()()));
  } while (!fs::create_directory(draft, status) && !status);
  if (status) return cannot_create(out / name, status.message());
  RunFolder folder;
  folder.path_ = draft;
  folder.draft_.reset(new Draft{draft, out / name, exact_name});
  if (auto filled = folder.fill(config, manifest); !filled) return filled.error();
  return folder;
}

Result<void> RunFolder::publish() {
  if (!draft_) return {};
  for (int attempt = 1; attempt < 1000; ++attempt) {
    fs::path name = draft_->wanted;
    if (attempt > 1) name += "_" + std::to_string(attempt);
    const auto renamed = rename_to_free(path_, name);
    if (!renamed) return renamed.error();
    if (*renamed) {
      path_ = std::move(name);
      draft_->folder.clear();
      draft_.reset();
      return {};
    }
    if (draft_->exact_name) return name_taken(name);
  }
  return Error{ErrorCode::failed, "no free name for a run folder " + draft_->wanted.string()};
}

Result<RunFolder> RunFolder::create(const fs::path& out, const std::string& name, bool exact_name,
                                    const RunConfig& config, const Json& manifest) {
  auto folder = draft(out, name, exact_name, config, manifest);
  if (!folder) return folder;
  if (auto published = folder->publish(); !published) return published.error();
  return folder;
}

Result<void> RunFolder::fill(const RunConfig& config, const Json& manifest) {
  auto lock = RunLock::take(path_);
  if (!lock) return lock.error();
  lock_.emplace(std::move(*lock));
  for (const char* part : {"checkpoints", "diagnostics", "figures", "rollouts"})
    if (auto made = make_folder(path_ / part); !made) return made;
  if (auto written = write_json(path_ / "config.json", to_json(config)); !written) return written;
  return update_manifest(manifest);
}

Result<void> check_run_folder(const fs::path& path) {
  if (const auto there = look_at(path); !there) return there.error();
  for (const char* name : {"config.json", "manifest.json"}) {
    const auto type = look_at(path / name);
    if (!type && type.error().code != ErrorCode::bad_data) return type.error();
    if (!type || *type != fs::file_type::regular)
      return Error{ErrorCode::bad_data, path.string() + " is no run folder (" + name + " is missing)"};
  }
  return {};
}

Result<RunFolder> RunFolder::open(const fs::path& path) {
  if (auto checked = check_run_folder(path); !checked) return checked.error();
  RunFolder folder;
  folder.path_ = path;
  if (auto held = folder.hold(); !held) return held.error();
  for (const char* part : {"checkpoints", "diagnostics", "figures", "rollouts"})
    if (auto made = make_folder(path / part); !made) return made.error();
  return folder;
}

void RunFolder::release() {
  records_.reset();
  lock_.reset();
}

Result<void> RunFolder::hold() {
  if (lock_) return {};
  auto lock = RunLock::take(path_);
  if (!lock) return lock.error();
  remove_temporaries(path_);
  auto manifest = read_replaced_json(path_ / "manifest.json");
  if (!manifest) return manifest.error();
  if (!manifest->is_object())
    return Error{ErrorCode::bad_data,
                 (path_ / "manifest.json").string() +
                     " is no JSON object, so it is damaged: put it back from a copy, or go on "
                     "from the newest checkpoint in a new folder (vaco fork)"};
  if (const double version = value_or(*manifest, "manifest_version", 1.0); version > kManifestVersion)
    return Error{ErrorCode::bad_data, (path_ / "manifest.json").string() +
                                          " was written by a newer version of this program, which alone can go "
                                          "on with the run (this is " +
                                          program_version() + ")"};
  manifest_ = std::move(*manifest);
  lock_.emplace(std::move(*lock));
  return {};
}

Result<void> RunFolder::update_manifest(const Json& changes) {
  Json changed = manifest_.is_object() ? manifest_ : Json::object();
  for (const auto& [key, value] : changes.items()) changed[key] = value;
  if (auto written = write_json(path_ / "manifest.json", changed); !written) return written;
  manifest_ = std::move(changed);
  return {};
}

void RunFolder::log(const std::string& text) {
  std::ofstream file(path_ / "log.txt", std::ios::app);
  file << utc_now() << "  " << text << '\n';
}

Result<std::vector<std::string>> RunFolder::open_records(const Checkpoint* checkpoint) {
  records_ = std::make_unique<Records>();
  std::vector<std::string> lost;
  const auto open = [&](AppendFile& file, const char* name, uint64_t bytes) -> Result<void> {
    const fs::path path = path_ / name;
    const uint64_t size = size_once_seen(path, bytes, delay_of_share(path_));
    // A file shorter than the checkpoint remembers was changed by someone: keep what its step numbers allow.
    if (checkpoint && size < bytes) {
      lost.push_back(path.string() + " lacks lines that were there at step " +
                     std::to_string(checkpoint->step) + " (" + std::to_string(size) + " of " +
                     std::to_string(bytes) +
                     " bytes): what it told is lost, and the run goes on behind the gap; training itself does "
                     "not depend on it");
      bytes = bytes_up_to_step(path, checkpoint->step);
    }
    return file.open(path, checkpoint ? bytes : 0);
  };
  if (auto r = open(records_->metrics, "metrics.jsonl", checkpoint ? checkpoint->metrics_bytes : 0); !r)
    return r.error();
  if (auto r = open(records_->evaluations, "eval.jsonl", checkpoint ? checkpoint->evaluations_bytes : 0); !r)
    return r.error();
  if (auto r = open(records_->weights, "weights.jsonl", checkpoint ? checkpoint->weights_bytes : 0); !r)
    return r.error();
  std::error_code ignored;
  for (const auto& entry : entries_of(path_ / "diagnostics"))
    if (entry.filename().string().starts_with("step_") && step_of(entry) > (checkpoint ? checkpoint->step : -1))
      fs::remove(entry, ignored);
  return lost;
}

Result<fs::path> RunFolder::save_checkpoint(Checkpoint checkpoint, bool best) {
  // The lines that the checkpoint counts on must be on the disk before it is.
  for (AppendFile* file : {&records_->metrics, &records_->evaluations, &records_->weights})
    if (auto synced = file->sync(); !synced) return synced.error();
  checkpoint.metrics_bytes = records_->metrics.size();
  checkpoint.evaluations_bytes = records_->evaluations.size();
  checkpoint.weights_bytes = records_->weights.size();
  const fs::path path = checkpoint_path(checkpoint.step);
  if (auto written = write_checkpoint(path, checkpoint); !written) return written.error();
  if (auto named = name_checkpoint(checkpoint.step, best); !named) return named.error();
  const auto all = checkpoint_files(path_);
  std::error_code ignored;
  for (size_t i = kCheckpointsKept; i < all.size(); ++i) fs::remove(all[i], ignored);
  return path;
}

fs::path RunFolder::checkpoint_path(int64_t step) const {
  return path_ / "checkpoints" / numbered("step_", step);
}

Result<void> RunFolder::name_checkpoint(int64_t step, bool best) {
  const fs::path path = checkpoint_path(step);
  if (auto linked = link_or_copy(path, path.parent_path() / "last.h5"); !linked) return linked;
  return best ? link_or_copy(path, path.parent_path() / "best.h5") : Result<void>{};
}

Result<FoundCheckpoint> RunFolder::newest_checkpoint() const {
  FoundCheckpoint found;
  std::optional<Error> first;
  // What cannot be looked at now is not gone: the run must not start again, or from further back.
  std::error_code status;
  static_cast<void>(fs::is_empty(path_ / "checkpoints", status));
  if (status && status != std::errc::no_such_file_or_directory)
    return Error{ErrorCode::failed,
                 "cannot list what is in " + (path_ / "checkpoints").string() + ": " + status.message()};
  for (const auto& file : checkpoint_files(path_)) {
    auto checkpoint = read_checkpoint(file);
    if (checkpoint) {
      found.checkpoint = std::move(*checkpoint);
      return found;
    }
    if (checkpoint.error().code != ErrorCode::bad_data) return checkpoint.error();
    found.notes.push_back(checkpoint.error().message);
    if (!first) first = checkpoint.error();
  }
  if (first) return first->within("no checkpoint of " + path_.string() + " can be used");
  return found;
}

fs::path RunFolder::diagnostics_path(int64_t step) const {
  return diagnostics_file(path_, step);
}

fs::path diagnostics_file(const fs::path& run_folder, int64_t step) {
  return run_folder / "diagnostics" / numbered("step_", step);
}

std::vector<fs::path> checkpoint_files(const fs::path& run_folder) {
  std::vector<fs::path> files;
  for (const auto& entry : entries_of(run_folder / "checkpoints"))
    if (entry.extension() == ".h5" && entry.filename().string().starts_with("step_")) files.push_back(entry);
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return step_of(a) > step_of(b); });
  return files;
}

Result<void> link_or_copy(const fs::path& file, const fs::path& name) {
  std::error_code status;
  if (fs::equivalent(file, name, status)) return {};  // rename() of two names of one file would leave both
  return write_file_atomically(name, [&](const fs::path& temporary) -> Result<void> {
    fs::remove(temporary, status);
    fs::create_hard_link(file, temporary, status);
    if (!status) return {};
    return copy_content(file, temporary);
  });
}

}  // namespace vaco
