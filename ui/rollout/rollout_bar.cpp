// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rollout_bar.h"

#include <algorithm>

#include <QAbstractItemView>
#include <QCheckBox>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/figures/number_text.h"
#include "ui/rollout/rollout_view.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/quiet_combo.h"

namespace vaco::ui {

namespace {
constexpr int kPageSteps = 25;
constexpr int kFewestLetters = 4, kMostLetters = 26;  // in sight of the choice; its list shows all
}  // namespace

RolloutBar::RolloutBar(RolloutView& view, QWidget* parent) : QWidget(parent), view_(view) {
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(6, 2, 6, 3);
  column->setSpacing(0);
  column->addWidget(makeScrubber());
  column->addWidget(makeButtons());
  connect(scrubber_, &QSlider::valueChanged, this, &RolloutBar::scrub);
  connect(play_, &QToolButton::clicked, this, [this] { view_.setPlaying(!view_.playing()); });
  connect(back_, &QToolButton::clicked, &view_, &RolloutView::stepBack);
  connect(forth_, &QToolButton::clicked, &view_, &RolloutView::step);
  connect(restart_, &QToolButton::clicked, &view_, &RolloutView::restart);
  connect(camera_, &QToolButton::clicked, &view_, &RolloutView::resetCamera);
  connect(loop_, &QCheckBox::toggled, &view_, &RolloutView::setLoop);
  connect(&view_, &RolloutView::loopChanged, loop_, &QCheckBox::setChecked);
  connect(speed_, &QComboBox::activated, this,
          [this](int at) { view_.setSpeed(speed_->itemData(at).toDouble()); });
  connect(&view_, &RolloutView::speedChanged, this,
          [this](double speed) { speed_->setCurrentIndex(speed_->findData(speed)); });
  connect(&view_, &RolloutView::playingChanged, this, &RolloutBar::showPlaying);
  connect(&view_, &RolloutView::frameChanged, this, &RolloutBar::takeFrame);
  connect(episodes_, &QComboBox::activated, this, &RolloutBar::episodeChosen);
  setEpisodes({});
  setShown(0);
  showPlaying();
  takeFrame();
}

QToolButton* RolloutBar::makeButton(const char* name, const QString& text, const QString& tip) {
  auto* made = new QToolButton(this);
  made->setObjectName(name);
  made->setAutoRaise(true);
  made->setToolTip(tip);
  made->setAccessibleName(text);
  return made;
}

QWidget* RolloutBar::makeScrubber() {
  auto* line = new QWidget(this);
  auto* row = new QHBoxLayout(line);
  row->setContentsMargins(0, 0, 0, 0);
  play_ = makeButton("rolloutPlay", tr("Play or pause"), tr("Play or pause (Space)"));
  scrubber_ = new QSlider(Qt::Horizontal, line);
  scrubber_->setObjectName("rolloutScrubber");
  scrubber_->setAccessibleName(tr("Time step"));
  scrubber_->setToolTip(tr("Time step of the episode: drag, or Left, Right, Page Up, Page Down, Home, End"));
  scrubber_->setPageStep(kPageSteps);
  where_ = new QLabel(line);
  where_->setObjectName("rolloutWhere");
  where_->setAlignment(Qt::AlignRight | Qt::AlignVCenter);
  where_->setMinimumWidth(fontMetrics().horizontalAdvance("1,000 / 1,000"));
  row->addWidget(play_);
  row->addWidget(scrubber_, 1);
  row->addWidget(where_);
  row->addWidget(makeOverlays());
  return line;
}

QWidget* RolloutBar::makeButtons() {
  auto* line = new QWidget(this);
  auto* row = new QHBoxLayout(line);
  row->setContentsMargins(0, 0, 0, 0);
  row->setSpacing(2);
  back_ = makeButton("rolloutBack", tr("A step back"), tr("A step back (Left)"));
  forth_ = makeButton("rolloutStep", tr("Single step"), tr("Single step (. or Right)"));
  restart_ =
      makeButton("rolloutRestart", tr("Restart"), tr("New episode; a recorded one from its beginning (R)"));
  camera_ = makeButton("rolloutCamera", tr("Reset camera"), tr("Reset the camera (Esc or double click)"));
  film_ = makeButton("rolloutFilm", tr("Write as pictures or a film"),
                     tr("Write the episode as a film or as pictures, or what is in sight as a figure"));
  for (auto* button : {back_, forth_, restart_, camera_, film_}) row->addWidget(button);
  forth_->setIcon(themedIcon("step"));
  restart_->setIcon(themedIcon("restart"));
  camera_->setIcon(themedIcon("fit-view"));
  film_->setIcon(themedIcon("export"));
  connect(film_, &QToolButton::clicked, this, &RolloutBar::filmRequested);
  back_->setArrowType(Qt::LeftArrow);
  loop_ = new QCheckBox(tr("Loop"), line);
  loop_->setObjectName("rolloutLoop");
  loop_->setChecked(view_.loop());
  loop_->setToolTip(tr("Go on at the end of an episode (L); else it pauses there"));
  row->addWidget(loop_);
  row->addStretch(1);
  episodes_ = new QuietCombo(line);
  episodes_->setObjectName("rolloutEpisodes");
  episodes_->setAccessibleName(tr("Episode that is shown"));
  episodes_->setToolTip(tr("The newest policy, or one of the last episodes again"));
  episodes_->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
  episodes_->setMinimumContentsLength(kFewestLetters);
  episodes_->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
  episodes_->setMaximumWidth(kMostLetters * fontMetrics().averageCharWidth());
  episodes_->setPlaceholderText(tr("Of the data"));
  row->addWidget(episodes_, 20);
  speed_ = new QuietCombo(line);
  speed_->setObjectName("rolloutSpeed");
  speed_->setSizeAdjustPolicy(QComboBox::AdjustToContents);
  speed_->setAccessibleName(tr("Speed"));
  speed_->setToolTip(tr("Speed against real time (+ and -)"));
  for (const double factor : {0.1, 0.25, 0.5, 1.0, 2.0, 4.0, 10.0})
    speed_->addItem(tr("%1×").arg(factor), factor);
  speed_->setCurrentIndex(speed_->findData(1.0));
  row->addSpacing(4);
  row->addWidget(speed_);
  return line;
}

QToolButton* RolloutBar::makeOverlays() {
  auto* button = makeButton("rolloutOverlays", tr("Overlays"), tr("What is drawn over the picture"));
  button->setText(tr("Overlays"));
  button->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(button);
  const auto add = [&](const char* name, const QString& text, bool OverlayChoice::*which) {
    auto* action = menu->addAction(text);
    action->setObjectName(name);
    action->setCheckable(true);
    connect(action, &QAction::toggled, this, [this, which](bool on) {
      auto choice = view_.overlays();
      choice.*which = on;
      view_.setOverlays(choice);
    });
    return action;
  };
  rewards_ = add("rolloutRewards", tr("&Rewards\t1"), &OverlayChoice::rewards);
  actions_ = add("rolloutActions", tr("&Actions\t2"), &OverlayChoice::actions);
  values_ = add("rolloutValues", tr("&Q of what follows\t3"), &OverlayChoice::values);
  forces_ = add("rolloutForces", tr("&Contact forces\t4"), &OverlayChoice::forces);
  button->setMenu(menu);
  connect(&view_, &RolloutView::overlaysChanged, this, [this] {
    rewards_->setChecked(view_.overlays().rewards);
    actions_->setChecked(view_.overlays().actions);
    values_->setChecked(view_.overlays().values);
    forces_->setChecked(view_.overlays().forces);
  });
  return button;
}

void RolloutBar::showPlaying() {
  play_->setIcon(themedIcon(view_.playing() ? "pause" : "start"));
}

void RolloutBar::setEpisodes(const std::vector<Entry>& episodes) {
  const int shown = episodes_->currentIndex();
  episodes_->clear();
  episodes_->addItem(tr("Newest policy"));
  for (const auto& entry : episodes) {
    episodes_->addItem(entry.text);
    episodes_->setItemData(episodes_->count() - 1, entry.tip, Qt::ToolTipRole);
  }
  int letters = 0;
  for (int i = 0; i < episodes_->count(); ++i)
    letters = std::max(letters, fontMetrics().horizontalAdvance(episodes_->itemText(i)));
  episodes_->view()->setMinimumWidth(letters + 2 * fontMetrics().height());
  setShown(shown < episodes_->count() ? shown : -1);
}

void RolloutBar::setShown(int entry) {
  episodes_->setCurrentIndex(entry);
}

void RolloutBar::scrub(int time_step) {
  view_.setPlaying(false);
  view_.seek(time_step);
}

void RolloutBar::takeFrame() {
  const auto* frame = view_.frame();
  setEnabled(frame != nullptr);
  if (!frame) return where_->clear();
  // A picture of before must not pull the handle back.
  if (view_.seeking()) return;
  const QSignalBlocker quiet(scrubber_);
  scrubber_->setRange(0, frame->last_row);
  if (!scrubber_->isSliderDown()) scrubber_->setValue(frame->time_step);
  where_->setText(QString("%1 / %2").arg(countText(frame->time_step), countText(frame->last_row)));
}

}  // namespace vaco::ui
