// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/rollout_panel.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include <QAbstractItemView>
#include <QComboBox>
#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include "core/sim/environment.h"
#include "core/tasks/catalogue.h"
#include "core/tasks/reference_scores.h"
#include "ui/bridge/worker.h"
#include "ui/figures/number_text.h"
#include "ui/rollout/film_desk.h"
#include "ui/rollout/rollout_bar.h"
#include "ui/rollout/rollout_view.h"
#include "ui/widgets/elided_label.h"

namespace vaco::ui {

namespace {
constexpr double kShareWhileTraining = 0.15;  // of a core
constexpr int kRoomForWords = 260;            // pixels; a lower panel keeps them for its picture

double totalReward(const Recording& episode) {
  return std::accumulate(episode.rewards.begin(), episode.rewards.end(), 0.0);
}

/// What there is to say of an episode that was rolled out.
QString episodeWords(const Recording& episode) {
  const auto end = episode.end == RolledEnd::terminated   ? RolloutPanel::tr("ended by the task")
                   : episode.end == RolledEnd::time_limit ? RolloutPanel::tr("ended by the time limit")
                   : episode.end == RolledEnd::unknown    ? RolloutPanel::tr("so far")
                                                          : RolloutPanel::tr("left half way");
  const auto words =
      episode.end == RolledEnd::unknown
          ? RolloutPanel::tr("Episode %1 of the policy at step %2: return %3, %4 steps, %5")
          : RolloutPanel::tr("Episode %1 again, of the policy at step %2: return %3, %4 steps, %5");
  return words.arg(QString::number(episode.index), countText(episode.policy_step),
                   fixedText(totalReward(episode), 1), countText(episode.length()), end);
}
}  // namespace

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
  bar_ = new RolloutBar(*view_, this);
  column->addWidget(bar_);
  films_ = new FilmDesk(this);
  column->addWidget(films_);
  connect(bar_, &RolloutBar::filmRequested, this, &RolloutPanel::askFilm);
  connect(films_, &FilmDesk::written, this, &RolloutPanel::filmWritten);
  connect(films_, &FilmDesk::failed, this, &RolloutPanel::filmFailed);
  connect(view_, &RolloutView::frameChanged, this, &RolloutPanel::takeEpisodes);
  connect(view_, &RolloutView::overlaysChanged, this, [this] {
    if (showsValues() && !values_) emit valuesWanted();
  });
  connect(bar_, &RolloutBar::episodeChosen, this, &RolloutPanel::showEpisode);
}

QWidget* RolloutPanel::makeTrajectoryStrip() {
  auto* strip = new QWidget(this);
  strip->setObjectName("trajectoryStrip");
  auto* row = new QHBoxLayout(strip);
  row->setContentsMargins(10, 5, 6, 5);
  facts_ = new ElidedLabel(strip);
  facts_->setObjectName("trajectoryFacts");
  facts_->setTextFormat(Qt::PlainText);
  facts_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  auto* back = new QToolButton(strip);
  back->setObjectName("backToPolicy");
  back->setText(tr("Back to the policy"));
  back->setToolTip(tr("Put the trajectory away and watch the newest policy again"));
  row->addWidget(facts_, 1);
  row->addWidget(back, 0, Qt::AlignTop);
  strip->hide();
  fitFacts();
  connect(back, &QToolButton::clicked, this, &RolloutPanel::showPolicy);
  return strip;
}

void RolloutPanel::tellFacts(const QString& words) {
  facts_->setText(words);
  facts_->setToolTip(words);
  strip_->show();
}

void RolloutPanel::fitFacts() {
  const bool wraps = height() >= kRoomForWords;
  facts_->setWordWrap(wraps);
  QSizePolicy policy(wraps ? QSizePolicy::Preferred : QSizePolicy::Ignored, QSizePolicy::Preferred);
  policy.setHeightForWidth(wraps);
  facts_->setSizePolicy(policy);
}

void RolloutPanel::resizeEvent(QResizeEvent* event) {
  QWidget::resizeEvent(event);
  fitFacts();
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
  tellFacts(text);
  if (!trajectory.environment.empty()) setEnvironment(QString::fromStdString(trajectory.environment), physics_);
  // Told again with the weight of another snapshot, it plays on.
  if (std::exchange(trajectory_, trajectory.index) == trajectory.index && recording_) return;
  play(trajectory.states);
}

void RolloutPanel::showRecording(std::shared_ptr<const Recording> states, const QString& words) {
  tellFacts(words);
  trajectory_ = -1;
  play(std::move(states));
}

void RolloutPanel::showPolicy() {
  strip_->hide();
  trajectory_ = -1;
  play(nullptr);
  emit trajectoryClosed();
}

