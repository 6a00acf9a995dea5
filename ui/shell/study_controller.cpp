// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/study_controller.h"

#include <algorithm>
#include <utility>

#include "core/base/canonical_path.h"
#include "core/base/files.h"
#include "core/study/queue.h"
#include "ui/runs/runs_panel.h"
#include "ui/shell/shown_run.h"
#include "ui/studies/queue_dialog.h"
#include "ui/studies/study_panel.h"
#include "ui/studies/study_process.h"
#include "ui/widgets/dock_host.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

StudyController::StudyController(const Parts& parts, QWidget* window)
    : QObject(window), parts_(parts), window_(window) {
  connect(&parts_.panel, &StudyPanel::stopRequested, this, &StudyController::stop);
  connect(&parts_.panel, &StudyPanel::goOnRequested, this, &StudyController::goOn);
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

void StudyController::watch(const std::filesystem::path& folder) {
  parts_.runs.model().removeOverlay(std::exchange(runs_, {}));
  parts_.panel.setFolder(folder);
  parts_.runs.setStudy(folder);
}

void StudyController::open(const std::filesystem::path& folder) {
  watch(folder);
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

void StudyController::askQueue(const QueueChoices& choices) {
  auto* ask = new QueueDialog(choices, window_);
  ask->setAttribute(Qt::WA_DeleteOnClose);
  connect(ask, &QueueDialog::chooseDatasetRequested, ask,
          [this, ask, folder = choices.base.dataset.parent_path()] {
            auto* file = makeFileDialog(ask, tr("Add a dataset"), toText(folder), QFileDialog::ExistingFile);
            connect(file, &QFileDialog::fileSelected, ask, &QueueDialog::addDataset);
            file->open();
          });
  connect(ask, &QDialog::accepted, this, [this, ask] { startQueue(ask->plan(), ask->folder(), ask->words()); });
  ask->show();
}

void StudyController::startQueue(const Json& plan, const std::filesystem::path& given, const QStringList& how) {
  const auto folder = canonical_path(given);
  const auto fail = [this](const Error& error) {
    parts_.messages.post(MessageKind::error, "study", QString::fromStdString(error.message));
  };
  if (auto made = make_folder(folder); !made) return fail(made.error());
  const auto file = queue_file(folder);
  // The same folder goes on with the same plan; another plan would mix two experiments.
  if (const auto before = read_json(file); before && *before != plan)
    return fail({ErrorCode::usage, "there is another queue in " + folder.string() + "; choose another folder"});
  if (auto written = write_json(file, plan); !written) return fail(written.error());
  if (auto started =
          StudyProcess::start(QStringList{"sweep", toText(file), "--out", toText(folder)} + how, folder);
      !started)
    return fail(started.error());
  open(folder);
}

void StudyController::goOn(const std::filesystem::path& folder, bool retry) {
  if (auto started = StudyProcess::goOn(folder, retry); !started)
    parts_.messages.post(MessageKind::error, "study", QString::fromStdString(started.error().message));
  else
    parts_.messages.post(MessageKind::note, "study", tr("The study goes on from its checkpoints"));
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
