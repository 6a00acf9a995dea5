// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/runs/run_commands.h"

#include <algorithm>
#include <memory>

#include <QApplication>
#include <QClipboard>
#include <QDesktopServices>
#include <QFile>
#include <QMenu>
#include <QUrl>

#include "core/records/run_lock.h"

namespace vaco::ui {

namespace {
QString pathText(const std::filesystem::path& path) {
  return QString::fromStdString(path.string());
}
}  // namespace

RunCommands::RunCommands(RunsModel& runs, QObject* parent) : QObject(parent), runs_(runs) {
  connect(&trashing_, &BackgroundJob::failed, this, &RunCommands::failed);
}

void RunCommands::fill(QMenu& menu, const Runs& chosen, const Runs& listed) {
  const auto* row = chosen.empty() ? nullptr : runs_.row(chosen.front());
  if (!row) return;
  const auto run = chosen.front();
  const bool one = chosen.size() == 1, finished = row->status == "finished";
  const auto add = [&](const QString& text, auto signal, bool enabled) {
    auto* action = menu.addAction(text);
    action->setEnabled(one && enabled);
    connect(action, &QAction::triggered, this, [this, run, signal] { emit(this->*signal)(run); });
    return action;
  };
  add(tr("&Show"), &RunCommands::openRequested, true);
  add(tr("&Resume from its last checkpoint"), &RunCommands::resumeRequested, row->canResume());
  menu.addSeparator();
  add(tr("&Use these settings"), &RunCommands::settingsRequested, true)
      ->setToolTip(tr("Sets up an experiment like this one"));
  add(tr("&Fork with the settings of Experiment"), &RunCommands::forkRequested, row->status != "running")
      ->setToolTip(tr("A new run that goes on from this one's last checkpoint, with what is set up now"));
  add(tr("&Extend…"), &RunCommands::extendRequested, finished)
      ->setToolTip(tr("A new run that goes on where this one ended, for more steps of its last phase"));
  menu.addSeparator();
  addMarks(menu, chosen);
  menu.addSeparator();
  addOverlays(menu, *row, listed);
  menu.addSeparator();
  connect(menu.addAction(tr("Show fol&der")), &QAction::triggered, this,
          [run] { QDesktopServices::openUrl(QUrl::fromLocalFile(pathText(run))); });
  connect(menu.addAction(tr("&Copy path")), &QAction::triggered, this, [chosen] {
    QStringList paths;
    for (const auto& path : chosen) paths << pathText(path);
    QApplication::clipboard()->setText(paths.join('\n'));
  });
  auto* trash = menu.addAction(one ? tr("Move to &trash") : tr("Move %1 runs to &trash").arg(chosen.size()));
  trash->setShortcut(Qt::Key_Delete);
  connect(trash, &QAction::triggered, this, [this, chosen] { this->trash(chosen); });
}

void RunCommands::addMarks(QMenu& menu, const Runs& chosen) {
  const bool starred = std::all_of(chosen.begin(), chosen.end(), [this](const auto& run) {
    const auto* row = runs_.row(run);
    return row && row->marks.star;
  });
  auto* star = menu.addAction(starred ? tr("Take the st&ar away") : tr("St&ar"));
  star->setShortcut(Qt::Key_S);
  connect(star, &QAction::triggered, this, [this, chosen] { toggleStar(chosen); });
  auto* rename = menu.addAction(tr("Re&name"));
  rename->setShortcut(Qt::Key_F2);
  rename->setEnabled(chosen.size() == 1);
  connect(rename, &QAction::triggered, this, &RunCommands::renameRequested);
  const bool pinned = runs_.baseline() == chosen.front();
  auto* pin = menu.addAction(pinned ? tr("No longer the &baseline") : tr("Pin as the &baseline"));
  pin->setToolTip(
      tr("Scores of its task are shown with their difference from its; where it is ticked, comparison and "
         "statistics put it first"));
  pin->setEnabled(chosen.size() == 1);
  connect(pin, &QAction::triggered, this,
          [this, pinned, run = chosen.front()] { runs_.setBaseline(pinned ? std::filesystem::path() : run); });
}

void RunCommands::addOverlays(QMenu& menu, const RunRow& row, const Runs& listed) {
  Runs seeds;
  for (int at = 0; at < runs_.rowCount(); ++at)
    if (const auto* other = runs_.row(at); !row.settings.empty() && other->settings == row.settings)
      seeds.push_back(other->folder);
  auto* overlay = menu.addAction(tr("Overlay all its seeds (%1)").arg(seeds.size()));
  overlay->setEnabled(seeds.size() > 1);
  connect(overlay, &QAction::triggered, this, [this, seeds] { runs_.overlay(seeds); });
  connect(menu.addAction(tr("Overlay all runs (%1)").arg(listed.size())), &QAction::triggered, this,
          [this, listed] { runs_.overlay(listed); });
  auto* clear = menu.addAction(tr("C&lear the overlay"));
  clear->setEnabled(!runs_.overlaid().empty());
  connect(clear, &QAction::triggered, this, [this] { runs_.clearOverlay(); });
}

void RunCommands::toggleStar(const Runs& chosen) {
  const bool all = std::all_of(chosen.begin(), chosen.end(), [this](const auto& run) {
    const auto* row = runs_.row(run);
    return row && row->marks.star;
  });
  for (const auto& run : chosen) {
    const auto* row = runs_.row(run);
    if (!row) continue;
    auto marks = row->marks;
    marks.star = !all;
    if (const auto kept = runs_.mark(run, marks); !kept)
      return emit failed(QString::fromStdString(kept.error().message));
  }
}

void RunCommands::trash(const Runs& chosen) {
  if (chosen.empty() || trashing_.running()) return;
  runs_.removeOverlay(chosen);
  QStringList titles;
  for (const auto& run : chosen) {
    const auto* row = runs_.row(run);
    titles << (row ? row->title() : pathText(run.filename()));
  }
  trashing_.start([this, chosen, titles](const ProgressFn&,
                                         const std::stop_token& stop) -> BackgroundJob::Completion {
    QStringList moved;
    QString problem;
    for (size_t i = 0; i < chosen.size() && !stop.stop_requested(); ++i) {
      const auto& run = chosen[i];
      if (is_being_written(run))
        problem =
            tr("%1 is being trained. Stop it before it is moved to the trash").arg(pathText(run.filename()));
      else if (QFile::moveToTrash(pathText(run)))
        moved << titles[static_cast<qsizetype>(i)];
      else
        problem =
            tr("%1 cannot be moved to the trash: the file system has none, or does not allow it. Delete the "
               "folder by other means")
                .arg(pathText(run));
    }
    return [this, moved, problem] {
      if (!moved.isEmpty()) emit trashed(moved);
      if (!problem.isEmpty()) emit failed(problem);
    };
  });
}

}  // namespace vaco::ui