RolloutPanel::~RolloutPanel() {
  view_->setPlayer(nullptr);
  reaper_.reap(std::move(player_));
}

void RolloutPanel::play(std::shared_ptr<const Recording> recording) {
  recording_ = std::move(recording);
  if (player_) player_->set_recording(recording_);
  view_->forgetSeek();
  markShown();
  emit recordingChanged();
}

void RolloutPanel::markShown() {
  const auto found = std::find(episodes_.begin(), episodes_.end(), recording_);
  const bool kept = recording_ && found != episodes_.end();
  bar_->setShown(kept ? static_cast<int>(found - episodes_.begin()) + 1 : recording_ ? -1 : 0);
}

void RolloutPanel::takeEpisodes() {
  const auto* frame = view_->frame();
  // An open list is not pulled away from under the pointer.
  if (!player_ || !frame || frame->rolled_ever == rolled_ever_ || bar_->episodes().view()->isVisible()) return;
  rolled_ever_ = frame->rolled_ever;
  episodes_ = player_->rolled();
  std::reverse(episodes_.begin(), episodes_.end());
  listEpisodes();
}

void RolloutPanel::listEpisodes() {
  std::vector<RolloutBar::Entry> entries;
  for (const auto& episode : episodes_) {
    const auto words = episodeWords(*episode);
    entries.push_back(
        {tr("Episode %1: return %2").arg(episode->index).arg(fixedText(totalReward(*episode), 1)), words});
  }
  bar_->setEpisodes(entries);
  markShown();
}

void RolloutPanel::showEpisode(int entry) {
  if (entry <= 0) return showPolicy();
  const auto& episode = episodes_[static_cast<size_t>(entry) - 1];
  tellFacts(episodeWords(*episode));
  trajectory_ = -1;
  play(episode);
}

void RolloutPanel::askFilm() {
  if (films_->writing()) return emit noFilm(tr("A film is being written; wait for it or cancel it"));
  Film film;
  const auto* frame = view_->frame();
  film.recording = frame ? frame->shown : nullptr;
  if (!film.recording) return emit noFilm(tr("There is nothing to film yet: no policy has acted here"));
  film.environment = environment_.toStdString();
  if (const auto physics = parse_physics(physics_.toStdString())) film.physics = *physics;
  film.values = values_;
  film.why_no_values = why_no_values_;
  film.overlays = view_->overlays();
  film.look.contact_forces = film.overlays.forces;
  film.look.dark = palette().color(QPalette::Window).lightness() < 128;
  film.font = font();
  film.look.camera = frame->camera;
  film.time_step = frame->time_step;
  const bool of_data = film.recording->policy_step < 0;
  const auto what = of_data
                        ? tr("Trajectory %1 of the data, %2 steps")
                              .arg(QString::number(film.recording->index), countText(film.recording->length()))
                        : episodeWords(*film.recording);
  films_->ask(film, what, QString(of_data ? "trajectory_%1" : "episode_%1").arg(film.recording->index));
}

void RolloutPanel::setEnvironment(const QString& environment, const QString& physics) {
  if (environment == environment_ && physics == physics_) return;
  environment_ = environment;
  physics_ = physics;
  policy_.reset();  // it is of the other environment
  recording_.reset();
  episodes_.clear();
  rolled_ever_ = 0;
  view_->setPlayer(nullptr);
  reaper_.reap(std::move(player_));
  listEpisodes();
  if (isVisible()) makePlayer();
}

void RolloutPanel::setPolicy(std::shared_ptr<const PolicySnapshot> policy) {
  policy_ = std::move(policy);
  if (player_) player_->set_policy(policy_);
}

void RolloutPanel::setValues(std::shared_ptr<const ValueSnapshot> values, const QString& why) {
  values_ = std::move(values);
  why_no_values_ = why;
  view_->setWhyNoValues(why);
  if (player_) player_->set_values(values_);
}

bool RolloutPanel::showsValues() const {
  return view_->overlays().values;
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
  // By its name alone: asking for what is known of all would compile all models.
  const auto* task = find_task(environment_.toStdString());
  if (!task || !task->simulated()) {
    view_->setPlaceholder(
        tr("%1 cannot be simulated here: training works, evaluation and rollouts do not").arg(environment_));
    return;
  }
  const auto physics = parse_physics(physics_.toStdString());
  player_ = std::make_unique<RolloutPlayer>(environment_.toStdString(), physics ? *physics : Physics::v2);
  setTraining(training_);
  player_->set_policy(policy_);
  player_->set_values(values_);
  player_->set_recording(recording_);
  view_->setPlayer(player_.get());
}

}  // namespace vaco::ui
