// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QMimeData>
#include <QStatusBar>
#include <QTimer>
#include <QVBoxLayout>

#include "core/device/compute_info.h"
#include "core/learn/algorithm.h"
#include "core/records/manifest.h"
#include "ui/bridge/session_bridge.h"
#include "ui/data/dataset_loader.h"
#include "ui/data/dataset_panel.h"
#include "ui/help/about_window.h"
#include "ui/help/help_window.h"
#include "ui/plots/report_plots.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/runs/alarms_panel.h"
#include "ui/runs/compare_panel.h"
#include "ui/runs/runs_panel.h"
#include "ui/runs/statistics_panel.h"
#include "ui/setup/config_model.h"
#include "ui/setup/experiment_panel.h"
#include "ui/setup/param_form.h"
#include "ui/shell/alarm_controller.h"
#include "ui/shell/episode_preview.h"
#include "ui/shell/explain_desk.h"
#include "ui/shell/export_controller.h"
#include "ui/shell/look_commands.h"
#include "ui/shell/plot_deck.h"
#include "ui/shell/recent_files.h"
#include "ui/shell/runs_controller.h"
#include "ui/shell/saved_views.h"
#include "ui/shell/selection_actions.h"
#include "ui/shell/setup_controller.h"
#include "ui/shell/shown_run.h"
#include "ui/shell/statistics_controller.h"
#include "ui/shell/status_panel.h"
#include "ui/shell/study_controller.h"
#include "ui/shell/training_controller.h"
#include "ui/shell/window_actions.h"
#include "ui/shell/window_memory.h"
#include "ui/shell/window_status.h"
#include "ui/studies/queue_dialog.h"
#include "ui/studies/study_panel.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/message_bar.h"
#include "ui/widgets/panel_focus.h"
#include "ui/widgets/undo_keys.h"

