// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/main_window.h"

#include <algorithm>
#include <thread>

#include <QApplication>
#include <QStatusBar>
#include <QVBoxLayout>

#include "core/base/files.h"
#include "core/base/threads.h"
#include "core/collect/demo.h"
#include "core/device/compute_info.h"
#include "core/learn/algorithm.h"
#include "core/records/manifest.h"
#include "core/session/fit_to_data.h"
#include "core/tasks/catalogue.h"
#include "core/tasks/task_names.h"
#include "ui/bridge/own_run_feed.h"
#include "ui/bridge/policy_reader.h"
#include "ui/bridge/run_set.h"
#include "ui/bridge/run_watcher.h"
#include "ui/bridge/session_bridge.h"
#include "ui/data/dataset_loader.h"
#include "ui/data/dataset_panel.h"
#include "ui/export/export_choices.h"
#include "ui/export/export_figure.h"
#include "ui/plots/plots.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/runs/compare_panel.h"
#include "ui/runs/runs_panel.h"
#include "ui/setup/config_model.h"
#include "ui/setup/experiment_panel.h"
#include "ui/setup/param_form.h"
#include "ui/shell/plot_deck.h"
#include "ui/shell/status_panel.h"
#include "ui/shell/window_actions.h"
#include "ui/studies/study_panel.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

namespace {
constexpr QSize kFirstSize{1280, 800};
constexpr auto kFirstLayout = "setup";
}  // namespace

MainWindow::MainWindow(const WindowOptions& options, QWidget* parent)
    : QMainWindow(parent), remember_(options.remember) {
  setObjectName("mainWindow");
  setAcceptDrops(true);
  setContextMenuPolicy(Qt::NoContextMenu);
  model_ = new ConfigModel(this);
  loader_ = new DatasetLoader(this);
  bridge_ = new SessionBridge(worker_, this);
  watcher_ = new RunWatcher(this);
  own_run_ = new OwnRunFeed(this);
  policies_ = new PolicyReader(this);
  store_ = new UiStateStore(worker_, this);
  overlays_ = new RunSet(this);
  export_job_ = new BackgroundJob(this);
  copy_job_ = new BackgroundJob(this);
  trajectory_job_ = new BackgroundJob(this);
  makeDocks();
  actions_ = std::make_unique<WindowActions>();
  actions_->build(*this);
  connectData();
  connectSession();
  connectRuns();
  connectStudy();
  restoreState(options);
  setWindowIcon(programIcon());
  refreshIcons();
  updateActions();
  updateTitle();
  QTimer::singleShot(0, this, &MainWindow::readDevice);
}

MainWindow::~MainWindow() {
  // What hands objects to the worker must go before it, so not as late as Qt deletes children.
  delete centralWidget();
  for (QObject* owner :
       {static_cast<QObject*>(bridge_), static_cast<QObject*>(watcher_), static_cast<QObject*>(own_run_),
        static_cast<QObject*>(policies_), static_cast<QObject*>(loader_), static_cast<QObject*>(overlays_),
        static_cast<QObject*>(export_job_), static_cast<QObject*>(copy_job_),
        static_cast<QObject*>(trajectory_job_), static_cast<QObject*>(store_)})
    delete owner;
}

void MainWindow::makeDocks() {
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
  docks_->add("dock.dataset", tr("Dataset"), dataset_);
  docks_->add("dock.experiment", tr("Experiment"), experiment_);
  docks_->add("dock.rollout", tr("Rollout"), rollout_);
  docks_->add("dock.runs", tr("Runs"), runs_);
  docks_->add("dock.compare", tr("Comparison"), compare_);
  docks_->add("dock.study", tr("Study"), study_);
  plots_ = new PlotDeck(*docks_, this);

  status_ = new StatusPanel(this);
  statusBar()->setSizeGripEnabled(false);
  statusBar()->addPermanentWidget(status_, 1);
}

void MainWindow::restoreState(const WindowOptions& options) {
  const auto state = remember_ ? UiStateStore::read() : UiState{};
  setTheme(themeFromText(options.theme.isEmpty() ? state.theme : options.theme));
  last_folder_ = state.last_folder;
  if (remember_) exportChoices() = exportChoicesFromJson(state.figures);
  setOutFolder((options.out.isEmpty() ? state.out : options.out).toStdString());
  experiment_->form().setAdvanced(state.advanced);
  resize(kFirstSize);
  if (!state.geometry.isEmpty()) restoreGeometry(state.geometry);
  if (!docks_->restore(state.docks, state.layout)) docks_->applyLayout(kFirstLayout);
  if (!state.config.is_null())
    if (auto config = config_from_json(state.config)) model_->reset(*config);

  if (options.demo) {
    start_when_loaded_ = true;
    QTimer::singleShot(0, this, &MainWindow::loadDemo);
  } else if (!options.dataset.isEmpty()) {
    docks_->applyLayout(kFirstLayout);
    QTimer::singleShot(0, this, [this, path = options.dataset] { loadDataset(path.toStdString()); });
  } else if (const auto& path = model_->config().dataset; !path.empty() && is_file(path)) {
    QTimer::singleShot(0, this, [this, path] { loadDataset(path); });
  }
  if (!options.open_run.isEmpty())
    QTimer::singleShot(0, this, [this, run = options.open_run] { openRun(run.toStdString()); });
}

