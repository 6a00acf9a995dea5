// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/records/run_reader.h"
#include "ui/figures/figure.h"

class QImage;

class QCPPainter;

namespace vaco::ui {

/// "pdf", "svg", "png", "csv".
const std::vector<std::string>& exportFormats();

/// Draws a figure at its physical size in the paper style, whatever the theme of the screen, and writes it
/// atomically; CSV holds exactly what is drawn at full precision. The spec is saved beside it as
/// <name>.figure.json. Errors: unknown format, nothing to draw yet (usage), the disk (failed). GUI thread;
/// needs a QApplication.
Result<void> exportFigure(const FigureSpec& spec, const std::vector<RunRecord>& runs,
                          const std::filesystem::path& path, const std::string& format);
/// The same with the numbers of a figure that is already fed.
Result<void> exportFigure(const FigureSpec& spec, const Figure& figure, const std::filesystem::path& path,
                          const std::string& format);
/// Draws it in its size at the painter's origin, in units of 1/96 inch.
void paintFigure(QCPPainter& painter, const FigureSpec& spec, const Figure& figure);
/// Whether there is something to draw; the usage error says why not.
Result<void> checkDrawn(const FigureSpec& spec, const Figure& figure);
/// As text, for the clipboard.
std::string figureSvg(const FigureSpec& spec, const Figure& figure);
/// As the PNG would be.
QImage figureImage(const FigureSpec& spec, const Figure& figure);

/// A figure fed with all that the runs hold; several runs are overlaid and named by what tells them apart.
std::unique_ptr<Figure> figureOf(const FigureSpec& spec, const std::vector<RunRecord>& runs);

/// The specs of every figure that these runs can fill, with a file name each ("evaluation_return").
/// size holds width, height, font, dpi and palette for all of them.
std::vector<FigureVariant> allFigures(const std::vector<RunRecord>& runs, const FigureSpec& size = {});
/// Each run once, however often and by whatever name it is given.
Result<std::vector<RunRecord>> readRuns(const std::vector<std::filesystem::path>& folders);

/// Figures of some runs in some formats, written file by file by whoever has other things to do between them.
/// GUI thread.
class FigureExport {
 public:
  FigureExport(std::vector<RunRecord> runs, std::filesystem::path folder, std::vector<std::string> formats,
               std::vector<FigureVariant> figures);
  ~FigureExport();
  /// Writes one file; false when there is none left. Errors: nothing to draw yet (bad_data), the disk.
  Result<bool> writeNext();
  [[nodiscard]] int files() const;  ///< that there are to write in all
  [[nodiscard]] const std::vector<std::filesystem::path>& written() const { return written_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::vector<RunRecord> runs_;
  std::filesystem::path folder_;
  std::vector<std::string> formats_;
  std::vector<FigureVariant> figures_;
  std::unique_ptr<Figure> figure_;  ///< the one that is being written
  std::vector<std::filesystem::path> written_;
};

/// vaco-workbench --export-figures RUN [RUN2...] --out DIR --format pdf,svg,png,csv [--width-mm W] [--height-mm
/// H]
/// [--font-pt P] [--font NAME] [--dpi N] [--palette NAME]. args without the program's name. Prints the paths on
/// stdout and complaints on stderr; returns the exit code. Needs a QApplication (platform offscreen will do)
/// and no window.
int runExportCommand(const QStringList& args);

}  // namespace vaco::ui
