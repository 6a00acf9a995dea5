// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

class QWidget;

namespace vaco::ui {

class ConfigModel;
class DatasetLoader;
class DatasetPanel;
class DockHost;
class EpisodePanel;
class ExplainController;
class ExplainPanel;
class LinkedSelection;
class MessageBar;
class PlotDeck;
class RolloutPanel;
class RunsPanel;
class Selection;
class SelectionActions;
class SessionBridge;
class ShownRun;
class SideController;
class SidePanel;
class StateMapPlot;
class Worker;

/// What tells why data count: the Explain, Episodes and Map of states docks, the selection that they share with
/// the plots, and what can be done with it; and Side by side, what policies do from the same state.
class ExplainDesk : public QObject {
  Q_OBJECT
 public:
  struct Parts {
    DatasetLoader& loader;
    ConfigModel& model;
    SessionBridge& session;
    ShownRun& shown;
    PlotDeck& plots;
    DatasetPanel& dataset;
    RolloutPanel& rollout;
    RunsPanel& runs;
    MessageBar& messages;
  };
  /// Makes the docks.
  ExplainDesk(Worker& reaper, DockHost& docks, QObject* parent);
  ~ExplainDesk() override;
  /// Brings them together with the rest of the window.
  void join(const Parts& parts);

  [[nodiscard]] Selection& selection() { return *selection_; }
  [[nodiscard]] SelectionActions& chosen() { return *chosen_; }
  /// Counts what is chosen; for the status bar.
  [[nodiscard]] QWidget* button();
  [[nodiscard]] ExplainPanel& panel() { return *panel_; }
  [[nodiscard]] EpisodePanel& episodes() { return *episodes_; }
  [[nodiscard]] StateMapPlot& map() { return *map_; }
  [[nodiscard]] SidePanel& sideBySide() { return *side_; }

 private:
  DockHost& docks_;
  ExplainPanel* panel_;
  EpisodePanel* episodes_;
  StateMapPlot* map_;
  SidePanel* side_;
  Selection* selection_;
  LinkedSelection* links_ = nullptr;
  ExplainController* controller_ = nullptr;
  SelectionActions* chosen_ = nullptr;
  SideController* side_control_ = nullptr;
};

}  // namespace vaco::ui
