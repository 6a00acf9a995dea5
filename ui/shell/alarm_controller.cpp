// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/alarm_controller.h"

#include "ui/bridge/session_bridge.h"
#include "ui/runs/alarms_panel.h"
#include "ui/shell/shown_run.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

namespace {
QString keyOf(const std::string& alarm) {
  return QString::fromStdString("alarm." + alarm);
}

bool isRecord(const Event& event) {
  return std::holds_alternative<Metrics>(event) || std::holds_alternative<WeightReport>(event);
}
}  // namespace

AlarmController::AlarmController(const Parts& parts, QObject* parent) : QObject(parent), parts_(parts) {
  connect(&parts_.shown, &ShownRun::shown, this, [this] {
    shown_.reset();
    parts_.messages.dismissAll("alarm.");
    parts_.panel.setHistory({});
  });
  connect(&parts_.shown, &ShownRun::recorded, this, &AlarmController::take);
  connect(&parts_.session, &SessionBridge::started, this, [this] { own_.reset(); });
  connect(&parts_.session, &SessionBridge::event, this, &AlarmController::guard);
}

void AlarmController::post(const Alarm& alarm) {
  // What was only asked for too early is no fault of the run.
  const bool note = alarm.key == "cannot_evaluate";
  MessageBar::Action action;
  if (alarm_kind(alarm.key)) action = {tr("All alarms"), [this] { emit listRequested(); }};
  parts_.messages.post(note ? MessageKind::note : MessageKind::warning, keyOf(alarm.key),
                       tr("Step %1: %2").arg(alarm.step).arg(QString::fromStdString(alarm.message)), action);
}

void AlarmController::take(const Event& event) {
  if (!isRecord(event)) return;
  if (!shown_) shown_.emplace(value_limits(parts_.shown.folder()));
  const auto news = shown_->take(event);
  for (const auto& key : news.ended) parts_.messages.dismiss(keyOf(key));
  for (const auto& alarm : news.begun) post(alarm);
  if (!news.ended.empty() || !news.begun.empty()) parts_.panel.setHistory(shown_->history());
}

void AlarmController::guard(const Event& event) {
  // Of what a watch finds by itself, the one of the shown run tells.
  if (const auto* alarm = std::get_if<Alarm>(&event); alarm && !alarm_kind(alarm->key)) post(*alarm);
  if (!isRecord(event)) return;
  if (!own_) own_.emplace(value_limits(parts_.session.folder()));
  for (const auto& alarm : own_->take(event).begun) {
    const auto* kind = alarm_kind(alarm.key);
    if (!kind || !parts_.panel.pausesAt().contains(kind->key) || !parts_.session.canPause()) continue;
    parts_.session.pause();
    parts_.messages.post(MessageKind::warning, "run",
                         tr("Paused at step %1 by an alarm: %2. Resume goes on all the same")
                             .arg(alarm.step)
                             .arg(QString::fromStdString(alarm.message)));
  }
}

}  // namespace vaco::ui
