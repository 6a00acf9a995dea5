// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/episode_preview.h"

#include <algorithm>
#include <map>
#include <utility>

#include <QScopedValueRollback>

#include "core/base/canonical_path.h"
#include "core/data/dataset.h"
#include "core/records/recorded_trajectory.h"
#include "ui/bridge/session_bridge.h"
#include "ui/data/dataset_loader.h"
#include "ui/figures/number_text.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/shell/plot_deck.h"
#include "ui/shell/shown_run.h"

namespace vaco::ui {

namespace {
constexpr int kTurnMilliseconds = 8000;

/// Episodes by behavior policy, each list by return; a single list where the data does not say.
std::map<int32_t, std::vector<size_t>> episodesBySource(const Dataset& dataset) {
  std::map<int32_t, std::vector<size_t>> all;
  for (size_t i = 0; i < dataset.episodes.size(); ++i) {
    const auto row = static_cast<size_t>(dataset.episodes.first[i]);
    all[row < dataset.policy_ids.size() ? dataset.policy_ids[row] : -1].push_back(i);
  }
  for (auto& [source, episodes] : all)
    std::sort(episodes.begin(), episodes.end(),
              [&](size_t a, size_t b) { return dataset.episodes.returns[a] < dataset.episodes.returns[b]; });
  return all;
}
}  // namespace

EpisodePreview::EpisodePreview(const Parts& parts, QObject* parent) : QObject(parent), parts_(parts) {
  turn_.setInterval(kTurnMilliseconds);
  connect(&turn_, &QTimer::timeout, this, &EpisodePreview::showNext);
  const auto take = [this] {
    if (!parts_.shown.folder().empty()) return;
    parts_.plots.previewReturns(parts_.loader.view());
    show();
  };
  connect(&parts_.loader, &DatasetLoader::loaded, this, take);
  connect(&parts_.loader, &DatasetLoader::closed, this, take);
  connect(&parts_.shown, &ShownRun::shown, this, [this] {
    const auto& data = parts_.shown.config().dataset;
    const bool ours = parts_.shown.own() && canonical_path(parts_.loader.path()) == canonical_path(data);
    parts_.plots.previewReturns(ours ? parts_.loader.view() : nullptr);
    ours ? show() : end();
  });
  connect(&parts_.session, &SessionBridge::event, this, [this](const Event& event) {
    const auto* progress = std::get_if<Progress>(&event);
    const bool learned =
        std::holds_alternative<EvaluationDone>(event) || (progress && progress->phase_index > 0);
    if (learned && parts_.shown.own()) end();
  });
  // Also when a trajectory of the scatter takes the place.
  connect(&parts_.rollout, &RolloutPanel::recordingChanged, this, [this] {
    if (!showing_next_) turn_.stop();
  });
}

void EpisodePreview::show() {
  end();
  const auto dataset = parts_.loader.dataset();
  if (!dataset) return;
  job_.start([this, dataset](const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
    auto episodes = std::make_shared<std::vector<Episode>>(read(*dataset));
    return [this, episodes] {
      episodes_ = std::move(*episodes);
      next_ = 0;
      if (!episodes_.empty()) showNext();
    };
  });
}

std::vector<EpisodePreview::Episode> EpisodePreview::read(const Dataset& dataset) {
  std::vector<Episode> found;
  for (const auto& [source, episodes] : episodesBySource(dataset)) {
    const size_t at = episodes[episodes.size() / 2];
    const auto& table = dataset.episodes;
    auto states =
        read_episode_states(dataset.source.path, static_cast<int64_t>(at), table.first[at], table.length[at]);
    if (!states) return {};
    const auto name = static_cast<size_t>(source);
    const bool known = source >= 0 && name < dataset.policy_names.size();
    auto words = known
                     ? tr("Episode %1 of the dataset, by the behavior policy %2: return %3, the middle one of "
                          "its episodes")
                           .arg(QString::number(at), QString::fromStdString(dataset.policy_names[name]))
                     : tr("Episode %1 of the dataset: return %2, the middle one").arg(at);
    found.push_back({std::move(*states), words.arg(fixedText(table.returns[at], 0))});
  }
  return found;
}

void EpisodePreview::showNext() {
  const auto& episode = episodes_[next_++ % episodes_.size()];
  const QScopedValueRollback ours(showing_next_, true);
  parts_.rollout.showRecording(episode.states, episode.words);
  turn_.start();
}

void EpisodePreview::end() {
  job_.cancel();
  if (!turn_.isActive()) return;
  turn_.stop();
  parts_.rollout.showPolicy();
}

}  // namespace vaco::ui