void MainWindow::datasetLoaded(const DatasetView& view) {
  messages_->dismiss("dataset");
  environment_of_data_ = QString::fromStdString(view.summary.environment);
  physics_of_data_ = QString::fromStdString(view.summary.physics);
  experiment_->setDatasetEnvironment(environment_of_data_, physics_of_data_);
  if (demo_loading_ && start_when_loaded_)
    adoptDemoConfig(view.path);
  else
    model_->setDataset(view.path);
  if (demo_loading_) model_->setPreset("demo");
  demo_loading_ = false;
  const auto errors = std::count_if(view.summary.findings.begin(), view.summary.findings.end(),
                                    [](const Finding& finding) { return finding.severity == Severity::error; });
  if (errors > 0)
    messages_->post(MessageKind::warning, "findings",
                    tr("The dataset cannot be learned from as it is; see its findings"));
  updateRolloutEnvironment();
  updateActions();
  if (!bridge_->active()) status_->setState(RunState::idle, start_hint_);
  if (std::exchange(start_when_loaded_, false)) startTraining();
}

void MainWindow::adoptDemoConfig(const std::filesystem::path& dataset) {
  if (auto config = demo_config("vaco", dataset))
    model_->reset(*config);
  else
    messages_->post(MessageKind::error, "demo", QString::fromStdString(config.error().message));
}

QString MainWindow::missingToStart() const {
  // What is trained on is what was looked at, not what a former session had open.
  if (loader_->busy() || !loader_->view() || loader_->view()->path != model_->config().dataset)
    return tr("Open a dataset and press Start");
  if (model_->refused().empty()) return {};
  const auto* spec = find_spec(model_->schema(), *model_->refused().begin());
  return tr("Mend the value of “%1” to start").arg(QString::fromStdString(spec ? spec->label : std::string()));
}

void MainWindow::updateActions() {
  auto& a = *actions_;
  const auto missing = missingToStart();
  a.start->setEnabled(bridge_->canStart() && missing.isEmpty() && !closing_);
  if (const auto hint = missing.isEmpty() ? tr("Ready to start") : missing;
      hint != start_hint_ && !bridge_->active()) {
    start_hint_ = hint;
    status_->setState(RunState::idle, hint);
  }
  const bool paused = bridge_->canResume();
  a.pause->setEnabled(bridge_->canPause() || paused);
  if (const auto text = paused ? tr("&Resume") : tr("&Pause"); a.pause->text() != text) {
    a.pause->setText(text);
    a.pause->setIcon(themedIcon(paused ? "start" : "pause"));
  }
  a.stop->setEnabled(bridge_->canStop());
  a.checkpoint->setEnabled(bridge_->canCommand());
  a.evaluate->setEnabled(bridge_->canCommand());
  a.export_figures->setEnabled(!shownRun().empty());
  a.export_checkpoint->setEnabled(!shownRun().empty());
}

void MainWindow::updateTitle() {
  const auto name = QString::fromStdString(model_->config().dataset.stem().string());
  QStringList parts;
  if (bridge_->active()) parts << stateLabel(bridge_->state());
  if (!name.isEmpty()) parts << name;
  parts << tr("VACO Workbench");
  setWindowTitle(parts.join(" – "));
}

void MainWindow::updateRolloutEnvironment() {
  const auto& config = model_->config();
  const auto environment =
      config.environment.empty() ? environment_of_data_ : QString::fromStdString(config.environment);
  const auto physics = physics_for(config.physics, physics_of_data_.toStdString());
  if (!bridge_->active()) rollout_->setEnvironment(environment, QString::fromStdString(physics));
}

RunConfig MainWindow::configToRun() const {
  auto config = model_->config();
  // An environment nobody knows must not be asked for by name; its data can be learned from all the same.
  const auto said = environment_of_data_.toStdString();
  const auto& view = loader_->view();
  const bool fits = view && fits_environment(said, view->summary.obs_dim, view->summary.action_dim) != false;
  if (config.environment.empty() && fits && check_environment_name(said)) config.environment = said;
  // The window keeps one core for itself; the numbers do not depend on it.
  if (config.threads == 0) config.threads = std::max(1, usable_processors() - 1);
  return config;
}

void MainWindow::readDevice() {
  const auto info = compute_info();
  device_ = QString::fromStdString(info.device);
  libraries_ = QString::fromStdString(library_versions(info));
  status_->setDevice(device_);
  if (!info.blas_warning.empty())
    messages_->post(MessageKind::warning, "blas", QString::fromStdString(info.blas_warning));
}

}  // namespace vaco::ui
