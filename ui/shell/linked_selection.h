// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QObject>

#include "core/data/episode_list.h"

namespace vaco::ui {

class DatasetLoader;
class DatasetPanel;
class EpisodePanel;
class ExplainPanel;
class PlotDeck;
class Selection;
class ShownRun;
class StateMapPlot;

/// Links the views of trajectories by one selection: what is brushed in one lights up in all. The panels of the
/// dataset take part while the run that is shown learned from it, or none is shown. The selection counts as
/// that run does, which knows nothing of the episodes it left out; the panels of the dataset count as the file.
class LinkedSelection : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    Selection& selection;
    DatasetLoader& loader;
    ShownRun& shown;
    PlotDeck& plots;
    DatasetPanel& dataset;
    EpisodePanel& episodes;
    ExplainPanel& explain;
    StateMapPlot& map;
  };
  explicit LinkedSelection(const Parts& parts, QObject* parent = nullptr);

  /// The dataset that is loaded is that of the selection.
  [[nodiscard]] bool dataTakesPart() const;
  /// Trajectories of the selection as the file counts its episodes.
  [[nodiscard]] std::vector<int> inFile(const std::vector<int>& trajectories) const;

 private:
  void connectPlots();
  void connectData();
  void count();
  void light();
  void lookAt(int trajectory);
  /// Episodes of the file as the selection counts; those that the run left out are dropped.
  [[nodiscard]] std::vector<int> ofRun(const std::vector<int>& episodes) const;

  Parts parts_;
  EpisodeList left_out_;  ///< by the run that is shown
};

}  // namespace vaco::ui
