// SPDX-License-Identifier: GPL-3.0-or-later
// What the window's actions do: files, runs, export, theme, closing.
#include <algorithm>

#include <QApplication>
#include <QClipboard>
#include <QCloseEvent>
#include <QDragEnterEvent>
#include <QFileDialog>
#include <QMimeData>
#include <QStatusBar>

#include "core/base/files.h"
#include "ui/bridge/own_run_feed.h"
#include "ui/bridge/policy_reader.h"
#include "ui/bridge/run_set.h"
#include "ui/bridge/run_watcher.h"
#include "ui/bridge/session_bridge.h"
#include "ui/data/dataset_loader.h"
#include "ui/help/about_window.h"
#include "ui/help/help_window.h"
#include "ui/rollout/rollout_panel.h"
#include "ui/runs/runs_panel.h"
#include "ui/setup/config_model.h"
#include "ui/shell/main_window.h"
#include "ui/shell/plot_deck.h"
#include "ui/shell/status_panel.h"
#include "ui/shell/window_actions.h"
#include "ui/studies/study_panel.h"
#include "ui/studies/study_watcher.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/icons.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

namespace {
constexpr int kWindowNice = 5;
constexpr int kNoticeMilliseconds = 4000;
}  // namespace

void MainWindow::loadDataset(const std::filesystem::path& path) {
  demo_loading_ = false;
  docks_->reveal("dock.dataset");
  loader_->load(path);
}

void MainWindow::loadDemo() {
  demo_loading_ = true;
  docks_->reveal("dock.dataset");
  loader_->loadDemo();
}

void MainWindow::startTraining() {
  if (!bridge_->canStart()) return;
  SessionOptions options;
  options.out = out_;
  options.nice = kWindowNice;
  for (const auto& argument : QApplication::arguments()) options.command_line.push_back(argument.toStdString());
  updateRolloutEnvironment();
  bridge_->start(configToRun(), options);
}

void MainWindow::openRun(const std::filesystem::path& folder) {
  auto config = read_json(folder / "config.json");
  auto read = config ? config_from_json(*config) : Result<RunConfig>(config.error());
  if (!read) {
    messages_->post(MessageKind::error, "open",
                    tr("Cannot open %1: %2").arg(toText(folder), QString::fromStdString(read.error().message)));
    return;
  }
  const auto absolute = absolute_path(folder);
  const bool own = bridge_->active() && absolute && bridge_->folder() == *absolute;
  shown_run_ = own ? bridge_->folder() : folder;
  plots_->beginRun(*read, folder);
  runs_->model().setCurrent(folder);
  followOverlays();
  rollout_->showPolicy();
  if (own) {
    watcher_->stop();
    own_run_->retell(shown_run_);
  } else {
    own_run_->forget();
    watcher_->watch(folder);
  }
  if (!bridge_->active()) {
    shown_physics_ = QString::fromStdString(read->physics);
    if (!read->environment.empty())
      rollout_->setEnvironment(QString::fromStdString(read->environment), shown_physics_);
    policies_->read(folder);
  }
  if (docks_->currentLayout() == "setup") docks_->applyLayout("compare");
  statusBar()->showMessage(tr("Showing %1").arg(toText(folder.filename())), kNoticeMilliseconds);
  updateActions();
}

void MainWindow::resumeRun(const std::filesystem::path& folder) {
  if (!bridge_->canStart()) {
    messages_->post(MessageKind::note, "run", tr("A run is going on. Stop it before another one is resumed"));
    return;
  }
  SessionOptions options;
  options.nice = kWindowNice;
  bridge_->resumeFolder(folder, options);
}

std::filesystem::path MainWindow::shownRun() const {
  return shown_run_;
}

void MainWindow::setOutFolder(const std::filesystem::path& folder) {
  out_ = folder;
  runs_->setFolder(folder);
  if (remember_) store_->scheduleSave();
}

void MainWindow::setTheme(ThemeChoice choice) {
  theme_ = choice;
  applyTheme(*qApp, choice);
  for (auto* action : actions_->themes) action->setChecked(action->data().toString() == toText(choice));
  refreshIcons();
  if (remember_) store_->scheduleSave();
}

void MainWindow::refreshIcons() {
  auto& a = *actions_;
  a.open_dataset->setIcon(themedIcon("open"));
  a.start->setIcon(themedIcon("start"));
  a.pause->setIcon(themedIcon(bridge_->canResume() ? "start" : "pause"));
  a.stop->setIcon(themedIcon("stop"));
  a.checkpoint->setIcon(themedIcon("checkpoint"));
  a.evaluate->setIcon(themedIcon("evaluate"));
  a.export_figures->setIcon(themedIcon("export"));
  a.undo->setIcon(themedIcon("undo"));
  a.redo->setIcon(themedIcon("redo"));
  a.copy_command->setIcon(themedIcon("copy"));
  rollout_->refreshIcons();
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
  auto* ask = makeFileDialog(this, tr("Folder for runs"), toText(out_), QFileDialog::Directory);
  connect(ask, &QFileDialog::fileSelected, this,
          [this](const QString& path) { setOutFolder(path.toStdString()); });
  ask->open();
}

void MainWindow::copyCommandLine() {
  auto config = configToRun();
  config.threads = model_->config().threads;
  QApplication::clipboard()->setText(QString::fromStdString(command_line(config, out_)));
  statusBar()->showMessage(tr("Command line copied"), kNoticeMilliseconds);
}

void MainWindow::followOverlays() {
  // The run that is shown takes part in the comparison; the plots have its newest numbers from elsewhere.
  std::vector<std::filesystem::path> folders;
  if (!shown_run_.empty()) folders.push_back(shown_run_);
  for (const auto& folder : runs_->model().overlaid())
    if (folder != shown_run_) folders.push_back(folder);
  overlays_->setFolders(std::move(folders));
  study_->setCompared(comparedOfStudy());
}

void MainWindow::showTrajectory(int trajectory, qint64 step) {
  docks_->reveal("dock.rollout");
  trajectory_job_->start([this, run = shown_run_, trajectory, step](
                             const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
    auto read = std::make_shared<Result<RecordedTrajectory>>(read_recorded_trajectory(run, step, trajectory));
    return [this, read] {
      if (*read)
        rollout_->showTrajectory(**read);
      else
        messages_->post(MessageKind::error, "trajectory", QString::fromStdString(read->error().message));
    };
  });
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

void MainWindow::closeEvent(QCloseEvent* event) {
  if (bridge_->active()) {
    // Stop, save, and come back here when the session has ended.
    closing_ = true;
    event->ignore();
    bridge_->stop();
    status_->setNotice(tr("Saving checkpoint…"));
    messages_->post(MessageKind::note, "closing",
                    tr("Saving checkpoint… The window closes by itself when it is done"));
    updateActions();
    return;
  }
  loader_->cancel();
  watcher_->stop();
  if (remember_) store_->flush();
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
    openStudy(path.toStdString());
  else if (QFileInfo(path).isDir())
    openRun(path.toStdString());
  else
    loadDataset(path.toStdString());
}

}  // namespace vaco::ui
