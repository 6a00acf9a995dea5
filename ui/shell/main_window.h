// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include <QMainWindow>

#include "core/records/events.h"
#include "ui/bridge/worker.h"
#include "ui/widgets/theme.h"

namespace vaco::ui {

class AlarmController;
class AlarmsPanel;
class ComparePanel;
class ConfigModel;
class DatasetLoader;
class DatasetPanel;
class DockHost;
class EpisodePreview;
class ExperimentPanel;
class ExplainDesk;
class ExportController;
class MessageBar;
class PlotDeck;
class RecentFiles;
class RolloutPanel;
class RunsController;
class RunsPanel;
class SavedViews;
class SessionBridge;
class SetupController;
class ShownRun;
class StatusPanel;
class ProfilePlot;
class StatisticsController;
class StatisticsPanel;
class StudyController;
class StudyPanel;
class TrainingController;
class WindowMemory;
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
  [[nodiscard]] AlarmsPanel& alarms() { return *alarms_; }
  [[nodiscard]] RolloutPanel& rollout() { return *rollout_; }
  [[nodiscard]] RecentFiles& recent() { return *recent_; }
  [[nodiscard]] SavedViews& views() { return *views_; }
  [[nodiscard]] DatasetPanel& dataset() { return *dataset_; }
  [[nodiscard]] ExplainDesk& explainDesk() { return *explain_; }
  [[nodiscard]] const WindowActions& actions() const { return *actions_; }
  /// Where runs are written.
  [[nodiscard]] const std::filesystem::path& outFolder() const { return out_; }
  /// Of the last dataset that was opened.
  [[nodiscard]] const QString& lastFolder() const { return last_folder_; }
  void setLastFolder(const QString& folder) { last_folder_ = folder; }
  [[nodiscard]] ThemeChoice theme() const { return theme_; }

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
  /// Asks which seeds, datasets and algorithms are to be trained with these settings.
  void askQueue();
  void copyCommandLine();
  void toggleFullScreen();
  QWidget* showShortcuts();
  QWidget* showHelpTopic(const QString& topic);
  QWidget* showAbout();

 protected:
  bool focusNextPrevChild(bool next) override;
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  void makeDocks();
  void makeControllers();
  void connectSession();
  void connectPanels();
  void takeEvent(const Event& event);
  void updateActions();
  void readDevice();

  Worker worker_;  // first: it outlives what hands objects to it
  ConfigModel* model_;
  DatasetLoader* loader_;
  SessionBridge* bridge_;
  MessageBar* messages_;
  DockHost* docks_;
  StatusPanel* status_;
  DatasetPanel* dataset_;
  ExperimentPanel* experiment_;
  RolloutPanel* rollout_;
  RunsPanel* runs_;
  ComparePanel* compare_;
  StudyPanel* study_;
  AlarmsPanel* alarms_;
  ProfilePlot* profile_;
  StatisticsPanel* statistics_;
  ExplainDesk* explain_;
  PlotDeck* plots_;
  SetupController* setup_;
  ShownRun* shown_;
  ExportController* exports_;
  StudyController* studies_;
  TrainingController* training_;
  EpisodePreview* preview_;
  AlarmController* alarm_control_;
  RecentFiles* recent_;
  SavedViews* views_;
  StatisticsController* statistics_control_;
  RunsController* run_control_;
  std::unique_ptr<WindowActions> actions_;
  std::filesystem::path out_;
  WindowMemory* memory_ = nullptr;
  ThemeChoice theme_ = ThemeChoice::system;
  QString last_folder_, device_, libraries_;
  bool closing_ = false;
};

}  // namespace vaco::ui
