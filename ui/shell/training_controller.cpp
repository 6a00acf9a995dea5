// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/training_controller.h"

#include <QApplication>

#include "ui/bridge/session_bridge.h"
#include "ui/shell/setup_controller.h"
#include "ui/shell/shown_run.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

namespace {
constexpr int kWindowNice = 5;
}

TrainingController::TrainingController(const Parts& parts, QObject* parent) : QObject(parent), parts_(parts) {}

void TrainingController::start(const std::filesystem::path& out) {
  if (!parts_.session.canStart()) return;
  SessionOptions options;
  options.out = out;
  options.nice = kWindowNice;
  options.parts = parts_.setup.sessionParts();
  for (const auto& argument : QApplication::arguments()) options.command_line.push_back(argument.toStdString());
  parts_.session.start(parts_.setup.configToRun(), options);
}

bool TrainingController::mayBegin() {
  if (parts_.session.canStart()) return true;
  parts_.messages.post(MessageKind::note, "run",
                       tr("A run is going on. Stop it before another one is resumed"));
  return false;
}

void TrainingController::fork(const std::filesystem::path& run,
                              const std::vector<std::pair<std::string, std::string>>& changes,
                              const std::filesystem::path& out) {
  if (!mayBegin()) return;
  SessionOptions options;
  options.out = out;
  options.nice = kWindowNice;
  options.parts = parts_.setup.sessionParts();
  parts_.session.fork(run, changes, options);
}

void TrainingController::resume(const std::filesystem::path& run) {
  if (!mayBegin()) return;
  emit openRequested(run);
  SessionOptions options;
  options.nice = kWindowNice;
  options.parts = parts_.setup.sessionParts();
  parts_.session.resumeFolder(run, options);
}

bool TrainingController::canGoOn() const {
  const auto state = parts_.shown.standing().state;
  return parts_.session.canStart() && !parts_.shown.folder().empty() &&
         (state == RunState::idle || state == RunState::failed);
}

void TrainingController::pauseOrGoOn() {
  // A copy: what is shown changes on the way.
  if (const auto run = parts_.shown.folder(); canGoOn())
    resume(run);
  else if (parts_.session.canResume())
    parts_.session.resume();
  else
    parts_.session.pause();
}

}  // namespace vaco::ui
