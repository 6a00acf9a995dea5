// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/explain_controller.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <utility>

#include "core/data/episode_list.h"
#include "core/explain/replay.h"
#include "core/explain/row_table.h"
#include "core/explain/state_map.h"
#include "core/explain/trajectory_history.h"
#include "ui/bridge/selection.h"
#include "ui/bridge/session_bridge.h"
#include "ui/data/dataset_loader.h"
#include "ui/explain/episode_panel.h"
#include "ui/explain/explain_panel.h"
#include "ui/explain/state_map_plot.h"
#include "ui/figures/number_text.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/shell/shown_run.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {
namespace {

constexpr int64_t kMostStates = 20'000;
/// The window stays fluid while a run trains beside it.
constexpr int kThreads = 1;

/// What the networks were asked for, as far as it can be made ready in the background.
struct Asked {
  Result<ExplainedRun> run = Error{};
  bool saved = false;  ///< there is a checkpoint
  std::shared_ptr<const StateMap> map;
  std::vector<double> weights, changes;  ///< of the episodes as the file counts them
};

/// Values of a run's trajectories where the file has them; NaN for episodes that the run left out.
std::vector<double> placedInFile(const std::vector<double>& values, const EpisodeList& left_out) {
  std::vector<double> placed;
  for (size_t t = 0; t < values.size(); ++t) {
    placed.resize(static_cast<size_t>(left_out.nth_left(static_cast<int64_t>(t))),
                  std::numeric_limits<double>::quiet_NaN());
    placed.push_back(values[t]);
  }
  return placed;
}

std::shared_ptr<Asked> askNetworks(const std::filesystem::path& folder, const DatasetRead& read,
                                   const ProgressFn& progress, const std::stop_token& stop) {
  auto asked = std::make_shared<Asked>();
  asked->saved = !entries_of(folder / "checkpoints").empty();
  asked->run = explain_run(folder, kThreads, progress, stop, read);
  if (!asked->run) return asked;
  const auto& run = *asked->run;
  asked->map = std::make_shared<const StateMap>(
      make_state_map(run.observations, run.obs_dim, run.table.episodes, kMostStates));
  const auto listed = EpisodeList::parse(run.config.exclude);
  const auto left_out = listed ? *listed : EpisodeList();
  asked->weights = placedInFile(trajectory_means(run.table.episodes, run.weight), left_out);
  std::vector<double> changes;
  const InfluenceSums sums(run);
  if (sums.known())
    for (int64_t t = 0; t < run.trajectories(); ++t) changes.push_back(sums.of({&t, 1}).change);
  asked->changes = placedInFile(changes, left_out);
  return asked;
}

}  // namespace

ExplainController::ExplainController(const Parts& parts, QObject* parent) : QObject(parent), parts_(parts) {
  connect(&parts_.shown, &ShownRun::shown, this, &ExplainController::forget);
  connect(&parts_.panel, &ExplainPanel::seen, this, &ExplainController::askIfNeeded);
  connect(&parts_.map, &StateMapPlot::seen, this, &ExplainController::askIfNeeded);
  connect(&parts_.panel, &ExplainPanel::refreshRequested, this, &ExplainController::refresh);
  connect(&parts_.panel, &ExplainPanel::cancelRequested, this, [this] {
    wants_checkpoint_ = false;
    asking_.cancel();
    parts_.panel.setBusy({}, 0.0);
  });
  connect(&parts_.panel, &ExplainPanel::comparisonChanged, this, &ExplainController::compare);
  connect(&parts_.selection, &Selection::currentChanged, this, [this](int trajectory) {
    if (parts_.panel.isVisible()) askIfNeeded();
    lookAt(trajectory);
  });
  connect(&parts_.session, &SessionBridge::event, this, [this](const Event& event) {
    if (!std::holds_alternative<CheckpointSaved>(event) || !parts_.shown.own()) return;
    if (std::exchange(wants_checkpoint_, false))
      ask();
    else if (wanted())
      askIfNeeded();
  });
  connect(&parts_.session, &SessionBridge::ended, this, [this] {
    if (std::exchange(wants_checkpoint_, false)) ask();
  });
  connect(&parts_.rollout, &RolloutPanel::valuesWanted, this, &ExplainController::askIfNeeded);
  connect(&parts_.episodes, &EpisodePanel::replayRequested, this, &ExplainController::replay);
  connect(&asking_, &BackgroundJob::progressed, this,
          [this](double fraction, const QString& doing) { parts_.panel.setBusy(doing, fraction); });
  connect(&asking_, &BackgroundJob::cancelled, this, [this] { parts_.panel.setBusy({}, 0.0); });
  for (auto* job : {&asking_, &looking_, &comparing_, &replaying_})
    connect(job, &BackgroundJob::failed, this, &ExplainController::complain);
}

