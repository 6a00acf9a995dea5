// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/bridge/session_bridge.h"

#include "core/base/canonical_path.h"
#include "core/base/guard.h"
#include "core/records/run_reader.h"
#include "ui/bridge/worker.h"

namespace vaco::ui {

namespace {
constexpr int kDrainMilliseconds = 33;

bool is_end(RunState state) {
  return state == RunState::idle || state == RunState::finished || state == RunState::failed;
}
}  // namespace

SessionBridge::SessionBridge(Worker& reaper, QObject* parent) : QObject(parent), reaper_(reaper) {
  timer_.setInterval(kDrainMilliseconds);
  connect(&timer_, &QTimer::timeout, this, &SessionBridge::drain);
  connect(&opening_, &BackgroundJob::failed, this, [this](const QString& message) {
    giveUp({ErrorCode::failed, message.toStdString()});
  });
}

SessionBridge::~SessionBridge() {
  reaper_.reap(std::move(session_));
}

void SessionBridge::start(const RunConfig& config, const SessionOptions& options) {
  open([config, options] { return TrainingSession::create(config, options); });
}

void SessionBridge::resumeFolder(const std::filesystem::path& folder, const SessionOptions& options) {
  open([folder, options] { return TrainingSession::resume(folder, options); }, folder);
}

void SessionBridge::fork(const std::filesystem::path& from,
                         const std::vector<std::pair<std::string, std::string>>& changes,
                         const SessionOptions& options) {
  open([from, changes, options] { return TrainingSession::fork(from, changes, options); }, from);
}

void SessionBridge::open(std::function<Result<std::unique_ptr<TrainingSession>>()> make,
                         const std::filesystem::path& past) {
  if (active()) return;
  stop_wanted_ = false;
  folder_.clear();
  opening_.start(
      [this, past, make = std::move(make)](const ProgressFn&, std::stop_token) -> BackgroundJob::Completion {
        auto made = std::make_shared<Result<std::unique_ptr<TrainingSession>>>(make());
        auto history = std::make_shared<std::vector<Event>>();
        // A fork has its parent's history, cut to what came before the checkpoint.
        if (made->ok() && !past.empty()) *history = RunFollower((**made)->folder()).poll();
        return [this, made, history] {
          if (!made->ok()) {
            giveUp(made->error());
            return;
          }
          adopt(std::move(*made).value(), *history);
        };
      });
  setState(RunState::preparing, tr("Making the run folder"));
}

void SessionBridge::giveUp(const Error& error) {
  emit event(Failed{error});
  setState(RunState::failed, QString::fromStdString(error.message));
  emit ended();
}

void SessionBridge::adopt(std::unique_ptr<TrainingSession> session, const std::vector<Event>& history) {
  session_ = std::move(session);
  folder_ = canonical_path(session_->folder());
  config_ = session_->config();
  policy_.reset();
  left_idle_ = false;
  emit started(config_);
  for (const auto& one : history)
    if (!std::holds_alternative<StateChanged>(one)) emit event(one);
  if (!history.empty()) emit drained();
  session_->start();
  if (stop_wanted_) session_->stop();
  timer_.start();
}

void SessionBridge::pause() {
  if (canPause()) session_->pause();
}
void SessionBridge::resume() {
  if (canResume()) session_->resume_running();
}
void SessionBridge::stop() {
  stop_wanted_ = true;
  if (session_ && session_->can_stop()) session_->stop();
}
void SessionBridge::saveCheckpoint() {
  if (session_) session_->save_checkpoint();
}
void SessionBridge::evaluateNow() {
  if (session_) session_->evaluate_now();
}

void SessionBridge::drain() {
  if (!session_) return;
  const auto events = session_->take_events();
  for (const auto& one : events) take(one);
  if (auto policy = session_->latest_policy(); policy && policy != policy_) {
    policy_ = std::move(policy);
    emit policyChanged(policy_);
  }
  if (!events.empty()) emit drained();
  if (is_end(state_) && left_idle_ && is_end(session_->state())) {
    timer_.stop();
    reaper_.reap(std::move(session_));
    emit ended();
  }
}

void SessionBridge::take(const Event& one) {
  emit event(one);
  if (const auto* changed = std::get_if<StateChanged>(&one)) {
    if (changed->state != RunState::idle) left_idle_ = true;
    setState(changed->state, QString::fromStdString(changed->message));
  }
}

void SessionBridge::setState(RunState state, const QString& message) {
  state_ = state;
  message_ = message;
  emit stateChanged(state, message);
}

}  // namespace vaco::ui
