// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/collect/online_training.h"
#include "core/device/compute_info.h"

#include <algorithm>
#include <cstdio>
#include <exception>
#include <utility>

#include "core/base/files.h"
#include "core/base/guard.h"
#include "core/base/json_value.h"
#include "core/base/threads.h"
#include "core/collect/online_rows.h"
#include "core/collect/online_sets.h"
#include "core/data/policy_file.h"
#include "core/records/episode_ends.h"
#include "core/records/manifest.h"

namespace vaco {
namespace fs = std::filesystem;
namespace {  /// Before anything is trained, as there must be a policy to make data with in the end.
Result<void> check_learns(const RunConfig& config) {
  const auto params = config.param_set();
  const int64_t steps = params.integer("online_steps"), random = params.integer("random_steps");
  if (steps > random) return {};
  return Error{ErrorCode::usage, std::to_string(steps) + " steps are too few: the first " +
                                     std::to_string(random) +
                                     " act at random, so nothing would be learned. Ask for more (--steps), or "
                                     "set random_steps lower"};
}

}  // namespace

fs::path online_policy_path(const fs::path& folder, int64_t step) {
  char name[40];
  std::snprintf(name, sizeof name, "step_%09lld.h5", static_cast<long long>(step));
  return folder / "policies" / name;
}

OnlineTraining::OnlineTraining(RunConfig config, RunFolder folder)
    : config_(std::move(config)),
      params_(config_.param_set()),
      exploration_(read_params<ExplorationParams>(params_)),
      folder_(std::move(folder)) {}

Result<std::unique_ptr<OnlineTraining>> OnlineTraining::create(const RunConfig& config, const fs::path& folder,
                                                               const std::vector<std::string>& command_line) {
  if (auto learns = check_learns(config); !learns) return learns.error();
  const auto physics = parse_physics(config.physics);
  if (!physics) return physics.error();
  if (const auto env = make_environment(config.environment, *physics); !env) return env.error();
  const auto path = absolute_path(folder);
  if (!path) return path.error();
  const fs::path named = path->has_filename() ? *path : path->parent_path();
  auto manifest = first_manifest(config, command_line, {});
  manifest.erase("equivalent_command_line");
  auto made = RunFolder::draft(named.parent_path(), named.filename().string(), true, config, manifest);
  if (!made) return made.error();
  std::unique_ptr<OnlineTraining> training(new OnlineTraining(config, std::move(*made)));
  if (auto ready = guarded("online training", [&] { return training->prepare(); }); !ready)
    return ready.error();
  if (auto published = training->folder_.publish(); !published) return published.error();
  return training;
}

Result<std::unique_ptr<OnlineTraining>> OnlineTraining::resume(const fs::path& folder, int threads,
                                                               bool accept_changes) {
  auto opened = RunFolder::open(folder);
  if (!opened) return opened.error();
  const auto json = read_json(folder / "config.json");
  if (!json) return json.error();
  auto config = config_from_json(*json);
  if (!config) return config.error();
  if (config->algorithm != kOnlineTd3)
    return Error{ErrorCode::usage, folder.string() + " is a run of " + config->algorithm +
                                       " and learns from data; go on with it by vaco resume"};
  if (value_or<std::string>(opened->manifest(), "status", {}) == "finished")
    return Error{ErrorCode::usage, "the run " + folder.string() + " is finished"};
  if (auto learns = check_learns(*config); !learns)
    return learns.error().within("the run " + folder.string() + " cannot be brought to its end");
  if (threads > 0) config->threads = threads;
  std::unique_ptr<OnlineTraining> training(new OnlineTraining(std::move(*config), std::move(*opened)));
  if (auto ready = guarded("online training", [&] { return training->prepare(accept_changes); }); !ready)
    return ready.error();
  return training;
}

Result<void> OnlineTraining::check_fingerprint(const Checkpoint& checkpoint, bool accept_changes) {
  const auto changed = differences(begun_as(checkpoint, folder_.manifest()), fingerprint_);
  if (changed.empty()) return {};
  if (!accept_changes) return refusal(changed, folder_.path().string(), "vaco collect --resume");
  folder_.log("the run goes on as it was not begun: " + to_text(changed));
  Json changes = folder_.manifest().contains("changes") ? folder_.manifest()["changes"] : Json::array();
  changes.push_back(to_json(changed, checkpoint.step));
  return folder_.update_manifest({{"changes", changes}});
}

Result<void> OnlineTraining::prepare(bool accept_changes) {
  const auto physics = parse_physics(config_.physics);
  if (!physics) return physics.error();
  physics_ = *physics;
  auto environment = make_environment(config_.environment, physics_);
  if (!environment) return environment.error();
  environment_ = std::move(*environment);
  const auto& info = environment_->info();
  unit_.emplace(info.action_low, info.action_high);
  const int64_t steps = params_.integer("online_steps");
  const int asked = std::max(1, config_.threads), threads = startable_threads(asked);
  if (threads < asked) folder_.log(fewer_threads_text(asked, threads));
  auto learner = make_online_td3(
      {.obs_dim = info.obs_dim,
       .action_low = unit_->unit_low(),
       .action_high = unit_->unit_high(),
       .steps = steps},
      params_, config_.seed, {.device = config_.device, .precision = config_.precision, .threads = threads});
  if (!learner) return learner.error();
  learner_ = std::move(*learner);
  if (auto made = make_folder(folder_.path() / "policies"); !made) return made;

  const auto found = folder_.newest_checkpoint();
  if (!found) return found.error();
  for (const auto& note : found->notes) folder_.log(note);
  fingerprint_ = settings_fingerprint(config_);
  fingerprint_["environment"] = config_.environment;
  fingerprint_.merge(program_fingerprint(config_, compute_info()));
  if (found->checkpoint)
    if (auto same = check_fingerprint(*found->checkpoint, accept_changes); !same) return same;
  if (found->checkpoint)
    if (auto restored = restore(*found->checkpoint); !restored) return restored;
  // Policies of steps that will be done again, and what a kill amid writing one has left.
  std::error_code ignored;
  for (const auto& entry : entries_of(folder_.path() / "policies"))
    if (entry > online_policy_path(folder_.path(), rows_.rows) ||
        entry.filename().string().find(".tmp-") != std::string::npos)
      fs::remove(entry, ignored);
  meter_.emplace(std::vector<PhaseInfo>{{"online", "Online TD3", steps}}, rows_.rows);
  const auto lost = folder_.open_records(found->checkpoint ? &*found->checkpoint : nullptr);
  if (!lost) return lost.error();
  for (const auto& what : *lost) folder_.log(what);
  for (const auto& done : evaluations())
    best_score_ = std::max(best_score_.value_or(-1e300), score_of(done.result));
  return {};
}

Result<void> OnlineTraining::restore(const Checkpoint& checkpoint) {
  const auto& info = environment_->info();
  auto rows = rows_from_state(checkpoint.state, info);
  if (!rows) return rows.error();
  rows_ = std::move(*rows);
  std::vector<float> in_units;
  for (auto transition : transitions_of(rows_, info)) {
    in_units.assign(transition.action.begin(), transition.action.end());
    unit_->to_unit(std::span(in_units));
    transition.action = in_units;
    learner_->append(transition);
  }
  if (auto loaded = learner_->load(checkpoint.state); !loaded) return loaded;
  const auto ends = episode_ends(rows_.terminals, rows_.timeouts);
  episodes_ = static_cast<int64_t>(ends.size());
  if (ends.empty() || ends.back() != rows_.rows || rows_.rows != checkpoint.step)
    return Error{ErrorCode::bad_data, "the checkpoint of step " + std::to_string(checkpoint.step) +
                                          " does not end with an episode, so it was altered"};
  last_return_ = return_between(rows_.rewards, ends.size() > 1 ? ends[ends.size() - 2] : 0, ends.back());
  saved_step_ = rows_.rows;
  seconds_before_ = checkpoint.training_seconds;
  return {};
}

PolicyOrigin OnlineTraining::origin() const {
  return {.physics = config_.physics,
          .simulator = simulator_version(),
          .program = program_name(),
          .dataset = {},
          .dataset_hash = {}};
}

void OnlineTraining::publish(Event event) const {
  if (observer_) observer_(event);
}

Result<void> OnlineTraining::run(const Observer& observer, const std::stop_token& stop) {
  observer_ = observer;
  if (!folder_.is_guarded()) {
    folder_.log(no_lock_warning(folder_.path()));
    publish(Alarm{rows_.rows, "no_lock", no_lock_warning(folder_.path())});
  }
  Json started = {{"status", "running"}, {"started", utc_now()}, {"total_steps", meter_->total()}};
  const ComputeInfo compute = compute_info();
  started["libraries"] = library_versions(compute);
  started["device"] = compute.device;
  if (auto written = folder_.update_manifest(started); !written) return written;
  folder_.log("online training from step " + std::to_string(rows_.rows));
  auto done = guarded("online training", [&] { return train(stop); });
  if (done) done = guarded("online training", [&] { return make_sets(stop); });
  const bool stopped = !done && done.error().code == ErrorCode::stopped;
  const std::string status = done ? "finished" : stopped ? "stopped" : "failed";
  folder_.log(done ? "finished" : done.error().message);
  const Json ended = {{"status", status},
                      {"message", done ? "" : done.error().message},
                      {"ended", utc_now()},
                      {"step", rows_.rows}};
  if (auto written = folder_.update_manifest(ended); !written && done) return written;
  return done;
}

std::vector<EvaluationDone> OnlineTraining::evaluations() const {
  std::vector<EvaluationDone> all;
  read_json_lines(folder_.path() / "eval.jsonl", 0, [&](const Json& line) {
    auto done = evaluation_from_json(line);
    if (done) all.push_back(std::move(*done));
    return done.ok();
  });
  return all;
}

Result<void> OnlineTraining::make_sets(const std::stop_token& stop) {
  const auto chosen = choose_policies(evaluations());
  if (!chosen) return chosen.error();
  const fs::path policies = folder_.path() / "policies";
  const auto open = [&](const EvaluationDone& done,
                        const char* name) -> Result<std::shared_ptr<const PolicySnapshot>> {
    auto policy = read_policy(online_policy_path(folder_.path(), done.result.step));
    if (!policy) return policy.error();
    if (auto written = write_policy(policies / name, *policy, origin()); !written) return written.error();
    return std::make_shared<const PolicySnapshot>(std::move(*policy));
  };
  const auto medium = open(chosen->medium, "medium.h5");
  if (!medium) return medium.error();
  const auto expert = open(chosen->expert, "expert.h5");
  if (!expert) return expert.error();
  const auto tell = [&](double fraction, std::string_view doing) {
    Progress progress;
    progress.phase = "datasets";
    progress.phase_label = doing;
    progress.phase_steps = 1000;
    progress.phase_step = static_cast<int64_t>(1000 * fraction);
    publish(std::move(progress));
  };
  auto sets = make_online_sets({.folder = folder_.path(),
                                .environment = config_.environment,
                                .physics = physics_,
                                .seed = config_.seed,
                                .rows = params_.integer("set_rows"),
                                .action_noise = params_.real("set_noise"),
                                .random_steps = exploration_.random_steps,
                                .medium = *medium,
                                .expert = *expert,
                                .chosen = *chosen},
                               rows_, tell, stop);
  if (!sets && sets.error().code == ErrorCode::stopped)
    return Error{ErrorCode::stopped, "stopped while the datasets were made; go on with vaco collect --resume " +
                                         folder_.path().string()};
  if (!sets) return sets.error();
  meter_->look(rows_.rows, ProgressMeter::Clock::now());
  RunSummary summary;
  summary.physics = config_.physics;
  summary.last = evaluations().back();
  summary.best = chosen->expert;
  summary.wall_seconds = seconds_before_ + meter_->seconds();
  summary.steps_per_second =
      summary.wall_seconds > 0.0 ? static_cast<double>(rows_.rows) / summary.wall_seconds : 0.0;
  result_ = result_json(summary);
  result_["medium"] = to_json(chosen->medium);
  result_["expert"] = to_json(chosen->expert);
  result_["datasets"] = std::move(*sets);
  return folder_.update_manifest({{"result", result_}});
}

}  // namespace vaco