void ExplainController::complain(const QString& message) {
  parts_.panel.setBusy({}, 0.0);
  parts_.messages.post(MessageKind::error, "explain", message);
}

void ExplainController::forget() {
  asking_.cancel();
  looking_.cancel();
  comparing_.cancel();
  asked_.clear();
  wants_checkpoint_ = false;
  parts_.messages.dismiss("explain");
  parts_.panel.setRun(nullptr);
  parts_.map.setMap(nullptr, nullptr);
  parts_.episodes.setWeights({}, {});
  parts_.rollout.setValues(nullptr,
                           parts_.shown.folder().empty()
                               ? tr("Q not known: it takes the value networks of a run\nTrain one, or open one")
                               : tr("Asking the value networks of the run…"));
  if (wanted()) askIfNeeded();
}

bool ExplainController::wanted() const {
  return parts_.panel.isVisible() || parts_.map.isVisible() || parts_.rollout.showsValues();
}

void ExplainController::askIfNeeded() {
  if (parts_.shown.folder().empty() || asking_.running() || asked_ == parts_.shown.folder()) return;
  ask();
}

void ExplainController::refresh() {
  if (parts_.shown.folder().empty()) return;
  if (!parts_.shown.own() || !parts_.session.canCommand()) return ask();
  wants_checkpoint_ = true;
  parts_.panel.setBusy(tr("Saving a checkpoint"), 0.0);
  parts_.session.saveCheckpoint();
}

void ExplainController::ask() {
  const auto folder = parts_.shown.folder();
  parts_.panel.setBusy(tr("Asking the networks"), 0.0);
  asking_.start([this, folder, read = parts_.loader.readOnce()](
                    const ProgressFn& progress, const std::stop_token& stop) -> BackgroundJob::Completion {
    auto asked = askNetworks(folder, read, progress, stop);
    return [this, folder, asked] {
      if (folder != parts_.shown.folder()) return;
      parts_.panel.setBusy({}, 0.0);
      if (!asked->run) {
        parts_.rollout.setValues(nullptr,
                                 asked->saved ? tr("Q not known: the Explain dock says why") : whyNoQ());
        parts_.panel.tell(
            tr("Nothing to explain yet: %1").arg(QString::fromStdString(asked->run.error().message)));
        return;
      }
      asked_ = folder;
      const auto run = std::make_shared<const ExplainedRun>(std::move(*asked->run));
      parts_.selection.setCount(static_cast<int>(run->trajectories()));
      parts_.panel.setRun(run);
      parts_.panel.setTrajectory(parts_.selection.current());
      parts_.rollout.setValues(
          run->values,
          run->values ? QString()
                      : tr("Q not known: %1 learns no Q").arg(QString::fromStdString(run->config.algorithm)));
      parts_.map.setMap(asked->map, run);
      parts_.map.setChosen(parts_.selection.trajectories());
      parts_.episodes.setWeights(asked->weights, asked->changes);
      lookAt(parts_.selection.current());
    };
  });
}

