// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/base/result.h"
#include "core/records/run_reader.h"
#include "ui/figures/figure.h"

class QImage;
class QMimeData;

class QCPPainter;

namespace vaco::ui {

/// "pdf", "svg", "png", "csv".
const std::vector<std::string>& exportFormats();

/// A figure that was drawn for a file.
struct DrawnFile {
  std::filesystem::path path;
  std::function<std::string()> content;
  Json spec_json;
  /// Writes it atomically, and the spec beside it as <name>.figure.json. Any thread. Errors: the disk (failed).
  [[nodiscard]] Result<void> write() const;
};
/// Draws a figure at its physical size in the paper style, whatever the theme of the screen; CSV holds exactly
/// what is drawn at full precision. Errors: unknown format, nothing to draw yet (usage). GUI thread; needs a
/// QApplication.
Result<DrawnFile> drawFigure(const FigureSpec& spec, const Figure& figure, const std::filesystem::path& path,
                             const std::string& format);
/// Draws and writes.
Result<void> exportFigure(const FigureSpec& spec, const std::vector<RunRecord>& runs,
                          const std::filesystem::path& path, const std::string& format);
Result<void> exportFigure(const FigureSpec& spec, const Figure& figure, const std::filesystem::path& path,
                          const std::string& format);
/// Draws it in its size at the painter's origin, in units of 1/96 inch.
void paintFigure(QCPPainter& painter, const FigureSpec& spec, const Figure& figure);
/// Whether there is something to draw; the usage error says why not.
Result<void> checkDrawn(const FigureSpec& spec, const Figure& figure);
/// For the clipboard: drawn now, and made into what is asked for when it is pasted, which takes longer. The
/// numbers are there as tab-separated text. The caller owns it.
QMimeData* figureToPaste(const FigureSpec& spec, const Figure& figure);
/// As the PNG would be.
QImage figureImage(const FigureSpec& spec, const Figure& figure);

/// A figure fed with all that the runs hold; several runs are overlaid and named by what tells them apart.
std::unique_ptr<Figure> figureOf(const FigureSpec& spec, const std::vector<RunRecord>& runs);

/// The specs of every figure that these runs can fill, with a file name each ("evaluation_return").
/// size holds width, height, font, dpi and palette for all of them.
std::vector<FigureVariant> allFigures(const std::vector<RunRecord>& runs, const FigureSpec& size = {});
/// Each run once, however often and by whatever name it is given.
Result<std::vector<RunRecord>> readRuns(const std::vector<std::filesystem::path>& folders);

/// Figures of some runs in some formats, drawn file by file for whoever writes them and has other things to do
/// between them. GUI thread.
class FigureExport {
 public:
  FigureExport(std::vector<RunRecord> runs, std::filesystem::path folder, std::vector<std::string> formats,
               std::vector<FigureVariant> figures);
  ~FigureExport();
  /// Draws one file; nothing when there is none left. Errors: nothing to draw yet (bad_data), the disk.
  Result<std::optional<DrawnFile>> drawNext();
  [[nodiscard]] int files() const;  ///< that there are to write in all
  [[nodiscard]] const std::vector<std::filesystem::path>& drawn() const { return drawn_; }
  [[nodiscard]] const std::filesystem::path& folder() const { return folder_; }

 private:
  std::vector<RunRecord> runs_;
  std::filesystem::path folder_;
  std::vector<std::string> formats_;
  std::vector<FigureVariant> figures_;
  std::unique_ptr<Figure> figure_;  ///< the one that is being drawn
  std::vector<std::filesystem::path> drawn_;
};

/// vaco-workbench --export-figures RUN [RUN2...] --out DIR --format pdf,svg,png,csv [--width-mm W] [--height-mm
/// H]
/// [--font-pt P] [--font NAME] [--dpi N] [--palette NAME]. args without the program's name. Prints the paths on
/// stdout and complaints on stderr; returns the exit code. Needs a QApplication (platform offscreen will do)
/// and no window.
int runExportCommand(const QStringList& args);

}  // namespace vaco::ui
