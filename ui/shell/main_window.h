// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <functional>
#include <memory>

#include <QMainWindow>

#include "core/records/events.h"
#include "core/records/run_config.h"
#include "ui/bridge/background_job.h"
#include "ui/bridge/worker.h"
#include "ui/shell/ui_state.h"
#include "ui/widgets/theme.h"

namespace vaco {
struct RunRecord;
}

namespace vaco::ui {

class ComparePanel;
class ConfigModel;
class DatasetLoader;
class DatasetPanel;
class DockHost;
class ExperimentPanel;
class FigureExport;
class MessageBar;
class OwnRunFeed;
class PlotDeck;
class PolicyReader;
class RolloutPanel;
class RunSet;
class RunsPanel;
class RunWatcher;
class SessionBridge;
class StatusPanel;
class StudyPanel;
enum class MessageKind;
struct DatasetView;
struct WindowActions;

/// What the window is started with; empty = as it was left.
struct WindowOptions {
  QString dataset, open_run, theme, out;
  bool demo = false;
  bool remember = true;  ///< read and write the stored window state
};

/// The workbench: wires models, docks and session together, and holds no numbers itself.
class MainWindow : public QMainWindow {
  Q_OBJECT
 public:
  explicit MainWindow(const WindowOptions& options = {}, QWidget* parent = nullptr);
  ~MainWindow() override;

  [[nodiscard]] ConfigModel& model() { return *model_; }
  [[nodiscard]] SessionBridge& session() { return *bridge_; }
  [[nodiscard]] DatasetLoader& loader() { return *loader_; }
  [[nodiscard]] MessageBar& messages() { return *messages_; }
  [[nodiscard]] DockHost& docks() { return *docks_; }
  [[nodiscard]] PlotDeck& plots() { return *plots_; }
  [[nodiscard]] ExperimentPanel& experiment() { return *experiment_; }
  [[nodiscard]] RunsPanel& runs() { return *runs_; }
  [[nodiscard]] StudyPanel& study() { return *study_; }
  [[nodiscard]] RolloutPanel& rollout() { return *rollout_; }
  [[nodiscard]] const WindowActions& actions() const { return *actions_; }

  void loadDataset(const std::filesystem::path& path);
  void loadDemo();
  void startTraining();
  void openRun(const std::filesystem::path& folder);
  void resumeRun(const std::filesystem::path& folder);
  /// Watches a folder of vaco sweep or vaco study, and overlays its runs.
  void openStudy(const std::filesystem::path& folder);
  void setTheme(ThemeChoice choice);
  void setOutFolder(const std::filesystem::path& folder);
  /// Every figure of the shown run and the overlaid ones, in every format, into a folder; one file at a time,
  /// so that the window stays alive.
  void exportFiguresTo(const std::filesystem::path& folder);
  [[nodiscard]] bool exporting() const { return exporting_; }
  QWidget* showShortcuts();
  QWidget* showHelpTopic(const QString& topic);
  QWidget* showAbout();

 protected:
  void closeEvent(QCloseEvent* event) override;
  void dragEnterEvent(QDragEnterEvent* event) override;
  void dropEvent(QDropEvent* event) override;

 private:
  friend struct WindowActions;
  void makeDocks();
  void connectSession();
  void connectData();
  void connectRuns();
  void connectStudy();
  void restoreState(const WindowOptions& options);
  void adoptDemoConfig(const std::filesystem::path& dataset);
  void takeEvent(const Event& event);
  void datasetLoaded(const DatasetView& view);
  void updateActions();
  void updateTitle();
  void updateRolloutEnvironment();
  void followOverlays();
  void showTrajectory(int trajectory, qint64 step);
  void refreshIcons();
  void readDevice();
  [[nodiscard]] RunConfig configToRun() const;
  /// What keeps a run from being started, in words; empty when nothing does.
  [[nodiscard]] QString missingToStart() const;
  [[nodiscard]] std::filesystem::path shownRun() const;

  void askDataset();
  void askRun();
  void askStudy();
  void askPoster();
  void startPoster(const std::filesystem::path& folder);
  /// How many runs of the study are in the comparison.
  [[nodiscard]] size_t comparedOfStudy() const;
  void stopStudy(const std::filesystem::path& folder);
  void askOutFolder();
  void askExportFigures();
  /// Reads the shown run and the overlaid ones in the background.
  void readShownRuns(std::function<void(std::vector<RunRecord>)> then);
  void exportNext();
  void endExport(MessageKind kind, const QString& text);
  void askExportCheckpoint();
  void copyCommandLine();
  void toggleFullScreen();

  Worker worker_;  // first: it outlives what hands objects to it
  ConfigModel* model_;
  DatasetLoader* loader_;
  SessionBridge* bridge_;
  RunWatcher* watcher_;
  OwnRunFeed* own_run_;
  PolicyReader* policies_;
  UiStateStore* store_;
  MessageBar* messages_;
  DockHost* docks_;
  StatusPanel* status_;
  DatasetPanel* dataset_;
  ExperimentPanel* experiment_;
  RolloutPanel* rollout_;
  RunsPanel* runs_;
  RunSet* overlays_;
  ComparePanel* compare_;
  StudyPanel* study_;
  PlotDeck* plots_;
  std::unique_ptr<WindowActions> actions_;
  BackgroundJob* export_job_;  ///< reads runs for figures
  BackgroundJob* copy_job_;    ///< copies a policy or checkpoint
  BackgroundJob* trajectory_job_;
  std::unique_ptr<FigureExport> figure_export_;
  std::filesystem::path out_, shown_run_;
  std::vector<std::filesystem::path> study_runs_;
  QString start_hint_, environment_of_data_, physics_of_data_, shown_physics_;
  ThemeChoice theme_ = ThemeChoice::system;
  QString last_folder_, device_, libraries_;
  bool remember_ = true, closing_ = false, exporting_ = false, start_when_loaded_ = false,
       demo_loading_ = false;
};

}  // namespace vaco::ui
