// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/study_controller.h"

#include <algorithm>
#include <utility>

#include "core/base/canonical_path.h"
#include "ui/runs/runs_panel.h"
#include "ui/shell/shown_run.h"
#include "ui/studies/study_panel.h"
#include "ui/studies/study_process.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

StudyController::StudyController(const Parts& parts, QWidget* window)
    : QObject(window), parts_(parts), window_(window) {
  connect(&parts_.panel, &StudyPanel::stopRequested, this, &StudyController::stop);
  connect(&parts_.panel, &StudyPanel::failed, this,
          [this](const QString& message) { parts_.messages.post(MessageKind::error, "study", message); });
  connect(&parts_.panel, &StudyPanel::runsChanged, this, &StudyController::takeRuns);
  connect(&parts_.panel, &StudyPanel::compareRequested, this, [this](bool wanted) {
    auto& model = parts_.runs.model();
    wanted ? model.overlay(runs_) : model.removeOverlay(runs_);
  });
  connect(&parts_.shown, &ShownRun::comparisonChanged, this, [this] { parts_.panel.setCompared(compared()); });
}

void StudyController::takeRuns(const std::vector<std::filesystem::path>& begun) {
  // Runs that begin join those before them, unless these have been taken out.
  const bool joins = runs_.empty() || compared() > 0;
  std::vector<std::filesystem::path> now, fresh;
  for (const auto& folder : begun) {
    now.push_back(canonical_path(folder));
    if (std::find(runs_.begin(), runs_.end(), now.back()) == runs_.end()) fresh.push_back(now.back());
  }
  runs_ = std::move(now);
  if (joins) parts_.runs.model().overlay(fresh);
  parts_.panel.setCompared(compared());
  parts_.runs.rescan();
}

size_t StudyController::compared() const {
  const auto& overlaid = parts_.runs.model().overlaid();
  return static_cast<size_t>(std::count_if(runs_.begin(), runs_.end(), [&](const auto& folder) {
    return folder == parts_.shown.folder() || overlaid.contains(folder);
  }));
}

void StudyController::open(const std::filesystem::path& folder) {
  parts_.runs.model().removeOverlay(std::exchange(runs_, {}));
  parts_.panel.setFolder(folder);
  parts_.runs.setStudy(folder);
  if (parts_.docks.currentLayout() == "setup") parts_.docks.applyLayout("compare");
  parts_.docks.reveal("dock.study");
}

void StudyController::ask(const std::filesystem::path& out) {
  auto* ask = makeFileDialog(window_, tr("Open the folder of a study"), toText(out), QFileDialog::Directory);
  connect(ask, &QFileDialog::fileSelected, this, [this](const QString& path) {
    if (isStudy(path.toStdString()))
      open(path.toStdString());
    else
      parts_.messages.post(MessageKind::error, "study", tr("%1 holds no study: it has no plan.json").arg(path));
  });
  ask->open();
}

void StudyController::askPoster(const std::filesystem::path& out) {
  auto* ask = makeNewFolderDialog(window_, tr("Folder for the poster's study"), toText(out.parent_path()));
  ask->setLabelText(QFileDialog::Accept, tr("Start"));
  connect(ask, &QFileDialog::fileSelected, this,
          [this](const QString& path) { startPoster(path.toStdString()); });
  ask->open();
}

void StudyController::startPoster(const std::filesystem::path& folder) {
  if (auto started = StudyProcess::start({"study", "poster", "--out", toText(folder), "--nice", "10"}, folder);
      !started) {
    parts_.messages.post(MessageKind::error, "study", QString::fromStdString(started.error().message));
    return;
  }
  open(folder);
  parts_.messages.post(
      MessageKind::note, "study",
      tr("The study runs in the background, also when this window is closed. Stopped or interrupted, it goes "
         "on when it is started in the same folder again"));
}

void StudyController::stop(const std::filesystem::path& folder) {
  const auto asked = StudyProcess::stop(folder);
  if (asked)
    parts_.messages.post(MessageKind::note, "study", tr("The study saves its runs and stops"));
  else
    parts_.messages.post(MessageKind::error, "study", QString::fromStdString(asked.error().message));
}

}  // namespace vaco::ui
