// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/policy_file.h"
#include "core/records/online_schema.h"
#include "core/session/phase_fit.h"
#include "core/session/session_impl.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

/// The run folder and the checkpoint meant by a run folder or one of its checkpoint files.
struct ForkPoint {
  fs::path run;
  fs::path file;
  Checkpoint checkpoint;
};

Result<ForkPoint> find_fork_point(const fs::path& given) {
  ForkPoint point;
  std::error_code status;
  if (fs::is_directory(given, status)) {
    const auto files = checkpoint_files(given);
    if (files.empty()) return Error{ErrorCode::bad_data, given.string() + " has no checkpoint to start from"};
    point.run = given;
    point.file = files.front();
  } else {
    point.run = given.parent_path().parent_path();
    point.file = given;
  }
  if (!fs::is_regular_file(point.run / "config.json"))
    return Error{ErrorCode::bad_data, given.string() + " is neither a run folder nor a checkpoint inside one"};
  auto checkpoint = read_checkpoint(point.file);
  if (!checkpoint) return checkpoint.error();
  point.checkpoint = std::move(*checkpoint);
  return point;
}

/// The history up to the checkpoint, so that the new folder tells its whole story.
Result<void> copy_history(const ForkPoint& from, RunFolder& to) {
  std::error_code status;
  const auto copy = [&](const fs::path& name) -> Result<void> {
    if (!fs::exists(from.run / name)) return {};
    fs::copy_file(from.run / name, to.path() / name, fs::copy_options::overwrite_existing, status);
    if (status)
      return Error{ErrorCode::failed, "cannot copy " + (from.run / name).string() + ": " + status.message()};
    return {};
  };
  for (const char* name : {"metrics.jsonl", "eval.jsonl", "weights.jsonl"})
    if (auto copied = copy(name); !copied) return copied;
  std::error_code no_folder;
  for (const auto& entry : fs::directory_iterator(from.run / "diagnostics", no_folder))
    if (entry.path().extension() == ".h5")
      if (auto copied = copy(fs::path("diagnostics") / entry.path().filename()); !copied) return copied;
  // The parent may have found a better policy after the checkpoint; that one is not ours.
  const auto best = read_policy(from.run / "best_policy.h5");
  if (best && best->step <= from.checkpoint.step)
    if (auto copied = copy("best_policy.h5"); !copied) return copied;
  if (auto opened = to.open_records(&from.checkpoint); !opened) return opened;
  if (auto saved = to.save_checkpoint(from.checkpoint, false); !saved) return saved.error();
  return {};
}

}  // namespace

Result<RunConfig> TrainingSession::Impl::read_config(const fs::path& run_folder) {
  const auto json = read_json(run_folder / "config.json");
  if (!json) return json.error();
  auto config = config_from_json(*json);
  if (!config) return config.error().within((run_folder / "config.json").string());
  if (config->algorithm == kOnlineTd3)
    return Error{ErrorCode::usage,
                 run_folder.string() +
                     " learns in the environment, not from data: go on with it by vaco collect "
                     "--resume " +
                     run_folder.string()};
  return config;
}

Result<std::unique_ptr<TrainingSession>> TrainingSession::fork(
    const fs::path& checkpoint_or_run, const std::vector<std::pair<std::string, std::string>>& changes,
    const SessionOptions& options) {
  const auto point = find_fork_point(fs::absolute(checkpoint_or_run).lexically_normal());
  if (!point) return point.error();
  auto config = Impl::read_config(point->run);
  if (!config) return config.error();
  for (const auto& [key, value] : changes)
    if (auto set = set_param(*config, key, value, Origin::command_line); !set) return set.error();
  if (auto settled = Impl::settle(*config, options); !settled) return settled.error();
  const auto phases = phases_of(options.parts ? *options.parts : SessionParts(), *config);
  if (!phases) return phases.error();
  if (auto fits = check_phases(point->checkpoint, *phases); !fits) return fits.error();
  Json manifest = first_manifest(*config, options.command_line, options.out);
  manifest["parent"] = {{"run", point->run.string()},
                        {"checkpoint", point->file.filename().string()},
                        {"step", point->checkpoint.step}};
  const auto parent_manifest = read_json(point->run / "manifest.json");
  if (parent_manifest && parent_manifest->contains("dataset"))
    manifest["dataset"] = (*parent_manifest)["dataset"];
  const bool exact = !options.folder_name.empty();
  auto folder =
      RunFolder::create(fs::absolute(options.out).lexically_normal(),
                        exact ? options.folder_name : default_folder_name(*config), exact, *config, manifest);
  if (!folder) return folder.error();
  if (auto copied = copy_history(*point, *folder); !copied) return copied.error();
  return std::unique_ptr<TrainingSession>(
      new TrainingSession(std::make_unique<Impl>(std::move(*config), options, std::move(*folder))));
}

}  // namespace vaco
