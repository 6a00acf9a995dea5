// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/side_panel.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QMenu>
#include <QSignalBlocker>
#include <QSlider>
#include <QSpinBox>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <numeric>

#include "ui/explain/play_bar.h"
#include "ui/explain/state_picture.h"
#include "ui/figures/number_text.h"
#include "ui/rollout/rollout_view.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/quiet_combo.h"

namespace vaco::ui {
namespace {

constexpr int kMostEpisodes = 1'000'000;
constexpr int kSourceLetters = 12;  // in sight of a choice; its list shows all
constexpr int kFromLetters = 5;

double returnUpTo(const Recording& states, int time) {
  const auto count = std::min<size_t>(states.rewards.size(), static_cast<size_t>(std::max(0, time)));
  return std::accumulate(states.rewards.begin(), states.rewards.begin() + static_cast<std::ptrdiff_t>(count),
                         0.0);
}

}  // namespace

SidePanel::SidePanel(Worker& reaper, QWidget* parent) : QWidget(parent) {
  setObjectName("sidePanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  column->addWidget(makeHeader());
  auto* pictures = new QHBoxLayout;
  pictures->setSpacing(2);
  for (auto*& picture : pictures_) {
    picture = new StatePicture(reaper, this);
    pictures->addWidget(picture, 1);
  }
  column->addLayout(pictures, 1);
  told_ = new ElidedLabel(this);
  told_->setObjectName("sideTold");
  told_->setMargin(3);
  column->addWidget(told_);
  auto* line = new QHBoxLayout;
  line->setSpacing(6);
  line->setContentsMargins(8, 0, 8, 0);
  scrubber_ = new QSlider(Qt::Horizontal, this);
  scrubber_->setObjectName("sideScrubber");
  scrubber_->setAccessibleName(tr("Time step of both"));
  scrubber_->setRange(0, 0);
  where_ = new QLabel(this);
  where_->setObjectName("sideWhere");
  line->addWidget(scrubber_, 1);
  line->addWidget(where_);
  column->addLayout(line);
  bar_ = new PlayBar(this);
  column->addWidget(bar_);
  connect(bar_, &PlayBar::timeChanged, this, &SidePanel::showTime);
  connect(scrubber_, &QSlider::valueChanged, this, [this](int time) {
    bar_->setPlaying(false);
    setTime(time);
  });
  showTime(0);
}

QWidget* SidePanel::makeHeader() {
  auto* header = new QWidget(this);
  auto* row = new QHBoxLayout(header);
  row->setContentsMargins(8, 4, 6, 2);
  const QString names[] = {tr("What acts on the left"), tr("What acts on the right")};
  for (size_t side = 0; side < kSides; ++side) {
    sources_[side] = new QuietCombo(header);
    sources_[side]->setObjectName(side == 0 ? "sideLeft" : "sideRight");
    sources_[side]->setAccessibleName(names[side]);
    sources_[side]->setToolTip(
        tr("A policy of the run that is shown, of the baseline or of a ticked run, or what is recorded"));
    sources_[side]->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    sources_[side]->setMinimumContentsLength(kSourceLetters);
    sources_[side]->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(sources_[side], &QComboBox::activated, this, &SidePanel::choiceChanged);
  }
  auto* label = new QLabel(tr("From"), header);
  from_ = new QuietCombo(header);
  from_->setObjectName("sideFrom");
  from_->setMinimumContentsLength(kFromLetters);
  from_->addItem(tr("the start of episode"));
  from_->addItem(tr("what the rollout shows"));
  from_->setToolTip(tr("The state that both begin in"));
  label->setBuddy(from_);
  episode_ = new QSpinBox(header);
  episode_->setObjectName("sideEpisode");
  episode_->setAccessibleName(tr("Number of the episode"));
  episode_->setRange(0, kMostEpisodes);
  episode_->setKeyboardTracking(false);
  auto* again = new QToolButton(header);
  again->setObjectName("sideAgain");
  again->setText(tr("Again"));
  again->setToolTip(tr("With the newest policies, and from what the rollout shows now"));
  row->addWidget(sources_[0], 2);
  row->addWidget(sources_[1], 2);
  row->addWidget(label);
  row->addWidget(from_, 1);
  row->addWidget(episode_);
  row->addWidget(again);
  row->addWidget(makeOverlays());
  connect(from_, &QComboBox::activated, this, [this] {
    episode_->setVisible(from_->currentIndex() == 0);
    emit choiceChanged();
  });
  connect(episode_, &QSpinBox::valueChanged, this, &SidePanel::choiceChanged);
  connect(again, &QToolButton::clicked, this, &SidePanel::choiceChanged);
  return header;
}

QWidget* SidePanel::makeOverlays() {
  auto* button = new QToolButton(this);
  button->setObjectName("sideOverlays");
  button->setText(tr("Overlays"));
  button->setToolTip(tr("What is drawn over both pictures"));
  button->setPopupMode(QToolButton::InstantPopup);
  auto* menu = new QMenu(button);
  const std::pair<QString, bool OverlayChoice::*> all[] = {{tr("&Rewards"), &OverlayChoice::rewards},
                                                           {tr("&Actions"), &OverlayChoice::actions},
                                                           {tr("&Q of what follows"), &OverlayChoice::values},
                                                           {tr("&Contact forces"), &OverlayChoice::forces}};
  for (const auto& [text, which] : all) {
    auto* action = menu->addAction(text);
    action->setCheckable(true);
    connect(action, &QAction::toggled, this, [this, which = which] {
      for (auto* picture : pictures_) picture->view().toggleOverlay(which);
    });
  }
  button->setMenu(menu);
  return button;
}

void SidePanel::setSources(const QStringList& labels) {
  for (size_t side = 0; side < kSides; ++side) {
    auto& combo = *sources_[side];
    const auto chosen = combo.currentText();
    combo.clear();
    combo.addItems(labels);
    const int found = combo.findText(chosen);
    combo.setCurrentIndex(found >= 0 ? found : std::min(static_cast<int>(side), combo.count() - 1));
  }
}

int SidePanel::source(size_t side) const {
  return sources_[side]->currentIndex();
}

int SidePanel::episode() const {
  return from_->currentIndex() == 0 ? episode_->value() : -1;
}

void SidePanel::setEnvironment(const QString& environment, const QString& physics) {
  for (auto* picture : pictures_) picture->setEnvironment(environment, physics);
  bar_->setEnvironment(environment, physics);
}

void SidePanel::setStates(size_t side, std::shared_ptr<const Recording> states, const QString& words) {
  pictures_[side]->setStates(std::move(states), words);
  int64_t rows = 0;
  for (const auto* picture : pictures_)
    if (picture->states()) rows = std::max(rows, picture->states()->states());
  bar_->setLength(static_cast<int>(rows));
  const QSignalBlocker quiet(scrubber_);
  scrubber_->setRange(0, std::max(0, static_cast<int>(rows) - 1));
  showTime(bar_->time());
}

void SidePanel::setValues(const std::shared_ptr<const ValueSnapshot>& values) {
  for (auto* picture : pictures_) picture->setValues(values);
}

int SidePanel::time() const {
  return bar_->time();
}

void SidePanel::setTime(int time) {
  bar_->setTime(time);
  showTime(bar_->time());
}

void SidePanel::showTime(int time) {
  const QSignalBlocker quiet(scrubber_);
  scrubber_->setValue(time);
  where_->setText(QString("%1 / %2").arg(countText(time), countText(scrubber_->maximum())));
  for (auto* picture : pictures_) picture->seek(time);
  const auto &left = pictures_[0]->states(), &right = pictures_[1]->states();
  if (!left || !right) return told_->clear();
  const double one = returnUpTo(*left, time), other = returnUpTo(*right, time);
  told_->setText(tr("Return so far %1 on the left, %2 on the right, difference %3")
                     .arg(fixedText(one, 1), fixedText(other, 1), fixedText(one - other, 1)));
}

void SidePanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  emit seen();
}

void SidePanel::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Space) return bar_->setPlaying(!bar_->playing());
  QWidget::keyPressEvent(event);
}

}  // namespace vaco::ui
