// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rollout_panel.h"

#include <utility>

#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/sim/environment.h"
#include "core/tasks/reference_scores.h"
#include "ui/bridge/worker.h"
#include "ui/figures/number_text.h"
#include "ui/rollout/rollout_view.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/quiet_combo.h"

namespace vaco::ui {

namespace {
constexpr double kShareWhileTraining = 0.15;  // of a core
}

RolloutPanel::RolloutPanel(Worker& reaper, QWidget* parent) : QWidget(parent), reaper_(reaper) {
  setObjectName("rolloutPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  strip_ = makeTrajectoryStrip();
  column->addWidget(strip_);
  view_ = new RolloutView(this);
  view_->setPlaceholder(tr("Choose a dataset or an environment to see it here"));
  column->addWidget(view_, 1);
  auto* bar = new QHBoxLayout;
  bar->setContentsMargins(6, 3, 6, 3);
  bar->setSpacing(2);
  const auto button = [&](const char* name, const QString& text, const QString& tip) {
    auto* made = new QToolButton(this);
    made->setObjectName(name);
    made->setAutoRaise(true);
    made->setToolTip(tip);
    made->setAccessibleName(text);
    bar->addWidget(made);
    return made;
  };
  play_ = button("rolloutPlay", tr("Play or pause"), tr("Play or pause (Space)"));
  step_ = button("rolloutStep", tr("Single step"), tr("Single step (. or Right)"));
  restart_ = button("rolloutRestart", tr("Restart"), tr("New episode (R)"));
  camera_ = button("rolloutCamera", tr("Reset camera"), tr("Reset the camera (Esc or double click)"));
  bar->addStretch(1);
  auto* label = new QLabel(tr("S&peed"), this);
  speed_ = new QuietCombo(this);
  speed_->setObjectName("rolloutSpeed");
  speed_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  speed_->setAccessibleName(tr("Speed"));
  speed_->setToolTip(tr("Speed against real time (+ and -)"));
  for (const double factor : {0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0})
    speed_->addItem(tr("%1×").arg(factor), factor);
  speed_->setCurrentIndex(speed_->findData(1.0));
  label->setBuddy(speed_);
  bar->addWidget(label);
  bar->addWidget(speed_);
  column->addLayout(bar);

  connect(play_, &QToolButton::clicked, this, [this] { view_->setPlaying(!view_->playing()); });
  connect(step_, &QToolButton::clicked, view_, &RolloutView::step);
  connect(restart_, &QToolButton::clicked, view_, &RolloutView::restart);
  connect(camera_, &QToolButton::clicked, view_, &RolloutView::resetCamera);
  connect(speed_, &QComboBox::activated, this,
          [this](int at) { view_->setSpeed(speed_->itemData(at).toDouble()); });
  connect(view_, &RolloutView::speedChanged, this,
          [this](double speed) { speed_->setCurrentIndex(speed_->findData(speed)); });
  connect(view_, &RolloutView::playingChanged, this, &RolloutPanel::refreshIcons);
  refreshIcons();
}

QWidget* RolloutPanel::makeTrajectoryStrip() {
  auto* strip = new QWidget(this);
  strip->setObjectName("trajectoryStrip");
  auto* row = new QHBoxLayout(strip);
  row->setContentsMargins(10, 5, 6, 5);
  facts_ = new QLabel(strip);
  facts_->setObjectName("trajectoryFacts");
  facts_->setWordWrap(true);
  facts_->setTextFormat(Qt::PlainText);
  facts_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* back = new QToolButton(strip);
  back->setObjectName("backToPolicy");
  back->setText(tr("Back to the policy"));
  back->setToolTip(tr("Put the trajectory away and watch the newest policy again"));
  row->addWidget(facts_, 1);
  row->addWidget(back, 0, Qt::AlignTop);
  strip->hide();
  connect(back, &QToolButton::clicked, this, &RolloutPanel::showPolicy);
  return strip;
}

void RolloutPanel::showTrajectory(const RecordedTrajectory& trajectory) {
  auto value = tr("%1").arg(trajectory.total_reward, 0, 'f', 1);
  if (const auto reference = reference_scores(trajectory.environment))
    value += tr(" (normalized %1)").arg(reference->normalized(trajectory.total_reward), 0, 'f', 1);
  auto text =
      tr("Trajectory %1 of %2, %3, %4 steps. Weight %5 at step %9, rank %6. Return %7, rank %8")
          .arg(trajectory.index)
          .arg(trajectory.count)
          .arg(trajectory.source == "all" ? tr("source not said") : QString::fromStdString(trajectory.source))
          .arg(trajectory.length)
          .arg(trajectory.weight, 0, 'g', 3)
          .arg(trajectory.weight_rank)
          .arg(value)
          .arg(trajectory.return_rank)
          .arg(countText(trajectory.step));
  if (!trajectory.states)
    text += tr(". It cannot be played: %1").arg(QString::fromStdString(trajectory.why_no_states));
  facts_->setText(text);
  strip_->show();
  if (!trajectory.environment.empty()) setEnvironment(QString::fromStdString(trajectory.environment), physics_);
  // Told again with the weight of another snapshot, it plays on.
  if (std::exchange(trajectory_, trajectory.index) == trajectory.index && recording_) return;
  recording_ = trajectory.states;
  if (player_) player_->set_recording(recording_);
  emit recordingChanged();
}

void RolloutPanel::showRecording(std::shared_ptr<const Recording> states, const QString& words) {
  facts_->setText(words);
  strip_->show();
  trajectory_ = -1;
  recording_ = std::move(states);
  if (player_) player_->set_recording(recording_);
  emit recordingChanged();
}

void RolloutPanel::showPolicy() {
  strip_->hide();
  trajectory_ = -1;
  recording_.reset();
  if (player_) player_->set_recording(nullptr);
  emit recordingChanged();
  emit trajectoryClosed();
}

RolloutPanel::~RolloutPanel() {
  view_->setPlayer(nullptr);
  reaper_.reap(std::move(player_));
}

void RolloutPanel::refreshIcons() {
  play_->setIcon(themedIcon(view_->playing() ? "pause" : "start"));
  step_->setIcon(themedIcon("step"));
  restart_->setIcon(themedIcon("restart"));
  camera_->setIcon(themedIcon("fit-view"));
}

void RolloutPanel::setEnvironment(const QString& environment, const QString& physics) {
  if (environment == environment_ && physics == physics_) return;
  environment_ = environment;
  physics_ = physics;
  policy_.reset();  // it is of the other environment
  recording_.reset();
  view_->setPlayer(nullptr);
  reaper_.reap(std::move(player_));
  if (isVisible()) makePlayer();
}

void RolloutPanel::setPolicy(std::shared_ptr<const PolicySnapshot> policy) {
  policy_ = std::move(policy);
  if (player_) player_->set_policy(policy_);
}

void RolloutPanel::setTraining(bool training) {
  training_ = training;
  if (player_) player_->set_cpu_budget(training_ ? kShareWhileTraining : 1.0);
}

void RolloutPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  makePlayer();
}

void RolloutPanel::makePlayer() {
  if (player_ || environment_.isEmpty()) return;
  bool known = false;
  for (const auto& info : environments()) known = known || info.name == environment_.toStdString();
  if (!known) {
    view_->setPlaceholder(
        tr("%1 cannot be simulated here: training works, evaluation and rollouts do not").arg(environment_));
    return;
  }
  const auto physics = parse_physics(physics_.toStdString());
  player_ = std::make_unique<RolloutPlayer>(environment_.toStdString(), physics ? *physics : Physics::v2);
  setTraining(training_);
  player_->set_policy(policy_);
  player_->set_recording(recording_);
  view_->setPlayer(player_.get());
}

}  // namespace vaco::ui