namespace vaco::ui {

namespace {
constexpr auto kFirstLayout = "setup";
constexpr int kNoticeMilliseconds = 4000, kLongNoticeMilliseconds = 12000;
}  // namespace

MainWindow::MainWindow(const WindowOptions& options, QWidget* parent) : QMainWindow(parent) {
  setAnimated(false);  // see DockHost
  setObjectName("mainWindow");
  setAcceptDrops(true);
  setContextMenuPolicy(Qt::NoContextMenu);
  makeDocks();
  makeControllers();
  actions_ = std::make_unique<WindowActions>();
  actions_->build(*this);
  connectSession();
  connectPanels();
  memory_ = new WindowMemory(*this, worker_, options.remember);
  memory_->restore(options);
  setWindowIcon(programIcon());
  updateActions();
  QTimer::singleShot(0, this, &MainWindow::readDevice);
}

MainWindow::~MainWindow() {
  // What hands objects to the worker must go before it, so not as late as Qt deletes children; and controllers
  // before the panels that they fill.
  for (QObject* owner :
       {static_cast<QObject*>(explain_), static_cast<QObject*>(run_control_),
        static_cast<QObject*>(alarm_control_), static_cast<QObject*>(statistics_control_),
        static_cast<QObject*>(training_), static_cast<QObject*>(preview_), static_cast<QObject*>(studies_),
        static_cast<QObject*>(exports_), static_cast<QObject*>(shown_), static_cast<QObject*>(setup_)})
    delete owner;
  delete centralWidget();
  for (QObject* owner :
       {static_cast<QObject*>(bridge_), static_cast<QObject*>(loader_), static_cast<QObject*>(memory_)})
    delete owner;
}

void MainWindow::makeDocks() {
  model_ = new ConfigModel(this);
  loader_ = new DatasetLoader(this);
  recent_ = new RecentFiles(this);
  views_ = new SavedViews(*this);
  bridge_ = new SessionBridge(worker_, this);
  auto* center = new QWidget(this);
  auto* column = new QVBoxLayout(center);
  column->setContentsMargins(0, 0, 0, 0);
  column->setSpacing(0);
  messages_ = new MessageBar(center);
  docks_ = new DockHost(center);
  column->addWidget(messages_);
  column->addWidget(docks_, 1);
  setCentralWidget(center);

  dataset_ = new DatasetPanel(*loader_, docks_);
  experiment_ = new ExperimentPanel(*model_, docks_);
  rollout_ = new RolloutPanel(worker_, docks_);
  runs_ = new RunsPanel(docks_);
  compare_ = new ComparePanel(docks_);
  study_ = new StudyPanel(docks_);
  alarms_ = new AlarmsPanel(docks_);
  profile_ = new ProfilePlot(docks_);
  statistics_ = new StatisticsPanel(profile_, docks_);
  docks_->add("dock.dataset", tr("Dataset"), dataset_);
  docks_->add("dock.experiment", tr("Experiment"), experiment_);
  docks_->add("dock.rollout", tr("Rollout"), rollout_);
  docks_->add("dock.runs", tr("Runs"), runs_);
  docks_->add("dock.compare", tr("Comparison"), compare_);
  docks_->add("dock.study", tr("Study"), study_);
  docks_->add("dock.alarms", tr("Alarms"), alarms_);
  docks_->add("dock.statistics", tr("Statistics"), statistics_);
  explain_ = new ExplainDesk(worker_, *docks_, this);
  plots_ = new PlotDeck(*docks_, this);

  status_ = new StatusPanel(this);
  statusBar()->setSizeGripEnabled(false);
  statusBar()->addPermanentWidget(status_, 1);
  // The bar's own place for messages is taken by the panel.
  connect(statusBar(), &QStatusBar::messageChanged, status_, &StatusPanel::tell);
}

void MainWindow::makeControllers() {
  setup_ = new SetupController({*model_, *loader_, *dataset_, *experiment_, *messages_}, this);
  shown_ = new ShownRun({*bridge_, *plots_, *rollout_, *runs_, *compare_, *messages_}, this);
  exports_ = new ExportController(*shown_, *plots_, *messages_, this);
  training_ = new TrainingController({*bridge_, *setup_, *shown_, *messages_}, this);
  preview_ = new EpisodePreview({*loader_, *bridge_, *shown_, *rollout_, *plots_}, this);
  run_control_ = new RunsController({*runs_, *model_, *setup_, *training_, *docks_, *messages_}, this);
  statistics_control_ =
      new StatisticsController({*statistics_, *profile_, *shown_, runs_->model(), *messages_}, this);
  alarm_control_ = new AlarmController({*bridge_, *shown_, *alarms_, *messages_}, this);
  studies_ = new StudyController({*study_, *runs_, *shown_, *docks_, *messages_}, this);
  explain_->join({*loader_, *model_, *bridge_, *shown_, *plots_, *dataset_, *rollout_, *runs_, *messages_});
  statusBar()->insertPermanentWidget(0, explain_->button());
}

void MainWindow::connectSession() {
  connect(bridge_, &SessionBridge::started, this, [this] {
    messages_->dismiss("run");
    if (docks_->currentLayout() == kFirstLayout) docks_->applyLayout("watch");
  });
  connect(bridge_, &SessionBridge::event, this, &MainWindow::takeEvent);
  connect(bridge_, &SessionBridge::drained, this, &MainWindow::updateActions);
  connect(bridge_, &SessionBridge::stateChanged, this, &MainWindow::updateActions);
  connect(bridge_, &SessionBridge::ended, this, [this] {
    updateActions();
    if (closing_) close();
  });
  connect(shown_, &ShownRun::standingChanged, this, &MainWindow::updateActions);
  connect(training_, &TrainingController::openRequested, this, &MainWindow::openRun);
  auto* told = new WindowStatus({*status_, *bridge_, *shown_, *setup_, *messages_}, this);
  connect(told, &WindowStatus::openRequested, this, &MainWindow::openRun);
}

void MainWindow::connectPanels() {
  connect(dataset_, &DatasetPanel::openRequested, this, &MainWindow::askDataset);
  connect(dataset_, &DatasetPanel::demoRequested, this, &MainWindow::loadDemo);
  connect(setup_, &SetupController::readyToStart, this, &MainWindow::startTraining);
  connect(setup_, &SetupController::changed, this, [this] {
    updateActions();
    if (shown_->folder().empty()) rollout_->setEnvironment(setup_->environment(), setup_->physics());
  });
  connect(experiment_, &ExperimentPanel::helpRequested, this, &MainWindow::showHelpTopic);
  connect(&runs_->commands(), &RunCommands::openRequested, this, &MainWindow::openRun);
  connect(&runs_->commands(), &RunCommands::resumeRequested, this, &MainWindow::resumeRun);
  connect(runs_, &RunsPanel::chooseFolderRequested, this, &MainWindow::askOutFolder);
  connect(study_, &StudyPanel::openRequested, this, &MainWindow::openRun);
  connect(study_, &StudyPanel::chooseFolderRequested, this, [this] { studies_->ask(out_); });
  connect(recent_, &RecentFiles::datasetChosen, this,
          [this](const QString& path) { loadDataset(path.toStdString()); });
  connect(recent_, &RecentFiles::runChosen, this, [this](const QString& path) { openRun(path.toStdString()); });
  for (auto* plot : plots_->plots())
    connect(plot, &FigurePlot::lookChanged, this,
            [this, plot](const FigureSpec& before, const FigureSpec& after) {
              model_->undoStack()->push(new ChangeLook(*plot, before, after));
            });
  connect(statistics_, &StatisticsPanel::copied, this,
          [this](const QString& what) { statusBar()->showMessage(what, kNoticeMilliseconds); });
  connect(&explain_->chosen(), &SelectionActions::told, this,
          [this](const QString& what) { statusBar()->showMessage(what, kLongNoticeMilliseconds); });
  for (const auto told : {&RolloutPanel::filmWritten, &RolloutPanel::noFilm})
    connect(rollout_, told, this,
            [this](const QString& what) { messages_->post(MessageKind::note, "film", what); });
  connect(rollout_, &RolloutPanel::filmFailed, this,
          [this](const QString& what) { messages_->post(MessageKind::error, "film", what); });
  connect(alarm_control_, &AlarmController::listRequested, this, [this] { docks_->reveal("dock.alarms"); });
  connect(docks_, &DockHost::layoutApplied, this, [this] { plots_->refresh(); });
  qApp->installEventFilter(new UndoKeys(this));
}

void MainWindow::takeEvent(const Event& event) {
  if (const auto* failed = std::get_if<Failed>(&event)) {
    messages_->post(MessageKind::error, "run", QString::fromStdString(failed->error.message));
  } else if (const auto* saved = std::get_if<CheckpointSaved>(&event)) {
    statusBar()->showMessage(tr("Checkpoint saved: %1").arg(toText(saved->path.filename())),
                             kNoticeMilliseconds);
  }
}

void MainWindow::updateActions() {
  auto& a = *actions_;
  a.start->setEnabled(bridge_->canStart() && setup_->missingToStart().isEmpty() && !closing_);
  const bool goes_on = bridge_->canResume() || training_->canGoOn();
  a.pause->setEnabled((bridge_->canPause() || goes_on) && !closing_);
  if (const auto text = goes_on ? tr("&Resume") : tr("&Pause"); a.pause->text() != text) {
    a.pause->setText(text);
    a.pause->setToolTip(goes_on ? tr("Go on with this run (Ctrl+P)") : tr("Pause (Ctrl+P)"));
    a.pause->setIcon(themedIcon(goes_on ? "start" : "pause"));
  }
  a.stop->setEnabled(bridge_->canStop());
  a.checkpoint->setEnabled(bridge_->canCommand());
  a.evaluate->setEnabled(bridge_->canCommand());
  a.export_figures->setEnabled(!shown_->folder().empty());
  a.export_checkpoint->setEnabled(!shown_->folder().empty());
}

void MainWindow::readDevice() {
  const auto info = compute_info();
  device_ = QString::fromStdString(info.device);
  libraries_ = QString::fromStdString(library_versions(info));
  status_->setDevice(device_);
  if (!info.blas_warning.empty())
    messages_->post(MessageKind::warning, "blas", QString::fromStdString(info.blas_warning));
}

void MainWindow::loadDataset(const std::filesystem::path& path) {
  docks_->reveal("dock.dataset");
  setup_->load(path);
}

void MainWindow::loadDemo() {
  docks_->reveal("dock.dataset");
  setup_->loadDemo();
}

void MainWindow::startTraining() {
  training_->start(out_);
}

void MainWindow::openRun(const std::filesystem::path& folder) {
  if (const auto opened = shown_->open(folder); !opened) {
    messages_->post(
        MessageKind::error, "open",
        tr("Cannot open %1: %2").arg(toText(folder), QString::fromStdString(opened.error().message)));
    return;
  }
  messages_->dismiss("open");
  setup_->adopt(shown_->config());
  if (docks_->currentLayout() == kFirstLayout) docks_->applyLayout("compare");
  statusBar()->showMessage(tr("Showing %1").arg(toText(folder.filename())), kNoticeMilliseconds);
}

void MainWindow::resumeRun(const std::filesystem::path& folder) {
  training_->resume(folder);
}

void MainWindow::setOutFolder(const std::filesystem::path& folder) {
  out_ = folder;
  runs_->setFolder(folder);
  if (memory_) memory_->schedule();
}

void MainWindow::setTheme(ThemeChoice choice) {
  theme_ = choice;
  applyTheme(*qApp, choice);
  for (auto* action : actions_->themes) action->setChecked(action->data().toString() == toText(choice));
  if (memory_) memory_->schedule();
}

void MainWindow::askDataset() {
  auto* ask = makeFileDialog(this, tr("Open dataset"), last_folder_, QFileDialog::ExistingFile);
  ask->setNameFilters({tr("Datasets (*.hdf5 *.h5 *.npz *.csv *.tsv)"), tr("All files (*)")});
  connect(ask, &QFileDialog::fileSelected, this, [this](const QString& path) {
    last_folder_ = QFileInfo(path).path();
    loadDataset(path.toStdString());
  });
  ask->open();
}

void MainWindow::askRun() {
  auto* ask = makeFileDialog(this, tr("Open run folder"), toText(out_), QFileDialog::Directory);
  connect(ask, &QFileDialog::fileSelected, this, [this](const QString& path) { openRun(path.toStdString()); });
  ask->open();
}

void MainWindow::askOutFolder() {
  auto* ask = makeNewFolderDialog(this, tr("Folder for runs"), toText(out_));
  connect(ask, &QFileDialog::fileSelected, this,
          [this](const QString& path) { setOutFolder(path.toStdString()); });
  ask->open();
}

void MainWindow::askQueue() {
  QueueChoices choices{setup_->configToRun(), {}, {}, out_};
  if (!choices.base.dataset.empty()) choices.datasets.push_back(choices.base.dataset);
  for (const auto& path : recent_->datasets())
    if (std::filesystem::path other = path.toStdString();
        other != choices.base.dataset && QFileInfo::exists(path))
      choices.datasets.push_back(other);
  for (const auto& info : algorithms())
    choices.algorithms.emplace_back(QString::fromStdString(info.key), QString::fromStdString(info.label));
  studies_->askQueue(choices);
}

void MainWindow::copyCommandLine() {
  auto config = setup_->configToRun();
  config.threads = model_->config().threads;
  QApplication::clipboard()->setText(QString::fromStdString(command_line(config, out_)));
  statusBar()->showMessage(tr("Command line copied"), kNoticeMilliseconds);
}

void MainWindow::toggleFullScreen() {
  setWindowState(windowState() ^ Qt::WindowFullScreen);
  actions_->full_screen->setChecked(isFullScreen());
}

QWidget* MainWindow::showShortcuts() {
  return showShortcutSheet(*this);
}

QWidget* MainWindow::showHelpTopic(const QString& topic) {
  return showHelp(*this, topic);
}

QWidget* MainWindow::showAbout() {
  return showAboutWindow(*this, device_, libraries_);
}

bool MainWindow::focusNextPrevChild(bool next) {
  constexpr int kMostStops = 1000;
  for (int stops = 0; stops < kMostStops; ++stops) {
    if (!QMainWindow::focusNextPrevChild(next)) return false;
    if (!isBehindATab(QApplication::focusWidget())) return true;
  }
  return true;
}

void MainWindow::closeEvent(QCloseEvent* event) {
  if (bridge_->active()) {
    // Stop, save, and come back here when the session has ended.
    closing_ = true;
    event->ignore();
    bridge_->stop();
    status_->setNotice(tr("Saving checkpoint…"));
    messages_->post(MessageKind::ongoing, "closing",
                    tr("Saving checkpoint… The window closes by itself when it is done"));
    updateActions();
    return;
  }
  loader_->cancel();
  memory_->flush();
  event->accept();
}

void MainWindow::dragEnterEvent(QDragEnterEvent* event) {
  const auto urls = event->mimeData()->urls();
  if (!urls.isEmpty() && urls.front().isLocalFile()) event->acceptProposedAction();
}

void MainWindow::dropEvent(QDropEvent* event) {
  const auto path = event->mimeData()->urls().front().toLocalFile();
  event->acceptProposedAction();
  if (isStudy(path.toStdString()))
    studies_->open(path.toStdString());
  else if (QFileInfo(path).isDir())
    openRun(path.toStdString());
  else
    loadDataset(path.toStdString());
}

}  // namespace vaco::ui
