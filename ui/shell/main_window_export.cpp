// SPDX-License-Identifier: GPL-3.0-or-later
// What leaves the window as files: figures, policies, checkpoints.
#include <QTimer>

#include "core/base/files.h"
#include "ui/export/export_all_dialog.h"
#include "ui/export/export_figure.h"
#include "ui/runs/runs_panel.h"
#include "ui/shell/main_window.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

void MainWindow::askExportFigures() {
  const auto run = shownRun();
  if (run.empty() || exporting_) return;
  readShownRuns([this, run](std::vector<RunRecord> records) {
    exporting_ = false;
    auto figures = allFigures(records);
    if (figures.empty())
      return endExport(MessageKind::note, tr("There is nothing to draw yet: the run has no numbers"));
    messages_->dismiss("export");
    auto* ask = new ExportAllDialog(std::move(figures), run / "figures", this);
    ask->setAttribute(Qt::WA_DeleteOnClose);
    connect(ask, &QDialog::accepted, this, [this, ask, records = std::move(records)] {
      exporting_ = true;
      figure_export_ = std::make_unique<FigureExport>(records, ask->folder(), ask->formats(), ask->figures());
      if (remember_) store_->scheduleSave();
      exportNext();
    });
    ask->open();
  });
}

void MainWindow::exportFiguresTo(const std::filesystem::path& folder) {
  if (exporting_) return;
  readShownRuns([this, folder](std::vector<RunRecord> records) {
    auto figures = allFigures(records);
    figure_export_ =
        std::make_unique<FigureExport>(std::move(records), folder, exportFormats(), std::move(figures));
    exportNext();
  });
}

void MainWindow::readShownRuns(std::function<void(std::vector<RunRecord>)> then) {
  std::vector<std::filesystem::path> runs{shownRun()};
  for (const auto& other : runs_->model().overlaid())
    if (other != runs.front()) runs.push_back(other);
  exporting_ = true;
  messages_->post(MessageKind::note, "export", tr("Reading runs…"));
  export_job_->start([this, runs, then = std::move(then)](const ProgressFn&,
                                                          const std::stop_token&) -> BackgroundJob::Completion {
    auto records = std::make_shared<Result<std::vector<RunRecord>>>(readRuns(runs));
    return [this, records, then] {
      if (*records)
        then(std::move(*records).value());
      else
        endExport(MessageKind::error, QString::fromStdString(records->error().message));
    };
  });
}

void MainWindow::exportNext() {
  const auto more = figure_export_->writeNext();
  const auto done = static_cast<int>(figure_export_->written().size());
  if (!more) {
    endExport(MessageKind::error, QString::fromStdString(more.error().message));
  } else if (*more) {
    messages_->post(MessageKind::note, "export",
                    tr("Exporting figures: %1 of %2 files").arg(done).arg(figure_export_->files()));
    QTimer::singleShot(0, this, &MainWindow::exportNext);
  } else {
    endExport(MessageKind::note,
              tr("%n files written to %1", nullptr, done).arg(toText(figure_export_->folder())));
  }
}

void MainWindow::endExport(MessageKind kind, const QString& text) {
  exporting_ = false;
  figure_export_.reset();
  messages_->post(kind, "export", text);
}

void MainWindow::askExportCheckpoint() {
  const auto run = shownRun();
  auto* ask = makeFileDialog(this, tr("Export policy or checkpoint into a folder"), last_folder_,
                             QFileDialog::Directory);
  ask->setLabelText(QFileDialog::Accept, tr("Export"));
  connect(ask, &QFileDialog::fileSelected, this, [this, run](const QString& path) {
    const std::filesystem::path to(path.toStdString());
    copy_job_->start([this, run, to](const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
      QStringList written;
      for (const auto* name : {"policy.h5", "best_policy.h5", "checkpoints/last.h5"}) {
        const auto from = run / name;
        if (!is_file(from)) continue;
        const auto target = run.filename().string() + "__" + from.filename().string();
        const auto done = copy_file_atomically(from, to / target);
        if (!done) {
          const auto message = QString::fromStdString(done.error().message);
          return [this, message] { messages_->post(MessageKind::error, "export", message); };
        }
        written << QString::fromStdString(target);
      }
      return [this, written, to] {
        if (written.isEmpty())
          messages_->post(MessageKind::note, "export", tr("This run has no policy and no checkpoint yet"));
        else
          messages_->post(MessageKind::note, "export",
                          tr("Written to %1: %2").arg(toText(to), written.join(", ")));
      };
    });
  });
  ask->open();
}

}  // namespace vaco::ui
