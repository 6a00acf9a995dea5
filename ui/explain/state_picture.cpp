// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/state_picture.h"

#include <utility>

#include <QLabel>
#include <QVBoxLayout>

#include "core/sim/environment.h"
#include "ui/bridge/worker.h"
#include "ui/rollout/rollout_view.h"
#include "ui/widgets/elided_label.h"

namespace vaco::ui {

StatePicture::StatePicture(Worker& reaper, QWidget* parent) : QWidget(parent), reaper_(reaper) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  words_ = new ElidedLabel(this);
  words_->setMargin(3);
  view_ = new RolloutView(this);
  view_->setAccessibleName(tr("The robot at the cursor's time"));
  view_->setDriven();
  view_->setOverlays({.whose = false});
  column->addWidget(words_);
  column->addWidget(view_, 1);
}

StatePicture::~StatePicture() {
  view_->setPlayer(nullptr);
  reaper_.reap(std::move(player_));
}

void StatePicture::setEnvironment(const QString& environment, const QString& physics) {
  if (environment == environment_ && physics == physics_) return;
  environment_ = environment;
  physics_ = physics;
  view_->setPlayer(nullptr);
  reaper_.reap(std::move(player_));
  if (isVisible()) makePlayer();
}

void StatePicture::setStates(std::shared_ptr<const Recording> states, const QString& words) {
  words_->setText(words);
  words_->setToolTip(words);
  view_->setPlaceholder(states ? QString() : words);
  if (states == states_) return;
  states_ = std::move(states);
  if (!states_) {
    view_->setPlayer(nullptr);
    reaper_.reap(std::move(player_));
    return;
  }
  if (isVisible()) makePlayer();
  if (player_) player_->set_recording(states_);
  seek(row_);
}

void StatePicture::setValues(std::shared_ptr<const ValueSnapshot> values) {
  values_ = std::move(values);
  if (player_) player_->set_values(values_);
}

void StatePicture::seek(int64_t row) {
  row_ = row;
  view_->seek(row);
}

void StatePicture::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  makePlayer();
}

void StatePicture::makePlayer() {
  if (player_ || environment_.isEmpty() || !states_) return;
  const auto physics = parse_physics(physics_.toStdString());
  player_ = std::make_unique<RolloutPlayer>(environment_.toStdString(), physics ? *physics : Physics::v2);
  player_->set_cpu_budget(1.0);
  player_->set_values(values_);
  player_->set_recording(states_);
  view_->setPlayer(player_.get());
  view_->seek(row_);
}

}  // namespace vaco::ui
