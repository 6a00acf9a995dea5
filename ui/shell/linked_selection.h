// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

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
/// dataset take part while the run that is shown learned from it, or none is shown.
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

 private:
  void connectPlots();
  void connectData();
  void count();
  void light();
  void lookAt(int trajectory);

  Parts parts_;
};

}  // namespace vaco::ui
