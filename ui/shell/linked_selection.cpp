// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/linked_selection.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "core/base/canonical_path.h"
#include "ui/bridge/selection.h"
#include "ui/data/dataset_loader.h"
#include "ui/data/dataset_panel.h"
#include "ui/data/return_histogram.h"
#include "ui/explain/episode_panel.h"
#include "ui/explain/explain_panel.h"
#include "ui/explain/state_map_plot.h"
#include "ui/plots/plots.h"
#include "ui/shell/plot_deck.h"
#include "ui/shell/shown_run.h"

namespace vaco::ui {
namespace {

Selection::How how(bool add) {
  return add ? Selection::How::add : Selection::How::replace;
}

}  // namespace

LinkedSelection::LinkedSelection(const Parts& parts, QObject* parent) : QObject(parent), parts_(parts) {
  connectPlots();
  connectData();
  connect(&parts_.selection, &Selection::changed, this, &LinkedSelection::light);
  connect(&parts_.selection, &Selection::currentChanged, this, &LinkedSelection::lookAt);
  connect(&parts_.shown, &ShownRun::shown, this, [this] {
    const auto left_out = EpisodeList::parse(parts_.shown.config().exclude);
    left_out_ = left_out ? *left_out : EpisodeList();
    parts_.selection.clear();
    parts_.selection.setCurrent(-1);
    count();
  });
}

void LinkedSelection::connectPlots() {
  auto& selection = parts_.selection;
  auto& scatter = parts_.plots.scatter();
  connect(&scatter, &WeightReturnPlot::trajectoriesChosen, this,
          [&selection](const std::vector<int>& chosen, bool add) { selection.choose(chosen, how(add)); });
  connect(&scatter, &WeightReturnPlot::trajectoryChosen, this,
          [&selection](int trajectory) { selection.setCurrent(trajectory); });
  connect(&scatter, &WeightReturnPlot::snapshotChanged, this, [this] {
    count();
    parts_.plots.histogram().mark(parts_.plots.scatter().weightsOf(parts_.selection.trajectories()));
  });
  connect(&parts_.plots.histogram(), &WeightHistogramPlot::weightsChosen, this,
          [this](double low, double high, bool add) {
            parts_.selection.choose(parts_.plots.scatter().withWeights(low, high), how(add));
          });
  connect(&parts_.map, &StateMapPlot::brushed, this,
          [&selection](const std::vector<int>& chosen, bool add) { selection.choose(chosen, how(add)); });
  connect(&parts_.map, &StateMapPlot::picked, this, [this](int trajectory, int time) {
    parts_.selection.setCurrent(trajectory);
    parts_.explain.setTime(time);
  });
  connect(&parts_.explain, &ExplainPanel::trajectoryPicked, &selection, &Selection::setCurrent);
}

void LinkedSelection::connectData() {
  auto& selection = parts_.selection;
  const auto take = [this] {
    parts_.episodes.setDataset(parts_.loader.dataset());
    count();
    light();
  };
  connect(&parts_.loader, &DatasetLoader::loaded, this, take);
  connect(&parts_.loader, &DatasetLoader::closed, this, take);
  connect(&parts_.dataset.returns(), &ReturnHistogram::returnsChosen, this,
          [this](double low, double high, bool add) {
            const auto dataset = parts_.loader.dataset();
            if (!dataset || !dataTakesPart()) return;
            std::vector<int> inside;
            const auto& returns = dataset->episodes.returns;
            for (size_t e = 0; e < returns.size(); ++e)
              if (returns[e] >= low && returns[e] <= high) inside.push_back(static_cast<int>(e));
            parts_.selection.choose(ofRun(inside), how(add));
          });
  connect(&parts_.episodes, &EpisodePanel::chosen, this, [this](const std::vector<int>& episodes) {
    if (dataTakesPart()) parts_.selection.choose(ofRun(episodes));
  });
  connect(&parts_.episodes, &EpisodePanel::ticked, this, [this](int episode, bool on) {
    if (!dataTakesPart()) return;
    parts_.selection.choose(ofRun({episode}), on ? Selection::How::add : Selection::How::remove);
  });
  connect(&parts_.episodes, &EpisodePanel::currentPicked, this, [this, &selection](int episode) {
    const auto known = dataTakesPart() ? ofRun({episode}) : std::vector<int>();
    if (!known.empty())
      selection.setCurrent(known.front());
    else
      parts_.episodes.setCurrent(episode);
  });
}

bool LinkedSelection::dataTakesPart() const {
  return parts_.shown.folder().empty() ||
         canonical_path(parts_.loader.path()) == canonical_path(parts_.shown.config().dataset);
}

std::vector<int> LinkedSelection::inFile(const std::vector<int>& trajectories) const {
  std::vector<int> episodes;
  episodes.reserve(trajectories.size());
  for (const int t : trajectories) episodes.push_back(static_cast<int>(left_out_.nth_left(t)));
  return episodes;
}

std::vector<int> LinkedSelection::ofRun(const std::vector<int>& episodes) const {
  if (left_out_.empty()) return episodes;
  const auto out = left_out_.numbers();
  std::vector<int> trajectories;
  for (const int e : episodes)
    if (const auto at = std::lower_bound(out.begin(), out.end(), e); at == out.end() || *at != e)
      trajectories.push_back(e - static_cast<int>(at - out.begin()));
  return trajectories;
}

void LinkedSelection::count() {
  size_t trajectories = parts_.plots.scatter().withWeights(-HUGE_VAL, HUGE_VAL).size();
  if (const auto& run = parts_.explain.run()) trajectories = static_cast<size_t>(run->trajectories());
  if (const auto dataset = parts_.loader.dataset(); dataset && trajectories == 0 && dataTakesPart())
    trajectories = dataset->episodes.size() - static_cast<size_t>(left_out_.size());
  parts_.selection.setCount(static_cast<int>(trajectories));
}

void LinkedSelection::light() {
  const auto& chosen = parts_.selection.trajectories();
  auto& scatter = parts_.plots.scatter();
  scatter.light(chosen);
  parts_.plots.histogram().mark(scatter.weightsOf(chosen));
  parts_.map.setChosen(chosen);
  const auto dataset = parts_.loader.dataset();
  const bool takes_part = dataset && dataTakesPart();
  const auto episodes = takes_part ? inFile(chosen) : std::vector<int>();
  parts_.episodes.setChosen(episodes);
  std::vector<double> returns;
  if (takes_part)
    for (const int e : episodes)
      if (static_cast<size_t>(e) < dataset->episodes.size())
        returns.push_back(dataset->episodes.returns[static_cast<size_t>(e)]);
  parts_.dataset.returns().setChosen(returns);
}

void LinkedSelection::lookAt(int trajectory) {
  parts_.plots.scatter().select(trajectory);
  parts_.explain.setTrajectory(trajectory);
  if (dataTakesPart()) parts_.episodes.setCurrent(trajectory < 0 ? trajectory : inFile({trajectory}).front());
}

}  // namespace vaco::ui