QString ExplainController::whyNoQ() const {
  if (parts_.shown.own() && parts_.session.canCommand())
    return tr("Q not known: the run has no checkpoint yet\nSave one: Run, Save checkpoint (Ctrl+S)");
  return tr("Q not known: the run has no checkpoint\nTrain it on until it has saved one");
}

void ExplainController::lookAt(int trajectory) {
  const auto run = parts_.panel.run();
  if (!run || trajectory < 0) return;
  looking_.start([this, run, trajectory](const ProgressFn&,
                                         const std::stop_token&) -> BackgroundJob::Completion {
    auto history = std::make_shared<Result<TrajectoryHistory>>(read_trajectory_history(run->run, trajectory));
    auto states = std::make_shared<Result<EpisodeStates>>(
        episode_states(episode_rows(*run, trajectory), run->environment, run->physics));
    return [this, run, trajectory, history, states] {
      if (run != parts_.panel.run() || trajectory != parts_.panel.trajectory()) return;
      parts_.panel.setHistory(*history ? **history : TrajectoryHistory{});
      parts_.panel.setStates(*states);
      if (parts_.panel.compared() == ExplainPanel::Compared::policy) compare();
    };
  });
}

void ExplainController::compare() {
  const auto run = parts_.panel.run();
  comparing_.cancel();
  if (!run || parts_.panel.trajectory() < 0) return;
  if (parts_.panel.compared() == ExplainPanel::Compared::policy) return actPolicy();
  const int other = parts_.panel.comparedTrajectory();
  if (other < 0) return;
  comparing_.start([this, run, other](const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
    auto states = std::make_shared<Result<EpisodeStates>>(
        episode_states(episode_rows(*run, other), run->environment, run->physics));
    return [this, other, states] {
      if (other == parts_.panel.comparedTrajectory()) parts_.panel.setComparedStates(*states);
    };
  });
}

void ExplainController::actPolicy() {
  const auto run = parts_.panel.run();
  const auto states = parts_.panel.states();
  const int from = parts_.panel.time();
  if (!states || !run->policy) {
    parts_.panel.setPolicyStates(
        Error{ErrorCode::unavailable,
              run->policy ? "the trajectory has no states to start from" : "the policy has not learned yet"},
        from);
    return;
  }
  comparing_.start(
      [this, run, states, from](const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
        auto acted = std::make_shared<Result<std::shared_ptr<const Recording>>>(
            act_from(*run->policy, run->environment, run->physics, *states, from,
                     std::max<int64_t>(1, states->length() - from)));
        return [this, acted, from] {
          if (parts_.panel.compared() == ExplainPanel::Compared::policy)
            parts_.panel.setPolicyStates(*acted, from);
        };
      });
}

void ExplainController::replay(int episode) {
  const auto dataset = parts_.loader.dataset();
  if (!dataset) return;
  const auto environment = parts_.rollout.environment().toStdString();
  replaying_.start([this, dataset, episode, environment](const ProgressFn&,
                                                         const std::stop_token&) -> BackgroundJob::Completion {
    const auto& name = environment.empty() ? dataset->environment : environment;
    auto states = std::make_shared<Result<EpisodeStates>>(
        episode_states(episode_rows(*dataset, episode), name, dataset->physics));
    return [this, dataset, episode, states] {
      if (!*states)
        return parts_.messages.post(MessageKind::warning, "replay",
                                    tr("Episode %1 cannot be played: %2")
                                        .arg(episode)
                                        .arg(QString::fromStdString(states->error().message)));
      emit replayed();
      const auto words = (*states)->rebuilt
                             ? tr("Episode %1, return %2, rebuilt of its observations: it stays in one place")
                             : tr("Episode %1, return %2, as recorded");
      parts_.rollout.showRecording(
          (*states)->states,
          words.arg(episode).arg(fixedText(dataset->episodes.returns[static_cast<size_t>(episode)], 1)));
    };
  });
}

}  // namespace vaco::ui
