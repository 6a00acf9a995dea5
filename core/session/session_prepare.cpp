// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <utility>

#include "core/base/threads.h"
#include "core/collect/online_training.h"
#include "core/data/policy_file.h"
#include "core/device/compute_info.h"
#include "core/session/phase_fit.h"
#include "core/session/session_core.h"
#include "core/sim/environment.h"

namespace vaco {

Result<Dataset> SessionCore::read_data() {
  const auto options = reading_of(config_);
  if (!options) return options.error();
  const auto tell = [&](double fraction, std::string_view) {
    Progress progress;
    progress.phase = "dataset";
    progress.phase_label = "Reading dataset";
    progress.phase_step = static_cast<int64_t>(fraction * 1000.0);
    progress.phase_steps = 1000;
    shared_.events.publish(progress);
  };
  return parts_->read(config_.dataset, *options, tell, shared_.mailbox.stop_token());
}

Result<void> SessionCore::check_dataset(const DatasetSource& source) {
  const auto known = fingerprint_of_manifest(folder_.manifest());
  const auto hash = known.find("dataset");
  if (accept_changes_ || hash == known.end() || hash->second == source.hash) return {};
  return Error{ErrorCode::bad_data,
               "the dataset " + config_.dataset.string() +
                   " is not the one this run was started with (its content has changed); bring the old file "
                   "back, or start a new run. vaco resume --accept-changes goes on with the new content"};
}

Result<Json> SessionCore::check_fingerprint(const FoundCheckpoint& found) {
  Json changes = folder_.manifest().contains("changes") ? folder_.manifest()["changes"] : Json::array();
  if (!found.checkpoint) return changes;
  const auto changed = differences(begun_as(*found.checkpoint, folder_.manifest()), fingerprint_);
  if (changed.empty()) return changes;
  if (!accept_changes_) return refusal(changed, folder_.path().string());
  alarm("changes", "the run goes on as it was not begun: " + to_text(changed));
  changes.push_back(to_json(changed, found.checkpoint->step));
  return changes;
}

Result<Json> SessionCore::take_dataset(const FoundCheckpoint& found) {
  auto preparation = Preparation::units;
  if (found.checkpoint) preparation = take_settled(config_, begun_as(*found.checkpoint, folder_.manifest()));
  auto dataset = read_data();
  if (!dataset) return dataset.error();
  const DatasetSource source = dataset->source;
  dataset_hash_ = source.hash;
  if (auto r = check_dataset(source); !r) return r.error();
  std::string warnings;
  for (const auto& finding : dataset->findings)
    if (finding.severity == Severity::warning)
      warnings += (warnings.empty() ? "dataset: " : "; ") + to_text(finding);
  if (!warnings.empty()) alarm("dataset", warnings);
  auto prepared = prepare_data(std::move(*dataset), config_, preparation);
  if (!prepared) return prepared.error();
  data_ = std::move(*prepared);
  for (const auto& note : data_.notes) alarm("data", note);
  fingerprint_ = data_fingerprint(data_, source.hash);
  return Json{{"dataset",
               {{"path", config_.dataset.string()},
                {"bytes", source.bytes},
                {"hash", source.hash},
                {"format", source.format},
                {"exclude", config_.exclude}}},
              {"reward_scaling", data_.reward_scaling},
              {"reward_range", {data_.reward_low, data_.reward_high}}};
}

Result<Json> SessionCore::take_environment() {
  const auto physics = parse_physics(config_.physics);
  if (!physics) return physics.error();
  const auto info = environment_info(config_.environment, *physics);
  if (!info) return info.error();
  data_.environment = config_.environment;
  data_.physics = config_.physics;
  data_.can_evaluate = true;
  data_.action_low = info->action_low;
  data_.action_high = info->action_high;
  fingerprint_ = {{"environment", config_.environment}};
  return Json::object();
}

Result<void> SessionCore::prepare() {
  if (!folder_.is_guarded()) alarm("no_lock", no_lock_warning(folder_.path()));
  auto found = found_ ? Result<FoundCheckpoint>(*std::exchange(found_, {})) : folder_.newest_checkpoint();
  if (!found) return found.error();
  for (const auto& note : found->notes) alarm("damaged_checkpoint", note);
  auto told = learns_online(config_) ? take_environment() : take_dataset(*found);
  if (!told) return told.error();
  shared_.set_state(RunState::preparing, "setting up " + config_.algorithm);
  summary_.physics = data_.physics;
  const ComputeInfo compute = compute_info();
  fingerprint_.merge(settings_fingerprint(config_));
  fingerprint_.merge(program_fingerprint(config_, compute));
  const auto changes = check_fingerprint(*found);
  if (!changes) return changes.error();
  if (auto r = make_algorithm_and_restore(*found); !r) return r;
  if (!compute.blas_warning.empty()) alarm("slow_blas", compute.blas_warning);
  if (!changes->empty()) (*told)["changes"] = *changes;
  told->update({{"libraries", library_versions(compute)},
                {"device", compute.device},
                {"environment", data_.environment},
                {"physics", data_.physics},
                {"step", step_},
                {"total_steps", meter_->total()}});
  return folder_.update_manifest(*told);
}

Result<void> SessionCore::make_algorithm(const ComputeOptions& options) {
  if (!learns_online(config_)) {
    auto made = parts_->make(config_.algorithm, params_, data_.training, config_.seed, options);
    if (!made) return made.error();
    algorithm_ = std::move(*made);
    return {};
  }
  auto made = OnlineAlgorithm::make(config_, options, accept_changes_);
  if (!made) return made.error();
  online_ = made->get();
  algorithm_ = std::move(*made);
  return {};
}

Result<void> SessionCore::make_algorithm_and_restore(const FoundCheckpoint& found) {
  ComputeOptions options;
  options.device = config_.device;
  options.precision = config_.precision;
  const int asked = threads_or_all(config_.threads);
  options.threads = startable_threads(asked);
  if (options.threads < asked) alarm("threads", fewer_threads_text(asked, options.threads));
  if (auto made = make_algorithm(options); !made) return made;
  const auto phases = algorithm_->phases();
  if (phases.empty())
    return Error{ErrorCode::usage,
                 "there is nothing to train: all phases of " + config_.algorithm + " have 0 steps"};

  if (found.checkpoint) {
    const Checkpoint& from = *found.checkpoint;
    if (from.algorithm != config_.algorithm)
      return Error{ErrorCode::usage,
                   "the checkpoint is one of " + from.algorithm + ", not of " + config_.algorithm};
    if (auto r = check_phases(from, phases); !r) return r;
    step_ = from.step;
    meter_.emplace(phases, step_);
    if (auto r = algorithm_->load(from.state); !r)
      return r.error().within("the checkpoint of step " + std::to_string(step_) + " does not fit");
    if (algorithm_->step() != step_)
      return Error{ErrorCode::bad_data, "the checkpoint contradicts itself about its step"};
    saved_step_ = logged_step_ = step_;
    evaluation_due_ = from.evaluation_due;
    wall_base_ = from.training_seconds;
  } else {
    meter_.emplace(phases, 0);
    if (const int64_t reached = step_reached_before(); reached > 0)
      alarm("no_checkpoint", "no checkpoint is left in " + (folder_.path() / "checkpoints").string() +
                                 " although the run had come to step " + std::to_string(reached) +
                                 ": it starts again from step 0, and its records are written anew");
  }
  if (online_)
    if (auto kept = keep_policies_up_to(folder_.path(), step_); !kept) return kept;
  const auto lost = folder_.open_records(found.checkpoint ? &*found.checkpoint : nullptr);
  if (!lost) return lost.error();
  for (const auto& what : *lost) alarm("lost_records", what);
  recall_records();
  publish_policy();
  if (saved_step_ < 0) return {};
  return folder_.name_checkpoint(saved_step_,
                                 !online_ && summary_.best && summary_.best->result.step == saved_step_);
}

int64_t SessionCore::step_reached_before() const {
  const auto& manifest = folder_.manifest();
  int64_t reached = 0;
  if (manifest.contains("step") && manifest["step"].is_number_integer())
    reached = manifest["step"].get<int64_t>();
  read_json_lines(folder_.path() / "metrics.jsonl", 0, [&](const Json& line) {
    const auto metrics = metrics_from_json(line);
    if (metrics) reached = std::max(reached, metrics->step);
    return metrics.ok();
  });
  return reached;
}

void SessionCore::recall_records() {
  // A fork has no best policy of its parent when that was found after the checkpoint: then none counts as best.
  const auto best_policy = read_policy(folder_.path() / "best_policy.h5");
  const int64_t best_step = best_policy ? best_policy->step : -1;
  read_json_lines(folder_.path() / "eval.jsonl", 0, [&](const Json& line) {
    auto evaluation = evaluation_from_json(line);
    if (!evaluation) return false;
    summary_.last = *evaluation;
    if (evaluation->result.step > best_step) return true;
    if (!summary_.best || score_of(evaluation->result) > score_of(summary_.best->result))
      summary_.best = *evaluation;
    return true;
  });
  read_json_lines(folder_.path() / "weights.jsonl", 0, [&](const Json& line) {
    const auto report = weight_report_from_json(line);
    if (report) summary_.weights = *report;
    return report.ok();
  });
}

}  // namespace vaco
