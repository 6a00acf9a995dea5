// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/session_core.h"

#include <sys/resource.h>
#include <unistd.h>

#include <utility>

#include "core/base/guard.h"
#include "core/base/readable.h"
#include "core/collect/online_training.h"

namespace vaco {
namespace {

constexpr std::chrono::milliseconds kProgressEvery{100};
constexpr std::chrono::seconds kPolicyEvery{2};

/// Only the calling thread (and those it starts) becomes nicer.
void be_nice(int nice) {
  if (nice != 0) ::setpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()), nice);
}

}  // namespace

void SessionShared::set_state(RunState state, const std::string& message) {
  state_.store(state);
  events.publish(StateChanged{state, message});
}

std::shared_ptr<const PolicySnapshot> SessionShared::policy() const {
  const std::lock_guard lock(mutex_);
  return policy_;
}

void SessionShared::set_policy(std::shared_ptr<const PolicySnapshot> policy) {
  const std::lock_guard lock(mutex_);
  policy_.swap(policy);
}

std::optional<Json> SessionShared::result() const {
  const std::lock_guard lock(mutex_);
  return result_;
}

void SessionShared::set_result(std::optional<Json> result) {
  const std::lock_guard lock(mutex_);
  result_.swap(result);
}

SessionCore::SessionCore(RunConfig config, int nice, bool accept_changes,
                         std::shared_ptr<const SessionParts> parts, RunFolder& folder, SessionShared& shared,
                         std::optional<FoundCheckpoint> found)
    : config_(std::move(config)),
      params_(config_.param_set()),
      every_{
          .log = params_.integer("log_interval"),
          .diagnostics = params_.contains("diagnostics_interval") ? params_.integer("diagnostics_interval") : 0,
          .evaluation = params_.integer("eval_interval"),
          .checkpoint = params_.integer("checkpoint_interval")},
      evaluation_episodes_(params_.integer("eval_episodes")),
      final_episodes_(params_.contains("final_episodes") ? params_.integer("final_episodes") : 0),
      nice_(nice),
      accept_changes_(accept_changes),
      parts_(std::move(parts)),
      folder_(folder),
      shared_(shared),
      found_(std::move(found)) {}

void SessionCore::run() {
  be_nice(nice_);
  Result<void> outcome;
  try {
    outcome = work();
  } catch (...) {
    outcome = thrown_error("step " + std::to_string(step_));
  }
  conclude(outcome);
}

Result<void> SessionCore::work() {
  shared_.set_state(RunState::preparing, learns_online(config_)
                                             ? "setting up " + config_.environment
                                             : "reading " + config_.dataset.filename().string());
  if (auto r = folder_.hold(); !r) return r;
  if (auto r = folder_.update_manifest({{"status", "running"}, {"message", ""}, {"started", utc_now()}}); !r)
    return r;
  if (auto r = prepare(); !r) return r;
  shared_.set_state(RunState::running, step_ > 0 ? "going on from step " + std::to_string(step_) : "training");
  return train();
}

Result<void> SessionCore::train() {
  // From here on a killed run has something to go on from.
  if (saved_step_ < 0)
    if (auto r = save(false); !r) return r;
  start_clocks();
  if (evaluation_due_) {
    if (auto r = evaluate(); !r) return r.error().code == ErrorCode::stopped ? stop_here() : r;
    if (auto r = save(new_best_); !r) return r;
  }
  while (step_ < meter_->total()) {
    if (shared_.mailbox.has_mail())
      if (auto r = obey(); !r) return r;
    algorithm_->update();
    ++step_;
    if (auto r = after_step(); !r) return r;
    const auto now = Clock::now();
    if (now - last_progress_ >= kProgressEvery) {
      last_progress_ = now;
      shared_.events.publish(meter_->at(step_, now));
    }
    if (now - last_policy_ >= kPolicyEvery) {
      last_policy_ = now;
      publish_policy();
    }
  }
  stop_clocks();
  shared_.events.publish(meter_->at(step_, Clock::now()));
  if (auto r = write_policies(); !r || !online_) return r;
  return make_sets();
}

