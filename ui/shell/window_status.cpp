// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/window_status.h"

#include "ui/bridge/session_bridge.h"
#include "ui/shell/setup_controller.h"
#include "ui/shell/status_panel.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

WindowStatus::WindowStatus(const Parts& parts, QMainWindow* window)
    : QObject(window), parts_(parts), window_(window) {
  connect(&parts_.shown, &ShownRun::shown, this, &WindowStatus::tellMeanwhile);
  connect(&parts_.shown, &ShownRun::standingChanged, this, &WindowStatus::update);
  connect(&parts_.setup, &SetupController::changed, this, &WindowStatus::update);
  connect(&parts_.session, &SessionBridge::ended, this, &WindowStatus::tellMeanwhile);
  connect(&parts_.session, &SessionBridge::event, this, [this](const Event& event) {
    const auto* progress = std::get_if<Progress>(&event);
    if (progress && parts_.shown.own()) parts_.panel.setProgress(*progress);
  });
  update();
}

RunStanding WindowStatus::standing() const {
  if (!parts_.shown.folder().empty() || parts_.session.opening()) return parts_.shown.standing();
  if (parts_.session.state() == RunState::failed) return {RunState::failed, parts_.session.message()};
  const auto missing = parts_.setup.missingToStart();
  return {RunState::idle, missing.isEmpty() ? tr("Ready to start") : missing};
}

void WindowStatus::update() {
  const auto now = standing();
  // Progress writes into the same place: only news may overwrite it.
  if (now != told_) {
    told_ = now;
    parts_.panel.setState(now.state, now.message);
    if (now.step >= 0) parts_.panel.setStep(now.step);
  }
  QStringList parts;
  if (const auto& run = parts_.shown.folder(); !run.empty())
    parts << stateLabel(now.state) << toText(run.filename());
  else if (const auto dataset = parts_.setup.datasetName(); !dataset.isEmpty())
    parts << dataset;
  parts << tr("VACO Workbench");
  window_->setWindowTitle(parts.join(" – "));
}

void WindowStatus::tellMeanwhile() {
  const auto run = parts_.session.folder();
  if (parts_.session.active() && !run.empty() && !parts_.shown.own())
    parts_.messages.post(MessageKind::ongoing, "meanwhile",
                         tr("%1 is being trained meanwhile").arg(toText(run.filename())),
                         {tr("Show it"), [this, run] { emit openRequested(run); }});
  else
    parts_.messages.dismiss("meanwhile");
}

}  // namespace vaco::ui
