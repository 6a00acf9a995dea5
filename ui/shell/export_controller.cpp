// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/export_controller.h"

#include <utility>

#include "core/base/files.h"
#include "ui/export/export_all_dialog.h"
#include "ui/export/export_figure.h"
#include "ui/plots/figure_plot.h"
#include "ui/shell/plot_deck.h"
#include "ui/shell/shown_run.h"
#include "ui/widgets/file_dialog.h"
#include "ui/widgets/message_bar.h"

namespace vaco::ui {

ExportController::ExportController(ShownRun& shown, const PlotDeck& plots, MessageBar& messages,
                                   QWidget* window)
    : QObject(window), shown_(shown), messages_(messages), window_(window) {
  for (auto* plot : plots.plots())
    connect(plot, &FigurePlot::done, this,
            [this](const QString& what) { messages_.post(MessageKind::note, "export", what); });
  for (auto* job : {&reading_, &writing_})
    connect(job, &BackgroundJob::failed, this,
            [this](const QString& message) { end(MessageKind::error, message); });
  connect(&copying_, &BackgroundJob::failed, this,
          [this](const QString& message) { messages_.post(MessageKind::error, "export", message); });
}

ExportController::~ExportController() = default;

void ExportController::askFigures() {
  const auto run = shown_.folder();
  if (run.empty() || exporting_) return;
  readRuns([this, run](std::vector<RunRecord> records) {
    exporting_ = false;
    auto figures = allFigures(records);
    if (figures.empty())
      return end(MessageKind::note, tr("There is nothing to draw yet: the run has no numbers"));
    messages_.dismiss("export");
    auto* ask = new ExportAllDialog(std::move(figures), run / "figures", window_);
    ask->setAttribute(Qt::WA_DeleteOnClose);
    connect(ask, &QDialog::accepted, this, [this, ask, records = std::move(records)] {
      exporting_ = true;
      figures_ = std::make_unique<FigureExport>(records, ask->folder(), ask->formats(), ask->figures());
      emit choicesChanged();
      writeNext();
    });
    ask->open();
  });
}

void ExportController::figuresTo(const std::filesystem::path& folder) {
  if (exporting_) return;
  readRuns([this, folder](std::vector<RunRecord> records) {
    auto figures = allFigures(records);
    figures_ = std::make_unique<FigureExport>(std::move(records), folder, exportFormats(), std::move(figures));
    writeNext();
  });
}

void ExportController::readRuns(std::function<void(std::vector<RunRecord>)> then) {
  exporting_ = true;
  messages_.post(MessageKind::note, "export", tr("Reading runs…"));
  reading_.start([this, runs = shown_.compared(), then = std::move(then)](
                     const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
    auto records = std::make_shared<Result<std::vector<RunRecord>>>(vaco::ui::readRuns(runs));
    return [this, records, then] {
      if (*records)
        then(std::move(*records).value());
      else
        end(MessageKind::error, QString::fromStdString(records->error().message));
    };
  });
}

void ExportController::writeNext() {
  auto next = figures_->drawNext();
  const auto done = static_cast<int>(figures_->drawn().size());
  if (!next) return end(MessageKind::error, QString::fromStdString(next.error().message));
  if (!*next)
    return end(MessageKind::note, (done == 1 ? tr("%1 file written to %2") : tr("%1 files written to %2"))
                                      .arg(done)
                                      .arg(toText(figures_->folder())));
  messages_.post(MessageKind::note, "export",
                 tr("Exporting figures: %1 of %2 files").arg(done).arg(figures_->files()));
  writing_.start(
      [this, file = std::move(**next)](const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
        const auto written = file.write();
        if (written) return [this] { writeNext(); };
        const auto message = QString::fromStdString(written.error().message);
        return [this, message] { end(MessageKind::error, message); };
      });
}

void ExportController::end(MessageKind kind, const QString& text) {
  exporting_ = false;
  figures_.reset();
  messages_.post(kind, "export", text);
}

void ExportController::askCheckpoint(const QString& folder) {
  auto* ask =
      makeFileDialog(window_, tr("Export policy or checkpoint into a folder"), folder, QFileDialog::Directory);
  ask->setLabelText(QFileDialog::Accept, tr("Export"));
  connect(ask, &QFileDialog::fileSelected, this,
          [this](const QString& path) { checkpointTo(path.toStdString()); });
  ask->open();
}

void ExportController::checkpointTo(const std::filesystem::path& to) {
  copying_.start([this, run = shown_.folder(), to](const ProgressFn&,
                                                   const std::stop_token&) -> BackgroundJob::Completion {
    QStringList written;
    for (const auto* name : {"policy.h5", "best_policy.h5", "checkpoints/last.h5"}) {
      const auto from = run / name;
      std::error_code unreadable;
      if (!std::filesystem::exists(from, unreadable)) continue;
      const auto target = run.filename().string() + "__" + from.filename().string();
      if (const auto done = copy_file_atomically(from, to / target); !done) {
        const auto message = QString::fromStdString(done.error().message);
        return [this, message] { messages_.post(MessageKind::error, "export", message); };
      }
      written << QString::fromStdString(target);
    }
    return [this, written, to] {
      if (written.isEmpty())
        messages_.post(MessageKind::note, "export", tr("This run has no policy and no checkpoint yet"));
      else
        messages_.post(MessageKind::note, "export",
                       tr("Written to %1: %2").arg(toText(to), written.join(", ")));
    };
  });
}

}  // namespace vaco::ui
