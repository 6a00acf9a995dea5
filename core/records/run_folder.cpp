// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/run_folder.h"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <fstream>

#include "core/base/files.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

constexpr size_t kCheckpointsKept = 2;

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
    for (const auto& entry : fs::directory_iterator(folder / part, ignored))
      if (entry.path().filename().string().find(".tmp-") != std::string::npos)
        fs::remove(entry.path(), ignored);
}

/// A name that is free, made by creating the folder: no two processes can get the same.
Result<fs::path> claim_folder(const fs::path& out, const std::string& name, bool exact_name) {
  if (fs::path(name).has_parent_path() || name == "." || name == "..")
    return Error{ErrorCode::usage,
                 "'" + name + "' is no name of a folder: it must not lead elsewhere (use --out)"};
  if (auto made = make_folder(out); !made) return made.error();
  for (int attempt = 1; attempt < 1000; ++attempt) {
    const fs::path path = out / (attempt == 1 ? name : name + "_" + std::to_string(attempt));
    std::error_code status;
    if (fs::create_directory(path, status)) return path;
    if (status)
      return Error{ErrorCode::failed, "cannot create the folder " + path.string() + ": " + status.message()};
    if (exact_name)
      return Error{ErrorCode::usage,
                   "the folder " + path.string() + " exists already; choose another name or resume it"};
  }
  return Error{ErrorCode::failed, "no free name for a run folder " + name + " in " + out.string()};
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

Result<RunFolder> RunFolder::create(const fs::path& out, const std::string& name, bool exact_name,
                                    const RunConfig& config, const Json& manifest) {
  const auto path = claim_folder(out, name, exact_name);
  if (!path) return path.error();
  RunFolder folder;
  folder.path_ = *path;
  if (auto filled = folder.fill(config, manifest); !filled) {
    std::error_code ignored;
    fs::remove_all(*path, ignored);  // nobody else has had it, and it would only stand in the way
    return filled.error();
  }
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

Result<RunFolder> RunFolder::open(const fs::path& path) {
  std::error_code status;
  if (!fs::is_regular_file(path / "config.json", status) ||
      !fs::is_regular_file(path / "manifest.json", status))
    return Error{ErrorCode::bad_data,
                 path.string() + (fs::exists(path, status)
                                      ? " is no run folder (config.json or manifest.json is missing)"
                                      : " does not exist")};
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
  auto manifest = read_json(path_ / "manifest.json");
  if (!manifest) return manifest.error();
  if (!manifest->is_object())
    return Error{ErrorCode::bad_data,
                 (path_ / "manifest.json").string() +
                     " is no JSON object, so it is damaged: put it back from a copy, or go on "
                     "from the newest checkpoint in a new folder (vaco fork)"};
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

Result<void> RunFolder::open_records(const Checkpoint* checkpoint) {
  records_ = std::make_unique<Records>();
  const auto open = [&](AppendFile& file, const char* name, uint64_t bytes) -> Result<void> {
    const fs::path path = path_ / name;
    std::error_code status;
    const auto size = fs::file_size(path, status);
    // A file shorter than the checkpoint remembers was changed by someone: keep what its step numbers allow.
    if (checkpoint && !status && size < bytes) bytes = bytes_up_to_step(path, checkpoint->step);
    return file.open(path, checkpoint ? bytes : 0);
  };
  if (auto r = open(records_->metrics, "metrics.jsonl", checkpoint ? checkpoint->metrics_bytes : 0); !r)
    return r;
  if (auto r = open(records_->evaluations, "eval.jsonl", checkpoint ? checkpoint->evaluations_bytes : 0); !r)
    return r;
  if (auto r = open(records_->weights, "weights.jsonl", checkpoint ? checkpoint->weights_bytes : 0); !r)
    return r;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(path_ / "diagnostics", ignored))
    if (entry.path().filename().string().starts_with("step_") &&
        step_of(entry.path()) > (checkpoint ? checkpoint->step : -1))
      fs::remove(entry.path(), ignored);
  return {};
}

Result<fs::path> RunFolder::save_checkpoint(Checkpoint checkpoint, bool best) {
  // The lines that the checkpoint counts on must be on the disk before it is.
  for (AppendFile* file : {&records_->metrics, &records_->evaluations, &records_->weights})
    if (auto synced = file->sync(); !synced) return synced.error();
  checkpoint.metrics_bytes = records_->metrics.size();
  checkpoint.evaluations_bytes = records_->evaluations.size();
  checkpoint.weights_bytes = records_->weights.size();
  const fs::path folder = path_ / "checkpoints";
  const fs::path path = folder / numbered("step_", checkpoint.step);
  if (auto written = write_checkpoint(path, checkpoint); !written) return written.error();
  if (auto linked = link_or_copy(path, folder / "last.h5"); !linked) return linked.error();
  if (best)
    if (auto linked = link_or_copy(path, folder / "best.h5"); !linked) return linked.error();
  const auto all = checkpoint_files(path_);
  std::error_code ignored;
  for (size_t i = kCheckpointsKept; i < all.size(); ++i) fs::remove(all[i], ignored);
  return path;
}

Result<FoundCheckpoint> RunFolder::newest_checkpoint() const {
  FoundCheckpoint found;
  std::optional<Error> first;
  for (const auto& file : checkpoint_files(path_)) {
    auto checkpoint = read_checkpoint(file);
    if (checkpoint) {
      found.checkpoint = std::move(*checkpoint);
      return found;
    }
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
  std::error_code status;
  for (const auto& entry : fs::directory_iterator(run_folder / "checkpoints", status))
    if (entry.path().extension() == ".h5" && entry.path().filename().string().starts_with("step_"))
      files.push_back(entry.path());
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
    fs::copy_file(file, temporary, fs::copy_options::overwrite_existing, status);
    if (status) return Error{ErrorCode::failed, "cannot copy " + file.string() + ": " + status.message()};
    return {};
  });
}

}  // namespace vaco
