// SPDX-License-Identifier: GPL-3.0-or-later
#include <optional>
#include <utility>
#include <vector>

#include "core/base/files.h"
#include "core/collect/online_training.h"
#include "core/data/policy_file.h"
#include "core/device/compute_info.h"
#include "core/records/opened_checkpoint.h"
#include "core/session/phase_fit.h"
#include "core/session/session_impl.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {

/// What networks look like is as the checkpoint has them.
Result<void> check_networks(const RunConfig& before, const RunConfig& now) {
  for (const char* key : {"hidden_width", "critics", "policy_type", "critic_layer_norm"}) {
    const auto was = before.params.find(key), is = now.params.find(key);
    if (was != before.params.end() && is != now.params.end() && was->second.value != is->second.value)
      return Error{ErrorCode::usage,
                   std::string(key) +
                       " is a matter of the checkpoint's networks, and cannot be changed in a "
                       "fork; train a new run with it"};
  }
  return {};
}

/// The history up to the checkpoint, so that the new folder tells its whole story.
Result<void> copy_history(const OpenedCheckpoint& from, RunFolder& to) {
  const auto copy = [&](const fs::path& name) -> Result<void> {
    const auto there = look_at(from.run / name);
    if (!there && there.error().code == ErrorCode::bad_data) return {};
    return copy_content(from.run / name, to.path() / name);
  };
  for (const char* name : {"metrics.jsonl", "eval.jsonl", "weights.jsonl"})
    if (auto copied = copy(name); !copied) return copied;
  for (const auto& entry : entries_of(from.run / "diagnostics"))
    if (entry.extension() == ".h5")
      if (auto copied = copy(fs::path("diagnostics") / entry.filename()); !copied) return copied;
  // The parent may have found a better policy after the checkpoint; that one is not ours.
  const auto best = read_policy(from.run / "best_policy.h5");
  if (best && best->step <= from.checkpoint.step)
    if (auto copied = copy("best_policy.h5"); !copied) return copied;
  const auto lost = to.open_records(&from.checkpoint);
  if (!lost) return lost.error();
  for (const auto& what : *lost) to.log(what);
  if (auto saved = to.save_checkpoint(from.checkpoint, false); !saved) return saved.error();
  return {};
}

}  // namespace

Result<RunConfig> TrainingSession::Impl::read_config(const fs::path& run_folder) {
  const auto json = read_json(run_folder / "config.json");
  if (!json) return json.error();
  auto config = config_from_json(*json);
  if (!config) return config.error().within((run_folder / "config.json").string());
  return config;
}

Result<std::unique_ptr<TrainingSession>> TrainingSession::fork(
    const fs::path& checkpoint_or_run, const std::vector<std::pair<std::string, std::string>>& changes,
    const SessionOptions& options) {
  const auto from = absolute_path(checkpoint_or_run);
  if (!from) return from.error();
  auto point = open_checkpoint(*from);
  if (!point) return point.error();
  const auto out = absolute_path(options.out);
  if (!out) return out.error();
  auto config = Impl::read_config(point->run);
  if (!config) return config.error();
  if (learns_online(*config))
    return Error{ErrorCode::usage, point->run.string() +
                                       " learns in its environment, and what it leaves are datasets of one "
                                       "training: it can be resumed, not forked. Start another one by vaco "
                                       "collect --train td3"};
  const RunConfig parent = *config;
  for (const auto& [key, value] : changes)
    if (auto set = set_param(*config, key, value, Origin::command_line); !set) return set.error();
  if (auto same = check_networks(parent, *config); !same) return same.error();
  const auto head = Impl::settle(*config, options);
  if (!head) return head.error();
  const auto phases = phases_of(options.parts ? *options.parts : SessionParts(), *config);
  if (!phases) return phases.error();
  if (auto fits = check_phases(point->checkpoint, *phases); !fits) return fits.error();
  if (auto more = check_steps_are_left(point->checkpoint, *phases); !more) return more.error();
  Json manifest = first_manifest(*config, options.command_line, options.out);
  manifest["parent"] = {{"run", point->run.string()},
                        {"checkpoint", point->file.filename().string()},
                        {"step", point->checkpoint.step}};
  const auto parent_manifest = read_json(point->run / "manifest.json");
  const auto begun = begun_as(point->checkpoint, parent_manifest ? *parent_manifest : Json());
  if (parent_manifest && parent_manifest->contains("dataset"))
    manifest["dataset"] = (*parent_manifest)["dataset"];
  if (const auto is = begun.find("environment"); is != begun.end()) manifest["environment"] = is->second;
  // A fork is another run by what it sets; which program and machine its history comes from is told.
  const auto program = program_fingerprint(*config, compute_info());
  if (const auto changed = differences(begun, program); !changed.empty())
    manifest["changes"] = Json::array({to_json(changed, point->checkpoint.step)});
  if (auto& print = point->checkpoint.fingerprint; !print.empty())
    for (const auto& [what, text] : settings_fingerprint(*config)) print[what] = text;
  for (auto& [what, text] : point->checkpoint.fingerprint)
    if (const auto now = program.find(what); now != program.end()) text = now->second;
  const bool exact = !options.folder_name.empty();
  auto folder =
      RunFolder::draft(*out, exact ? options.folder_name : default_folder_name(*config, head->environment),
                       exact, *config, manifest);
  if (!folder) return folder.error();
  if (auto copied = copy_history(*point, *folder); !copied) return copied.error();
  if (auto published = folder->publish(); !published) return published.error();
  auto found = folder->newest_checkpoint();
  if (!found) return found.error();
  found->notes.insert(found->notes.begin(), point->notes.begin(), point->notes.end());
  auto impl = std::make_unique<Impl>(std::move(*config), options, std::move(*folder));
  impl->found = std::move(*found);
  return std::unique_ptr<TrainingSession>(new TrainingSession(std::move(impl)));
}

}  // namespace vaco
