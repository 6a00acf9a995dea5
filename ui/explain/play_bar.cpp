// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/play_bar.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <algorithm>

#include "core/sim/environment.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/quiet_combo.h"

namespace vaco::ui {
namespace {
constexpr int kTickMilliseconds = 33;
}

PlayBar::PlayBar(QWidget* parent) : QWidget(parent) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(4, 2, 4, 2);
  row->setSpacing(2);
  const auto button = [&](const char* name, const QString& text, const QString& tip) {
    auto* made = new QToolButton(this);
    made->setObjectName(name);
    made->setAutoRaise(true);
    made->setAccessibleName(text);
    made->setToolTip(tip);
    row->addWidget(made);
    return made;
  };
  play_ = button("explainPlay", tr("Play or pause"), tr("Play or pause (Space)"));
  auto* back = button("explainBack", tr("A step back"), tr("A step back (Left, on the time line)"));
  auto* forth = button("explainForth", tr("A step on"), tr("A step on (Right, on the time line)"));
  play_->setIcon(themedIcon("start"));
  back->setArrowType(Qt::LeftArrow);
  forth->setArrowType(Qt::RightArrow);
  loop_ = new QCheckBox(tr("Loop"), this);
  loop_->setObjectName("explainLoop");
  loop_->setChecked(true);
  auto* label = new QLabel(tr("Speed"), this);
  speed_ = new QuietCombo(this);
  speed_->setObjectName("explainSpeed");
  speed_->setAccessibleName(tr("Speed"));
  speed_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  for (const double factor : {0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0})
    speed_->addItem(tr("%1×").arg(factor), factor);
  speed_->setCurrentIndex(speed_->findData(1.0));
  label->setBuddy(speed_);
  row->addWidget(loop_);
  row->addStretch(1);
  row->addWidget(label);
  row->addWidget(speed_);
  clock_.setInterval(kTickMilliseconds);
  connect(&clock_, &QTimer::timeout, this, &PlayBar::tick);
  connect(play_, &QToolButton::clicked, this, [this] { setPlaying(!playing()); });
  connect(back, &QToolButton::clicked, this, [this] { step(-1); });
  connect(forth, &QToolButton::clicked, this, [this] { step(1); });
}

void PlayBar::setLength(int rows) {
  length_ = rows;
  setTime(time_);
}

void PlayBar::setEnvironment(const QString& environment, const QString& physics) {
  const auto version = parse_physics(physics.toStdString());
  const auto info = environment_info(environment.toStdString(), version ? *version : Physics::v2);
  if (info) setStepSeconds(info->dt);
}

void PlayBar::setTime(int time) {
  time_ = std::clamp(time, 0, std::max(0, length_ - 1));
}

void PlayBar::moveTo(int time) {
  setTime(time);
  emit timeChanged(time_);
}

void PlayBar::step(int rows) {
  setPlaying(false);
  moveTo(time_ + rows);
}

void PlayBar::setPlaying(bool playing) {
  if (playing == clock_.isActive()) return;
  owed_ = 0.0;
  if (playing) {
    if (time_ + 1 >= length_) moveTo(0);
    since_.start();
    clock_.start();
  } else {
    clock_.stop();
  }
  play_->setIcon(themedIcon(playing ? "pause" : "start"));
}

void PlayBar::tick() {
  owed_ += static_cast<double>(since_.restart()) / 1000.0 * speed_->currentData().toDouble() / step_seconds_;
  const int rows = static_cast<int>(owed_);
  if (rows == 0) return;
  owed_ -= rows;
  if (time_ + 1 < length_) return moveTo(time_ + rows);
  if (loop_->isChecked()) return moveTo(0);
  setPlaying(false);
}

}  // namespace vaco::ui
