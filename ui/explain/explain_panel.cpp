// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/explain/explain_panel.h"

#include <QKeyEvent>
#include <QLabel>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <numeric>
#include <utility>

#include "core/explain/nearest.h"
#include "core/explain/row_table.h"
#include "ui/explain/explain_header.h"
#include "ui/explain/play_bar.h"
#include "ui/explain/state_picture.h"
#include "ui/explain/time_line_plot.h"
#include "ui/figures/number_text.h"

namespace vaco::ui {
namespace {

constexpr size_t kNearest = 5;
constexpr int kPlotsWidth = 460, kPicturesWidth = 300;  // at first; the splitter moves
constexpr int kOwnSlot = 0, kValueSlot = 1;

QVector<double> times(size_t count, int from = 0) {
  QVector<double> x(static_cast<qsizetype>(count));
  std::iota(x.begin(), x.end(), static_cast<double>(from));
  return x;
}

QVector<double> doubles(const std::vector<float>& values) {
  return {values.begin(), values.end()};
}

}  // namespace

ExplainPanel::ExplainPanel(Worker& reaper, QWidget* parent) : QWidget(parent), reaper_(reaper) {
  setObjectName("explainPanel");
  auto* column = new QVBoxLayout(this);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  header_ = new ExplainHeader(this);
  column->addWidget(header_);
  connect(header_, &ExplainHeader::trajectoryPicked, this, &ExplainPanel::trajectoryPicked);
  connect(header_, &ExplainHeader::comparisonPicked, this, &ExplainPanel::chooseComparison);
  connect(header_, &ExplainHeader::refreshRequested, this, &ExplainPanel::refreshRequested);
  connect(header_, &ExplainHeader::cancelRequested, this, &ExplainPanel::cancelRequested);
  pages_ = new QStackedWidget(this);
  message_ = new QLabel(pages_);
  message_->setObjectName("explainMessage");
  message_->setAlignment(Qt::AlignCenter);
  message_->setWordWrap(true);
  message_->setMargin(24);
  message_->setProperty("role", "faint");
  pages_->addWidget(message_);
  pages_->addWidget(makeContent());
  column->addWidget(pages_, 1);
  tell({});
}

QWidget* ExplainPanel::makeContent() {
  auto* content = new QWidget(this);
  auto* column = new QVBoxLayout(content);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  facts_ = new QLabel(content);
  facts_->setObjectName("explainFacts");
  facts_->setWordWrap(true);
  facts_->setTextFormat(Qt::PlainText);
  facts_->setMargin(4);
  facts_->setTextInteractionFlags(Qt::TextSelectableByMouse);
  near_ = new QLabel(content);
  near_->setObjectName("explainNear");
  near_->setWordWrap(true);
  near_->setMargin(4);
  near_->setTextInteractionFlags(Qt::LinksAccessibleByMouse | Qt::LinksAccessibleByKeyboard);
  connect(near_, &QLabel::linkActivated, this,
          [this](const QString& link) { emit trajectoryPicked(link.toInt()); });
  auto* across = new QSplitter(Qt::Horizontal, content);
  across->setChildrenCollapsible(false);
  auto* plots = new QSplitter(Qt::Vertical, across);
  line_ = new TimeLinePlot(tr("Time step"), plots);
  line_->setObjectName("explainTimeLine");
  line_->setAccessibleName(tr("The trajectory over its time"));
  history_ = new TimeLinePlot(tr("Training step"), plots);
  history_->setObjectName("explainHistory");
  history_->setAccessibleName(tr("The trajectory's weight and values over the training"));
  plots->addWidget(line_);
  plots->addWidget(history_);
  plots->setStretchFactor(0, 3);
  plots->setStretchFactor(1, 2);
  plots->setSizes({320, 230});
  auto* side = new QWidget(across);
  auto* pictures = new QVBoxLayout(side);
  pictures->setContentsMargins(0, 0, 0, 0);
  pictures->setSpacing(0);
  picture_ = new StatePicture(reaper_, side);
  compared_picture_ = new StatePicture(reaper_, side);
  compared_picture_->hide();
  pictures->addWidget(picture_, 1);
  pictures->addWidget(compared_picture_, 1);
  bar_ = new PlayBar(side);
  pictures->addWidget(bar_);
  connect(bar_, &PlayBar::timeChanged, this, &ExplainPanel::showTime);
  across->addWidget(plots);
  across->addWidget(side);
  across->setStretchFactor(0, 3);
  across->setStretchFactor(1, 2);
  across->setSizes({kPlotsWidth, kPicturesWidth});
  column->addWidget(facts_);
  column->addWidget(near_);
  column->addWidget(across, 1);
  connect(line_, &TimeLinePlot::cursorMoved, this, [this](double x) {
    bar_->setPlaying(false);
    setTime(static_cast<int>(x));
  });
  return content;
}

void ExplainPanel::tell(const QString& text) {
  message_->setText(
      text.isEmpty()
          ? tr("Why does a trajectory count? Open or train a run, then pick a trajectory: a point of "
               "the scatter, a bar of a histogram, a row of the episodes")
          : text);
  if (!run_ || trajectory_ < 0) pages_->setCurrentIndex(0);
}

void ExplainPanel::setBusy(const QString& doing, double fraction) {
  header_->setBusy(doing, fraction);
  if (!doing.isEmpty() && !run_) tell(doing + "…");
}

void ExplainPanel::setRun(std::shared_ptr<const ExplainedRun> run) {
  run_ = std::move(run);
  sums_ = run_ ? std::make_unique<InfluenceSums>(*run_) : nullptr;
  const int last = run_ ? static_cast<int>(run_->trajectories()) - 1 : 0;
  header_->setLast(last);
  if (!run_) return setTrajectory(-1);
  const auto environment = QString::fromStdString(run_->environment),
             physics = QString::fromStdString(run_->physics);
  picture_->setEnvironment(environment, physics);
  compared_picture_->setEnvironment(environment, physics);
  bar_->setEnvironment(environment, physics);
  setTrajectory(std::min(trajectory_, last));
}

void ExplainPanel::setTrajectory(int trajectory) {
  const bool other = trajectory != trajectory_;
  trajectory_ = trajectory;
  if (other) {
    policy_states_.reset();
    if (compared() == Compared::policy) header_->compareNothing();
  }
  if (!run_ || trajectory_ < 0) {
    tell({});
    return;
  }
  header_->setTrajectory(trajectory_);
  bar_->setLength(length());
  if (other) bar_->setTime(0);
  pages_->setCurrentIndex(1);
  showFacts();
  draw();
}

void ExplainPanel::showFacts() {
  const auto summary = summarize_trajectory(*run_, trajectory_);
  QStringList parts;
  parts << tr("Step %1. Trajectory %2 of %3, %4, %5 rows, ended by %6")
               .arg(countText(run_->step))
               .arg(trajectory_)
               .arg(run_->trajectories())
               .arg(summary.source == "all" ? tr("source not said") : QString::fromStdString(summary.source))
               .arg(summary.length)
               .arg(QString::fromStdString(summary.ended_by));
  parts << tr("return %1, rank %2").arg(fixedText(summary.total_reward, 1)).arg(summary.return_rank);
  if (summary.weight_rank > 0)
    parts << tr("mean weight %1, rank %2").arg(valueText(summary.weight)).arg(summary.weight_rank);
  if (sums_->known()) {
    const int64_t one = trajectory_;
    parts << tr("leaving it out would change the policy's value by about %1 (an estimate to first order)")
                 .arg(valueText(sums_->of({&one, 1}).change));
  }
  facts_->setText(parts.join("; "));
  QStringList links;
  for (const auto& [t, distance] : nearest_trajectories(run_->features, trajectory_, kNearest))
    links << QString("<a href='%1'>%1</a>").arg(t);
  near_->setVisible(!links.isEmpty());
  near_->setText(tr("Most alike in the eyes of the scoring network: %1").arg(links.join(", ")));
}

int ExplainPanel::length() const {
  return run_ && trajectory_ >= 0
             ? static_cast<int>(run_->table.episodes.length[static_cast<size_t>(trajectory_)])
             : 0;
}

void ExplainPanel::draw() {
  const auto table = row_table(*run_, trajectory_);
  const bool beside = compared() == Compared::trajectory && header_->other() != trajectory_;
  const auto other = beside ? row_table(*run_, header_->other()) : RowTable{};
  std::vector<TimeLinePlot::Track> tracks;
  const auto add = [&](const QString& label, std::initializer_list<std::pair<const char*, int>> keys) {
    TimeLinePlot::Track track{label, {}};
    for (const auto& [key, slot] : keys) {
      const auto* column = table.find(key);
      if (!column) continue;
      const auto name = QString::fromStdString(column->label);
      track.curves.push_back({name, times(table.rows()), doubles(column->values), slot, false});
      if (!beside) continue;
      track.curves.push_back({tr("%1 of %2").arg(name).arg(header_->other()), times(other.rows()),
                              doubles(other.find(key)->values), slot, true});
    }
    if (!track.curves.empty()) tracks.push_back(std::move(track));
  };
  add(tr("Reward"), {{"reward", kOwnSlot}});
  add(tr("Q, V"), {{"q", kOwnSlot}, {"v", kValueSlot}});
  add(tr("Q − V"), {{"advantage", kOwnSlot}});
  add(tr("Weight"), {{"weight", kOwnSlot}});
  add(tr("c"), {{"alignment", kOwnSlot}});
  if (compared() == Compared::policy && policy_states_) {
    const auto& rewards = policy_states_->rewards;
    tracks.front().curves.push_back({tr("reward of the policy"),
                                     times(rewards.size(), policy_from_),
                                     {rewards.begin(), rewards.end()},
                                     kOwnSlot,
                                     true});
  }
  line_->setTracks(std::move(tracks));
  showTime(time());
}

void ExplainPanel::setHistory(const TrajectoryHistory& history) {
  QVector<double> steps(history.steps.begin(), history.steps.end());
  std::vector<TimeLinePlot::Track> tracks{{tr("Weight"), {}}};
  const auto add = [&](const QString& name, const std::vector<double>& values, int slot, bool beside) {
    if (!values.empty())
      tracks.back().curves.push_back({name, steps, {values.begin(), values.end()}, slot, beside});
  };
  add(tr("mean weight"), history.weight, kOwnSlot, false);
  add(tr("of all"), history.overall, kValueSlot, true);
  if (!history.q.empty()) {
    tracks.push_back({tr("Q, V"), {}});
    add(tr("Q"), history.q, kOwnSlot, false);
    add(tr("V"), history.v, kValueSlot, false);
    tracks.push_back({tr("Q − V"), {}});
    add(tr("advantage"), history.advantage(), kOwnSlot, false);
  }
  if (!history.alignment.empty()) {
    tracks.push_back({tr("c"), {}});
    add(tr("alignment c"), history.alignment, kOwnSlot, false);
  }
  history_->setVisible(!steps.isEmpty());
  history_->setTracks(std::move(tracks));
  history_->setCursor(static_cast<double>(run_ ? run_->step : 0));
}

void ExplainPanel::setStates(const Result<EpisodeStates>& states) {
  if (!states)
    return picture_->setStates(nullptr,
                               tr("No picture: %1").arg(QString::fromStdString(states.error().message)));
  picture_->setStates(
      states->states,
      states->rebuilt ? tr("Trajectory %1, rebuilt of its observations: it stays in one place").arg(trajectory_)
                      : tr("Trajectory %1, as recorded").arg(trajectory_));
  picture_->seek(time());
}

const std::shared_ptr<const Recording>& ExplainPanel::states() const {
  return picture_->states();
}

void ExplainPanel::setComparedStates(const Result<EpisodeStates>& states) {
  compared_picture_->setStates(states ? states->states : nullptr,
                               states
                                   ? tr("Trajectory %1").arg(header_->other())
                                   : tr("No picture: %1").arg(QString::fromStdString(states.error().message)));
  compared_picture_->seek(time());
}

void ExplainPanel::setPolicyStates(const Result<std::shared_ptr<const Recording>>& states, int from) {
  policy_states_ = states ? *states : nullptr;
  policy_from_ = from;
  const auto total = policy_states_
                         ? std::accumulate(policy_states_->rewards.begin(), policy_states_->rewards.end(), 0.0)
                         : 0.0;
  compared_picture_->setStates(
      policy_states_, states
                          ? tr("The policy from time step %1: %2 steps, return %3")
                                .arg(from)
                                .arg(policy_states_->length())
                                .arg(fixedText(total, 1))
                          : tr("No policy beside it: %1").arg(QString::fromStdString(states.error().message)));
  if (run_ && trajectory_ >= 0) draw();
}

ExplainPanel::Compared ExplainPanel::compared() const {
  return header_->compared();
}

int ExplainPanel::comparedTrajectory() const {
  return compared() == Compared::trajectory ? header_->other() : -1;
}

void ExplainPanel::chooseComparison() {
  compared_picture_->setVisible(compared() != Compared::nothing);
  if (compared() != Compared::policy) policy_states_.reset();
  if (run_ && trajectory_ >= 0) draw();
  emit comparisonChanged();
}

int ExplainPanel::time() const {
  return bar_->time();
}

void ExplainPanel::setTime(int time) {
  bar_->setTime(time);
  showTime(bar_->time());
}

void ExplainPanel::showTime(int time) {
  line_->setCursor(time);
  picture_->seek(time);
  compared_picture_->seek(compared() == Compared::policy ? std::max(0, time - policy_from_) : time);
}

void ExplainPanel::showEvent(QShowEvent* event) {
  QWidget::showEvent(event);
  emit seen();
}

void ExplainPanel::keyPressEvent(QKeyEvent* event) {
  if (event->key() == Qt::Key_Space) return bar_->setPlaying(!bar_->playing());
  QWidget::keyPressEvent(event);
}

}  // namespace vaco::ui
