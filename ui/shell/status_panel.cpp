// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/status_panel.h"

#include <algorithm>
#include <cmath>

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QStyle>

#include "ui/figures/number_text.h"
#include "ui/widgets/elided_label.h"

namespace vaco::ui {

namespace {
constexpr int kProgressBarWidth = 140;
constexpr int kBarScale = 10000;

bool goes_on(RunState state) {
  return state == RunState::preparing || state == RunState::running || state == RunState::paused ||
         state == RunState::stopping;
}
}  // namespace

QString stateLabel(RunState state) {
  switch (state) {
    case RunState::idle:
      return StatusPanel::tr("Idle");
    case RunState::preparing:
      return StatusPanel::tr("Preparing");
    case RunState::running:
      return StatusPanel::tr("Training");
    case RunState::paused:
      return StatusPanel::tr("Paused");
    case RunState::stopping:
      return StatusPanel::tr("Stopping");
    case RunState::finished:
      return StatusPanel::tr("Finished");
    case RunState::failed:
      return StatusPanel::tr("Failed");
  }
  return {};
}

StatusPanel::StatusPanel(QWidget* parent) : QWidget(parent) {
  setObjectName("statusProgress");
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(8, 2, 8, 2);
  row->setSpacing(12);
  const auto label = [this](const char* name, const QString& accessible) {
    auto* made = new QLabel(this);
    made->setObjectName(name);
    made->setAccessibleName(accessible);
    return made;
  };
  pill_ = label("statePill", tr("State"));
  phase_ = new ElidedLabel(this);
  phase_->setObjectName("phase");
  phase_->setAccessibleName(tr("Phase"));
  bar_ = new QProgressBar(this);
  bar_->setObjectName("progress");
  bar_->setAccessibleName(tr("Progress of the run"));
  bar_->setTextVisible(false);
  bar_->setFixedWidth(kProgressBarWidth);
  bar_->setRange(0, kBarScale);
  rate_ = label("rate", tr("Steps per second"));
  eta_ = label("eta", tr("Remaining time"));
  device_ = label("device", tr("Device"));
  device_->setProperty("role", "faint");
  told_ = new ElidedLabel(this);
  told_->setObjectName("statusTold");
  told_->setAccessibleName(tr("What was done"));
  told_->hide();
  standing_ = new QWidget(this);
  auto* inner = new QHBoxLayout(standing_);
  inner->setContentsMargins(0, 0, 0, 0);
  inner->setSpacing(12);
  inner->addWidget(bar_);
  inner->addWidget(phase_, 1);
  for (auto* fact : {rate_, eta_, device_}) inner->addWidget(fact);
  row->addWidget(pill_);
  row->addWidget(told_, 1);
  row->addWidget(standing_, 1);
  reset();
}

void StatusPanel::reset() {
  notice_ = false;
  setState(RunState::idle, tr("Open a dataset and press Start"));
  bar_->hide();
  rate_->hide();
  eta_->hide();
}

void StatusPanel::setState(RunState state, const QString& message) {
  if (notice_) return;
  state_ = state;
  if (const auto key = QString::fromStdString(to_text(state)); pill_->property("state").toString() != key) {
    pill_->setText(stateLabel(state));
    pill_->setProperty("state", key);
    pill_->style()->unpolish(pill_);
    pill_->style()->polish(pill_);
  }
  if (!message.isEmpty()) phase_->setText(message);
  bar_->setVisible(goes_on(state));
  rate_->setVisible(state == RunState::running && !rate_->text().isEmpty());
  eta_->setVisible(state == RunState::running && !eta_->text().isEmpty());
}

void StatusPanel::setNotice(const QString& text) {
  setState(RunState::stopping, text);
  notice_ = true;
}

void StatusPanel::setProgress(const Progress& progress) {
  // The newest progress may come after the news of the end, which says more.
  if (notice_ || !goes_on(state_)) return;
  const bool preparing = progress.total_steps <= 0;
  const auto phaseFraction = progress.phase_steps > 0 ? static_cast<double>(progress.phase_step) /
                                                            static_cast<double>(progress.phase_steps)
                                                      : 0.0;
  const auto fraction = preparing
                            ? phaseFraction
                            : static_cast<double>(progress.step) / static_cast<double>(progress.total_steps);
  bar_->setValue(static_cast<int>(std::lround(fraction * kBarScale)));
  const auto label = QString::fromStdString(progress.phase_label);
  if (preparing || progress.phase_count == 0) {
    phase_->setText(label);
    return;
  }
  phase_->setText(tr("%1 (phase %2 of %3): step %4 of %5")
                      .arg(label)
                      .arg(progress.phase_index + 1)
                      .arg(progress.phase_count)
                      .arg(countText(progress.phase_step), countText(progress.phase_steps)));
  // At the start of a phase there is no rate yet, not one of nothing.
  const double rate = progress.steps_per_second;
  rate_->setText(rate > 0.0 ? tr("%1 steps/s").arg(fixedText(rate, rate < 10 ? 1 : 0)) : QString());
  QStringList left;
  if (progress.phase_eta_seconds >= 0) left << tr("phase %1").arg(durationText(progress.phase_eta_seconds));
  if (progress.eta_seconds >= 0) left << tr("all %1 left").arg(durationText(progress.eta_seconds));
  eta_->setText(left.join(", "));
  rate_->setVisible(state_ == RunState::running && rate > 0.0);
  eta_->setVisible(state_ == RunState::running && !left.isEmpty());
}

void StatusPanel::setStep(int64_t step) {
  if (notice_) return;
  rate_->setText(tr("step %1").arg(countText(step)));
  rate_->setVisible(state_ == RunState::running);
  eta_->clear();
  eta_->hide();
  bar_->hide();
}

void StatusPanel::tell(const QString& what) {
  told_->setText(what);
  told_->setToolTip(what);
  told_->setVisible(!what.isEmpty());
  standing_->setVisible(what.isEmpty());
}

void StatusPanel::setDevice(const QString& device) {
  device_->setText(device);
}

}  // namespace vaco::ui
