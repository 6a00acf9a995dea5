// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_figure.h"

#include <qcustomplot.h>

#include <QCoreApplication>
#include <QImage>
#include <QMimeData>
#include <algorithm>
#include <utility>

#include "core/base/files.h"
#include "core/base/json.h"
#include "ui/export/sheet.h"
#include "ui/figures/figure.h"
#include "ui/figures/figure_table.h"

namespace vaco::ui {
namespace {

QSize layoutSize(const FigureSpec& spec) {
  return {qRound(spec.widthMm / kMmPerInch * kLayoutDpi), qRound(spec.heightMm / kMmPerInch * kLayoutDpi)};
}

Sheet sheetOf(const FigureSpec& spec, const Figure& figure) {
  return {.widthMm = spec.widthMm,
          .heightMm = spec.heightMm,
          .dpi = spec.dpi,
          .title = figure.name(),
          .description = figure.summary(spec),
          .paint = [&](QCPPainter& painter) { paintFigure(painter, spec, figure); }};
}

constexpr char kImage[] = "application/x-qt-image", kSvg[] = "image/svg+xml", kText[] = "text/plain";

/// Pixels and vectors are made when somebody asks for them; at the latest when the program ends, as a clipboard
/// manager asks for all when there are no fonts any more.
class PastedFigure : public QMimeData {
 public:
  PastedFigure(RecordedSheet drawn, QString table) : drawn_(std::move(drawn)), table_(std::move(table)) {
    connect(qApp, &QCoreApplication::aboutToQuit, this, [this] {
      (void)image();
      (void)svg();
    });
  }
  [[nodiscard]] QStringList formats() const override { return {kImage, kSvg, kText}; }

 protected:
  QVariant retrieveData(const QString& format, QMetaType) const override {
    if (format == kImage) return image();
    if (format == kSvg) return svg();
    return format == kText ? QVariant(table_) : QVariant();
  }

 private:
  const QImage& image() const {
    if (image_.isNull()) image_ = drawn_.image();
    return image_;
  }
  const QByteArray& svg() const {
    if (svg_.isEmpty()) svg_ = QByteArray::fromStdString(drawn_.svg());
    return svg_;
  }

  RecordedSheet drawn_;
  QString table_;
  mutable QImage image_;
  mutable QByteArray svg_;
};

std::filesystem::path specPath(const std::filesystem::path& path) {
  std::filesystem::path out = path;
  return out.replace_extension(".figure.json");
}

}  // namespace

const std::vector<std::string>& exportFormats() {
  static const std::vector<std::string> kFormats{"pdf", "svg", "png", "csv"};
  return kFormats;
}

void paintFigure(QCPPainter& painter, const FigureSpec& spec, const Figure& figure) {
  const QSize size = layoutSize(spec);
  QCustomPlot plot;
  plot.setViewport(QRect(QPoint(0, 0), size));
  const PlotTheme theme = paperTheme(spec.palette, spec.fontPt);
  renderFigure(plot, figure, spec, theme);
  // The first pass gives the axis rect its size, the second places the legend by it.
  plot.plotLayout()->update(QCPLayoutElement::upPreparation);
  plot.plotLayout()->update(QCPLayoutElement::upMargins);
  plot.plotLayout()->update(QCPLayoutElement::upLayout);
  renderFigure(plot, figure, spec, theme);
  painter.setModes(QCPPainter::pmVectorized | QCPPainter::pmNoCaching | QCPPainter::pmNonCosmetic);
  painter.fillRect(QRect(QPoint(0, 0), size), theme.background);
  plot.toPainter(&painter, size.width(), size.height());
}

QImage figureImage(const FigureSpec& spec, const Figure& figure) {
  return sheetImage(sheetOf(spec, figure));
}

QMimeData* figureToPaste(const FigureSpec& spec, const Figure& figure) {
  return new PastedFigure(recordSheet(sheetOf(spec, figure)),
                          QString::fromStdString(toTsv(figure.table(spec))));
}

Result<void> checkDrawn(const FigureSpec& spec, const Figure& figure) {
  if (figure.empty())
    return Error{ErrorCode::usage, toText(spec.kind) + ": the run has nothing for this figure yet"};
  if (figure.table(spec).rows.empty())
    return Error{ErrorCode::usage, toText(spec.kind) +
                                       ": nothing would be drawn within these limits; reset the view, or "
                                       "choose what is drawn anew"};
  return {};
}

Result<void> DrawnFile::write() const {
  if (auto written = write_text_atomically(path, content()); !written) return written;
  return write_json(specPath(path), spec_json);
}

Result<DrawnFile> drawFigure(const FigureSpec& spec, const Figure& figure, const std::filesystem::path& path,
                             const std::string& format) {
  if (auto drawn = checkDrawn(spec, figure); !drawn) return drawn.error();
  const auto& known = exportFormats();
  if (std::find(known.begin(), known.end(), format) == known.end())
    return Error{ErrorCode::usage, "unknown figure format \"" + format + "\": choose pdf, svg, png or csv"};
  DrawnFile file{path, {}, toJson(spec)};
  if (format == "csv") {
    file.content = [csv = toCsv(figure.table(spec))] { return csv; };
    return file;
  }
  auto drawn = drawSheet(sheetOf(spec, figure), format);
  if (!drawn) return drawn.error();
  file.content = std::move(*drawn);
  return file;
}

Result<void> exportFigure(const FigureSpec& spec, const Figure& figure, const std::filesystem::path& path,
                          const std::string& format) {
  const auto file = drawFigure(spec, figure, path, format);
  return file ? file->write() : file.error();
}

Result<void> exportFigure(const FigureSpec& spec, const std::vector<RunRecord>& runs,
                          const std::filesystem::path& path, const std::string& format) {
  FigureSpec whole = spec;
  if (whole.runs.empty())
    for (const RunRecord& run : runs) whole.runs.push_back(run.folder);
  return exportFigure(whole, *figureOf(spec, runs), path, format);
}

}  // namespace vaco::ui
