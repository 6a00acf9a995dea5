// SPDX-License-Identifier: GPL-3.0-or-later
// Studies in the window: watching one, starting the poster's, stopping.
#include <algorithm>
#include <utility>

#include "ui/runs/runs_panel.h"
#include "ui/shell/main_window.h"
#include "ui/studies/study_panel.h"
#include "ui/studies/study_process.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

void MainWindow::connectStudy() {
  connect(study_, &StudyPanel::openRequested, this, &MainWindow::openRun);
  connect(study_, &StudyPanel::chooseFolderRequested, this, &MainWindow::askStudy);
  connect(study_, &StudyPanel::stopRequested, this, &MainWindow::stopStudy);
  connect(study_, &StudyPanel::runsChanged, this, [this](const std::vector<std::filesystem::path>& begun) {
    // Runs that begin join those before them, unless these have been taken out.
    const bool joins = study_runs_.empty() || comparedOfStudy() > 0;
    std::vector<std::filesystem::path> fresh;
    for (const auto& folder : begun)
      if (std::find(study_runs_.begin(), study_runs_.end(), folder) == study_runs_.end())
        fresh.push_back(folder);
    study_runs_ = begun;
    if (joins) runs_->model().overlay(fresh);
    followOverlays();
    runs_->rescan();
  });
  connect(study_, &StudyPanel::compareRequested, this, [this](bool wanted) {
    if (wanted)
      runs_->model().overlay(study_runs_);
    else
      runs_->model().removeOverlay(study_runs_);
    followOverlays();
  });
}

size_t MainWindow::comparedOfStudy() const {
  const auto& overlaid = runs_->model().overlaid();
  return static_cast<size_t>(std::count_if(study_runs_.begin(), study_runs_.end(), [&](const auto& folder) {
    return folder == shown_run_ || overlaid.contains(folder);
  }));
}

void MainWindow::openStudy(const std::filesystem::path& folder) {
  runs_->model().removeOverlay(std::exchange(study_runs_, {}));
  study_->setFolder(folder);
  runs_->setStudy(folder);
  if (docks_->currentLayout() == "setup") docks_->applyLayout("compare");
  docks_->reveal("dock.study");
}

void MainWindow::askStudy() {
  auto* ask = makeFileDialog(this, tr("Open the folder of a study"), toText(out_), QFileDialog::Directory);
  connect(ask, &QFileDialog::fileSelected, this, [this](const QString& path) {
    if (isStudy(path.toStdString()))
      openStudy(path.toStdString());
    else
      messages_->post(MessageKind::error, "study", tr("%1 holds no study: it has no plan.json").arg(path));
  });
  ask->open();
}

void MainWindow::askPoster() {
  auto* ask = makeFileDialog(this, tr("Folder for the poster's study"), toText(out_.parent_path()),
                             QFileDialog::Directory);
  ask->setLabelText(QFileDialog::Accept, tr("Start"));
  connect(ask, &QFileDialog::fileSelected, this,
          [this](const QString& path) { startPoster(path.toStdString()); });
  ask->open();
}

void MainWindow::startPoster(const std::filesystem::path& folder) {
  if (auto started = StudyProcess::start({"study", "poster", "--out", toText(folder), "--nice", "10"}, folder);
      !started) {
    messages_->post(MessageKind::error, "study", QString::fromStdString(started.error().message));
    return;
  }
  openStudy(folder);
  messages_->post(
      MessageKind::note, "study",
      tr("The study runs in the background, also when this window is closed. Stopped or interrupted, it goes "
         "on when it is started in the same folder again"));
}

void MainWindow::stopStudy(const std::filesystem::path& folder) {
  const auto asked = StudyProcess::stop(folder);
  if (asked)
    messages_->post(MessageKind::note, "study", tr("The study saves its runs and stops"));
  else
    messages_->post(MessageKind::error, "study", QString::fromStdString(asked.error().message));
}

}  // namespace vaco::ui