Result<void> SessionCore::obey() {
  auto requests = shared_.mailbox.take();
  bool paused = false;
  for (;; requests = shared_.mailbox.take()) {
    if (requests.stop) return stop_here();
    if (requests.evaluation) {
      if (!evaluates()) {
        alarm("cannot_evaluate", data_.can_evaluate
                                     ? "there is no policy to evaluate yet (phase " + phase_done() + ")"
                                     : "the simulator does not have the environment of this data");
      } else if (auto r = evaluate(); !r) {
        return r.error().code == ErrorCode::stopped ? stop_here() : r;
      }
    }
    if (requests.checkpoint)
      if (auto r = save(new_best_); !r) return r;
    if (!requests.pause) break;
    if (!paused) {
      paused = true;
      stop_clocks();
      shared_.set_state(RunState::paused, "paused at step " + std::to_string(step_));
    }
    shared_.mailbox.wait_for_mail();
  }
  if (paused) {
    start_clocks();
    shared_.set_state(RunState::running);
  }
  return {};
}

Result<void> SessionCore::stop_here() {
  stop_clocks();
  shared_.set_state(RunState::stopping, "saving");
  if (step_ > 0 && (saved_step_ != step_ || evaluation_due_))
    if (auto r = save(new_best_); !r) return r;
  if (auto r = write_policies(); !r) return r;
  return Error{ErrorCode::stopped,
               "stopped after " + duration_text(wall_seconds()) + " at step " + std::to_string(step_)};
}

void SessionCore::conclude(const Result<void>& outcome) {
  stop_clocks();
  Json changes{{"ended", utc_now()}, {"step", step_}};
  if (meter_) {
    summary_.wall_seconds = wall_seconds();
    // Of the whole run, also what a former process or the run it was forked from did of it.
    summary_.steps_per_second =
        summary_.wall_seconds > 0.0 ? static_cast<double>(step_) / summary_.wall_seconds : 0.0;
    Json result = result_json(summary_);
    for (const auto& [key, value] : sets_.items()) result[key] = value;
    changes["result"] = result;
    shared_.set_result(result);
  }
  auto state = RunState::finished;
  std::string message = "finished in " + duration_text(wall_seconds());
  std::optional<Error> failure;
  if (!outcome && outcome.error().code == ErrorCode::stopped) {
    state = RunState::idle;
    message = outcome.error().message;
  } else if (!outcome) {
    failure = outcome.error();
  }
  changes["status"] = failure ? "failed" : state == RunState::idle ? "stopped" : "finished";
  changes["message"] = failure ? failure->message : message;
  // A folder that could not be taken again belongs to whoever holds it, with all that it says.
  const bool ours = folder_.is_held();
  if (ours)
    if (auto written = folder_.update_manifest(changes); !written && !failure) failure = written.error();
  if (failure) {
    state = RunState::failed;
    message = failure->message;
    if (saved_step_ > 0)
      failure->message += ". Saved up to step " + std::to_string(saved_step_) + ": vaco resume " +
                          folder_.path().string() + " goes on from there";
    if (ours) folder_.log("failed: " + failure->message);
    shared_.events.publish(Failed{*failure});
  } else {
    folder_.log(message);
  }
  folder_.release();
  shared_.set_state(state, message);
}

double SessionCore::wall_seconds() const {
  return wall_base_ + (clock_runs_ ? std::chrono::duration<double>(Clock::now() - clock_since_).count() : 0.0);
}

void SessionCore::start_clocks() {
  if (clock_runs_) return;
  clock_since_ = Clock::now();
  clock_runs_ = true;
  meter_->start_clock(step_, clock_since_);
}

void SessionCore::stop_clocks() {
  if (!clock_runs_) return;
  wall_base_ = wall_seconds();
  clock_runs_ = false;
  meter_->stop_clock(step_, Clock::now());
}

}  // namespace vaco
