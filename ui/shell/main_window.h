// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include <QMainWindow>

#include "core/records/events.h"
#include "ui/bridge/worker.h"
#include "ui/shell/ui_state.h"
#include "ui/widgets/theme.h"

namespace vaco::ui {

class ComparePanel;
class ConfigModel;
class DatasetLoader;
class DatasetPanel;
class DockHost;
class EpisodePreview;
class ExperimentPanel;
class ExportController;
class MessageBar;
class PlotDeck;
class RolloutPanel;
class RunsPanel;
class SessionBridge;
class SetupController;
class ShownRun;
class StatusPanel;
class StudyController;
class StudyPanel;
class TrainingController;
struct WindowActions;

/// What the window is started with; empty = as it was left.
struct WindowOptions {
  QString dataset, open_run, theme, out;
  bool demo = false;
  bool remember = true;  ///< read and write the stored window state
};

/// The workbench: docks, menus, status bar and what is remembered of them. Its controllers do the rest.
class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  explicit MainWindow(const WindowOptions& options = {}, QWidget* parent = nullptr);
  ~MainWindow() override;

  [[nodiscard]] ConfigModel& model() { return *model_; }
  [[nodiscard]] SessionBridge& session() { return *bridge_; }
  [[nodiscard]] DatasetLoader& loader() { return *loader_; }
  [[nodiscard]] SetupController& setup() { return *setup_; }
  [[nodiscard]] ShownRun& shownRun() { return *shown_; }
  [[nodiscard]] ExportController& exports() { return *exports_; }
  [[nodiscard]] TrainingController& training() { return *training_; }
  [[nodiscard]] StudyController& studies() { return *studies_; }
  [[nodiscard]] MessageBar& messages() { return *messages_; }
  [[nodiscard]] DockHost& docks() { return *docks_; }
  [[nodiscard]] PlotDeck& plots() { return *plots_; }
  [[nodiscard]] ExperimentPanel& experiment() { return *experiment_; }
  [[nodiscard]] RunsPanel& runs() { return *runs_; }
  [[nodiscard]] StudyPanel& study() { return *study_; }
  [[nodiscard]] RolloutPanel& rollout() { return *rollout_; }
  [[nodiscard]] const WindowActions& actions() const { return *actions_; }
  /// Where runs are written.
  [[nodiscard]] const std::filesystem::path& outFolder() const { return out_; }
  /// Of the last dataset that was opened.
  [[nodiscard]] const QString& lastFolder() const { return last_folder_; }

  void loadDataset(const std::filesystem::path& path);
  void loadDemo();
  void startTraining();
  void openRun(const std::filesystem::path& folder);
  void resumeRun(const std::filesystem::path& folder);
  void setTheme(ThemeChoice choice);
  void setOutFolder(const std::filesystem::path& folder);
  void askDataset();
  void askRun();
  void askOutFolder();
  void copyCommandLine();
  void toggleFullScreen();
  QWidget* showShortcuts();
  QWidget* showHelpTopic(const QString& topic);
  QWidget* showAbout();

 protected:
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void makeDocks();
  void makeControllers();
  void connectSession();
  void connectPanels();
  void restoreState(const WindowOptions& options);
  /// No larger than the screen, and all of it there.
  void keepOnScreen();
  void storeState(UiState& state);
  void takeEvent(const Event& event);
  void updateActions();
  void refreshIcons();
  void readDevice();
  void remember();

  Worker worker_;  // first: it outlives what hands objects to it
  ConfigModel* model_;
  DatasetLoader* loader_;
  SessionBridge* bridge_;
  UiStateStore* store_;
  MessageBar* messages_;
  DockHost* docks_;
  StatusPanel* status_;
  DatasetPanel* dataset_;
  ExperimentPanel* experiment_;
  RolloutPanel* rollout_;
  RunsPanel* runs_;
  ComparePanel* compare_;
  StudyPanel* study_;
  PlotDeck* plots_;
  SetupController* setup_;
  ShownRun* shown_;
  ExportController* exports_;
  StudyController* studies_;
  TrainingController* training_;
  EpisodePreview* preview_;
  std::unique_ptr<WindowActions> actions_;
  std::filesystem::path out_;
  ThemeChoice theme_ = ThemeChoice::system;
  QString last_folder_, device_, libraries_;
  bool remember_ = true, closing_ = false;
};

}  // namespace vaco::ui
