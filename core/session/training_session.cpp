// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/session/training_session.h"

#include <utility>

#include "core/base/files.h"
#include "core/base/guard.h"
#include "core/base/json_value.h"
#include "core/base/threads.h"
#include "core/collect/online_training.h"
#include "core/device/compute_info.h"
#include "core/session/check_config.h"
#include "core/session/fit_to_data.h"
#include "core/session/session_core.h"
#include "core/session/session_impl.h"
#include "core/tasks/task_names.h"

namespace vaco {
namespace fs = std::filesystem;

TrainingSession::TrainingSession(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

TrainingSession::~TrainingSession() {
  stop();
  wait();
}

Result<DatasetHead> TrainingSession::Impl::settle(RunConfig& config, const SessionOptions& options) {
  if (auto checked = check_config(config); !checked) return checked.error();
  if (learns_online(config)) {
    DatasetHead none;
    none.environment = config.environment;
    return none;
  }
  const auto reading = reading_of(config);
  if (!reading) return reading.error();
  config.exclude = reading->exclude.text();
  auto head = options.parts ? options.parts->read_head(config.dataset, *reading)
                            : read_dataset_head(config.dataset, *reading);
  if (!head) return head;
  if (auto fits = fit_to_data(config, *head); !fits) return fits.error();
  return head;
}

Result<std::unique_ptr<TrainingSession>> TrainingSession::create(const RunConfig& given,
                                                                 const SessionOptions& options) {
  RunConfig config = given;
  if (!config.dataset.empty()) {
    const auto dataset = absolute_path(config.dataset);
    if (!dataset) return dataset.error();
    config.dataset = *dataset;
  }
  const auto out = absolute_path(options.out);
  if (!out) return out.error().within("the folder for runs (--out)");
  if (is_task_file(config.environment)) {
    const auto task = absolute_path(config.environment);
    if (!task) return task.error();
    config.environment = task->string();
  }
  if (auto known = check_environment_name(config.environment); !known) return known.error();
  const auto head = Impl::settle(config, options);
  if (!head) return head.error();
  const bool exact = !options.folder_name.empty();
  Json manifest = first_manifest(config, options.command_line, options.out);
  // vaco train does not make such a run.
  if (learns_online(config)) manifest.erase("equivalent_command_line");
  auto folder =
      RunFolder::create(*out, exact ? options.folder_name : default_folder_name(config, head->environment),
                        exact, config, manifest);
  if (!folder) return folder.error();
  return std::unique_ptr<TrainingSession>(
      new TrainingSession(std::make_unique<Impl>(std::move(config), options, std::move(*folder))));
}

Result<std::unique_ptr<TrainingSession>> TrainingSession::resume(const fs::path& run_folder,
                                                                 const SessionOptions& options) {
  const auto path = absolute_path(run_folder);
  if (!path) return path.error();
  auto folder = RunFolder::open(*path);
  if (!folder) return folder.error();
  auto config = Impl::read_config(folder->path());
  if (!config) return config.error();
  if (value_or<std::string>(folder->manifest(), "status", {}) == "finished")
    return Error{ErrorCode::usage,
                 "the run " + run_folder.string() + " is finished; " +
                     (learns_online(*config) ? "start another one by vaco collect --train td3"
                                             : "to go on with more steps use vaco fork " + run_folder.string() +
                                                   " --set <steps>=<more>")};
  if (options.threads > 0) config->threads = options.threads;
  if (auto checked = check_config(*config); !checked)
    return checked.error().within("the run " + run_folder.string() + " cannot go on");
  auto found = folder->newest_checkpoint();
  if (!found) return found.error();
  if (found->checkpoint && !options.accept_changes) {
    // What needs no data is looked at now, so that a refusal leaves the run as it is.
    auto now = settings_fingerprint(*config);
    now.merge(program_fingerprint(*config, compute_info()));
    if (const auto changed = differences(begun_as(*found->checkpoint, folder->manifest()), now);
        !changed.empty())
      return refusal(changed, run_folder.string());
  }
  auto impl = std::make_unique<Impl>(std::move(*config), options, std::move(*folder));
  impl->found = std::move(*found);
  return std::unique_ptr<TrainingSession>(new TrainingSession(std::move(impl)));
}

void TrainingSession::start() {
  const std::lock_guard lock(impl_->thread_mutex);
  if (!can_start()) return;
  if (impl_->thread.joinable()) {
    impl_->thread.join();
    impl_->shared.mailbox.reset();
  }
  impl_->shared.set_state(RunState::preparing);
  const auto run = [impl = impl_.get()] {
    SessionCore core(impl->config, impl->options.nice, impl->options.accept_changes, impl->parts, impl->folder,
                     impl->shared, std::exchange(impl->found, {}));
    core.run();
  };
  auto thread = start_thread([impl = impl_.get(), run](const std::stop_token&) {
    if (auto ended = guarded("the training", run); !ended) impl->give_up(ended.error());
  });
  if (thread)
    impl_->thread = std::move(*thread);
  else
    impl_->give_up(thread.error());
}

void TrainingSession::Impl::give_up(const Error& error) noexcept {
  // Each by itself: where memory has run out, one may fail and the next not.
  const auto attempt = [](auto&& work) { (void)guarded("giving up", work); };
  attempt([&] {
    if (folder.is_held()) (void)folder.update_manifest({{"status", "failed"}, {"message", error.message}});
  });
  attempt([&] { folder.release(); });
  attempt([&] { shared.events.publish(Failed{error}); });
  attempt([&] { shared.set_state(RunState::failed, error.message); });
}

void TrainingSession::pause() {
  impl_->shared.mailbox.post_pause(true);
}
void TrainingSession::resume_running() {
  impl_->shared.mailbox.post_pause(false);
}
void TrainingSession::save_checkpoint() {
  impl_->shared.mailbox.post_checkpoint();
}
void TrainingSession::evaluate_now() {
  impl_->shared.mailbox.post_evaluation();
}

void TrainingSession::stop() {
  const RunState now = state();
  if (now == RunState::preparing || now == RunState::running || now == RunState::paused)
    impl_->shared.mailbox.post_stop();
}

RunState TrainingSession::state() const {
  return impl_->shared.state();
}
bool TrainingSession::can_start() const {
  return state() == RunState::idle;
}
bool TrainingSession::can_pause() const {
  return state() == RunState::running;
}
bool TrainingSession::can_resume() const {
  return state() == RunState::paused;
}
bool TrainingSession::can_stop() const {
  const RunState now = state();
  return now == RunState::preparing || now == RunState::running || now == RunState::paused;
}

std::vector<Event> TrainingSession::take_events() {
  return impl_->shared.events.take();
}
void TrainingSession::wait_for_events(double seconds) {
  impl_->shared.events.wait(seconds);
}
std::shared_ptr<const PolicySnapshot> TrainingSession::latest_policy() const {
  return impl_->shared.policy();
}
const RunConfig& TrainingSession::config() const {
  return impl_->config;
}
fs::path TrainingSession::folder() const {
  return impl_->folder.path();
}
std::optional<Json> TrainingSession::result() const {
  return impl_->shared.result();
}

void TrainingSession::wait() {
  const std::lock_guard lock(impl_->thread_mutex);
  if (impl_->thread.joinable()) {
    impl_->thread.join();
    impl_->shared.mailbox.reset();
  }
}

}  // namespace vaco
