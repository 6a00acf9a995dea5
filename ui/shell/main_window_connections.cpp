// SPDX-License-Identifier: GPL-3.0-or-later
// What the window does when its parts tell something: training, data, runs.
#include <QStatusBar>

#include "ui/bridge/own_run_feed.h"
#include "ui/bridge/policy_reader.h"
#include "ui/bridge/run_set.h"
#include "ui/bridge/run_watcher.h"
#include "ui/bridge/session_bridge.h"
#include "ui/data/dataset_panel.h"
#include "ui/export/export_choices.h"
#include "ui/plots/plots.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/runs/compare_panel.h"
#include "ui/runs/runs_panel.h"
#include "ui/setup/config_model.h"
#include "ui/setup/experiment_panel.h"
#include "ui/setup/param_form.h"
#include "ui/shell/main_window.h"
#include "ui/shell/plot_deck.h"
#include "ui/shell/status_panel.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

void MainWindow::connectSession() {
  connect(bridge_, &SessionBridge::started, this, [this](const RunConfig& config) {
    watcher_->stop();
    own_run_->forget();
    policies_->stop();
    shown_run_ = bridge_->folder();
    plots_->beginRun(config, shown_run_);
    runs_->model().setCurrent(shown_run_);
    followOverlays();
    runs_->rescan();
    messages_->dismiss("run");
    if (docks_->currentLayout() == "setup") docks_->applyLayout("watch");
    rollout_->showPolicy();
    rollout_->setPolicy(nullptr);
    updateTitle();
  });
  connect(bridge_, &SessionBridge::event, this, [this](const Event& event) {
    takeEvent(event);
    if (shown_run_ == bridge_->folder()) own_run_->take(event);
  });
  connect(own_run_, &OwnRunFeed::event, this, [this](const Event& event) { plots_->consume(event); });
  connect(own_run_, &OwnRunFeed::drained, this, [this] { plots_->refresh(); });
  connect(bridge_, &SessionBridge::drained, this, [this] {
    plots_->refresh();
    updateActions();
  });
  connect(bridge_, &SessionBridge::stateChanged, this, [this](RunState state, const QString& message) {
    status_->setState(state, message);
    updateActions();
    updateTitle();
  });
  connect(bridge_, &SessionBridge::policyChanged, rollout_, &RolloutPanel::setPolicy);
  connect(bridge_, &SessionBridge::ended, this, [this] {
    updateActions();
    runs_->rescan();
    if (closing_) close();
  });
}

void MainWindow::connectData() {
  connect(dataset_, &DatasetPanel::openRequested, this, &MainWindow::askDataset);
  connect(dataset_, &DatasetPanel::demoRequested, this, &MainWindow::loadDemo);
  connect(loader_, &DatasetLoader::started, this, &MainWindow::updateActions);
  connect(loader_, &DatasetLoader::loaded, this,
          [this](const std::shared_ptr<const DatasetView>& view) { datasetLoaded(*view); });
  connect(loader_, &DatasetLoader::failed, this, [this](const QString& message) {
    start_when_loaded_ = demo_loading_ = false;
    messages_->post(MessageKind::error, "dataset", message);
    updateActions();
  });
  connect(loader_, &DatasetLoader::cancelled, this, [this] {
    start_when_loaded_ = demo_loading_ = false;
    updateActions();
  });
  connect(experiment_, &ExperimentPanel::helpRequested, this, &MainWindow::showHelpTopic);
  connect(model_, &ConfigModel::changed, this, [this] {
    updateActions();
    updateTitle();
    updateRolloutEnvironment();
    if (remember_) store_->scheduleSave();
    // Undo may bring another dataset back: its summary follows.
    if (const auto& path = model_->config().dataset;
        !path.empty() && !loader_->busy() && loader_->view() && loader_->view()->path != path)
      loader_->load(path);
  });
}

void MainWindow::connectRuns() {
  connect(runs_, &RunsPanel::openRequested, this, &MainWindow::openRun);
  connect(runs_, &RunsPanel::resumeRequested, this, &MainWindow::resumeRun);
  connect(runs_, &RunsPanel::chooseFolderRequested, this, &MainWindow::askOutFolder);
  connect(&runs_->model(), &RunsModel::overlayChanged, this, &MainWindow::followOverlays);
  connect(overlays_, &RunSet::changed, this, [this] {
    plots_->setOverlays(overlays_->runs());
    compare_->setRuns(overlays_->runs());
    if (const auto& problems = overlays_->problems(); problems.empty())
      messages_->dismiss("compare");
    else
      messages_->post(MessageKind::warning, "compare",
                      tr("%1 of the chosen runs cannot be read and are left out: %2")
                          .arg(problems.size())
                          .arg(QString::fromStdString(problems.front())));
  });
  connect(watcher_, &RunWatcher::event, this, [this](const Event& event) {
    plots_->consume(event);
    if (bridge_->active()) return;
    if (std::holds_alternative<EvaluationDone>(event)) policies_->read(shown_run_);
    if (const auto* metrics = std::get_if<Metrics>(&event))
      status_->setStep(metrics->step);
    else if (const auto* changed = std::get_if<StateChanged>(&event))
      status_->setState(changed->state, changed->message.empty() && changed->state == RunState::running
                                            ? tr("Another process trains this run")
                                            : QString::fromStdString(changed->message));
  });
  connect(policies_, &PolicyReader::policyRead, this,
          [this](const std::shared_ptr<const PolicySnapshot>& policy) {
            // The environment may be known from the dataset alone, which the policy remembers.
            rollout_->setEnvironment(QString::fromStdString(policy->environment), shown_physics_);
            rollout_->setPolicy(policy);
          });
  connect(&plots_->scatter(), &WeightReturnPlot::trajectoryClicked, this, &MainWindow::showTrajectory);
  connect(rollout_, &RolloutPanel::trajectoryClosed, this, [this] { plots_->scatter().select(-1); });
  connect(watcher_, &RunWatcher::drained, this, [this] { plots_->refresh(); });
  connect(docks_, &DockHost::layoutApplied, this, [this] {
    plots_->refresh();
    if (remember_) store_->scheduleSave();
  });
  connect(store_, &UiStateStore::collect, this, [this](UiState& state) {
    state.geometry = saveGeometry();
    state.docks = docks_->store();
    state.layout = docks_->currentLayout();
    state.theme = toText(theme_);
    state.out = QString::fromStdString(out_.string());
    state.last_folder = last_folder_;
    state.advanced = experiment_->form().advanced();
    state.figures = toJson(exportChoices());
    state.config = to_json(model_->config());
  });
}

void MainWindow::takeEvent(const Event& event) {
  if (const auto* progress = std::get_if<Progress>(&event)) {
    status_->setProgress(*progress);
  } else if (const auto* alarm = std::get_if<Alarm>(&event)) {
    messages_->post(MessageKind::warning, QString::fromStdString("alarm." + alarm->key),
                    tr("Step %1: %2").arg(alarm->step).arg(QString::fromStdString(alarm->message)));
  } else if (const auto* failed = std::get_if<Failed>(&event)) {
    messages_->post(MessageKind::error, "run", QString::fromStdString(failed->error.message));
  } else if (const auto* saved = std::get_if<CheckpointSaved>(&event)) {
    statusBar()->showMessage(
        tr("Checkpoint saved: %1").arg(QString::fromStdString(saved->path.filename().string())), 4000);
  }
}

}  // namespace vaco::ui
