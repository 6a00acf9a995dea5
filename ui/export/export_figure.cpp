// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_figure.h"

#include <qcustomplot.h>

#include <QBuffer>
#include <QImage>
#include <QPdfWriter>
#include <QRegularExpression>
#include <QSvgGenerator>
#include <algorithm>

#include "core/base/files.h"
#include "core/base/json.h"
#include "ui/figures/figure.h"
#include "ui/figures/figure_table.h"

namespace vaco::ui {
namespace {

/// Layout happens in pixels of 1/96 inch for every format, so that all formats show the same figure.
constexpr double kLayoutDpi = 96.0;
constexpr double kMmPerInch = 25.4;
constexpr int kPdfDpi = 1200;

QSize layoutSize(const FigureSpec& spec) {
  return {qRound(spec.widthMm / kMmPerInch * kLayoutDpi), qRound(spec.heightMm / kMmPerInch * kLayoutDpi)};
}

/// Draws on any device whose painter is set up so that one unit is 1/96 inch.
void paint(QCPPainter& painter, const FigureSpec& spec, const Figure& figure) {
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

std::string pdfText(const FigureSpec& spec, const Figure& figure) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  {
    QPdfWriter writer(&buffer);
    writer.setResolution(kPdfDpi);
    writer.setPageSize(
        QPageSize(QSizeF(spec.widthMm, spec.heightMm), QPageSize::Millimeter, {}, QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    writer.setTitle(figure.name());
    writer.setCreator("VACO Workbench");
    QCPPainter painter;
    painter.begin(&writer);
    painter.scale(kPdfDpi / kLayoutDpi, kPdfDpi / kLayoutDpi);
    paint(painter, spec, figure);
    painter.end();
  }
  return bytes.toStdString();
}

std::string pngText(const FigureSpec& spec, const Figure& figure) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  figureImage(spec, figure).save(&buffer, "PNG");
  return bytes.toStdString();
}

std::filesystem::path specPath(const std::filesystem::path& path) {
  std::filesystem::path out = path;
  return out.replace_extension(".figure.json");
}

}  // namespace

const std::vector<std::string>& exportFormats() {
  static const std::vector<std::string> kFormats{"pdf", "svg", "png", "csv"};
  return kFormats;
}

QImage figureImage(const FigureSpec& spec, const Figure& figure) {
  const double scale = spec.dpi / kLayoutDpi;
  QImage image(qRound(spec.widthMm / kMmPerInch * spec.dpi), qRound(spec.heightMm / kMmPerInch * spec.dpi),
               QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::white);
  QCPPainter painter;
  painter.begin(&image);
  painter.scale(scale, scale);
  paint(painter, spec, figure);
  painter.end();
  // Said only now: the painter would scale fonts by it.
  image.setDotsPerMeterX(qRound(spec.dpi / kMmPerInch * 1000.0));
  image.setDotsPerMeterY(qRound(spec.dpi / kMmPerInch * 1000.0));
  return image.convertToFormat(QImage::Format_RGB32);
}

std::string figureSvg(const FigureSpec& spec, const Figure& figure) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  const QSize size = layoutSize(spec);
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setResolution(static_cast<int>(kLayoutDpi));
  generator.setSize(size);
  generator.setViewBox(QRect(QPoint(0, 0), size));
  generator.setTitle(figure.name());
  generator.setDescription(figure.summary(spec));
  QCPPainter painter;
  painter.begin(&generator);
  paint(painter, spec, figure);
  painter.end();
  // The writer names a single family, which another machine may not have.
  QString text = QString::fromUtf8(bytes);
  static const QRegularExpression kFamily("font-family=\"[^\"]*\"");
  text.replace(kFamily, QString("font-family=\"%1\"").arg(paperFonts().join(", ")));
  return text.toStdString();
}

Result<void> exportFigure(const FigureSpec& spec, const Figure& figure, const std::filesystem::path& path,
                          const std::string& format) {
  if (figure.empty())
    return Error{ErrorCode::usage, toText(spec.kind) + ": the run has nothing for this figure yet"};
  if (figure.table(spec).rows.empty())
    return Error{ErrorCode::usage, toText(spec.kind) +
                                       ": nothing would be drawn within these limits; reset the view, or "
                                       "choose what is drawn anew"};
  std::string content;
  if (format == "pdf")
    content = pdfText(spec, figure);
  else if (format == "svg")
    content = figureSvg(spec, figure);
  else if (format == "png")
    content = pngText(spec, figure);
  else if (format == "csv")
    content = toCsv(figure.table(spec));
  else
    return Error{ErrorCode::usage, "unknown figure format \"" + format + "\": choose pdf, svg, png or csv"};
  if (auto written = write_text_atomically(path, content); !written) return written;
  return write_json(specPath(path), toJson(spec));
}

Result<void> exportFigure(const FigureSpec& spec, const std::vector<RunRecord>& runs,
                          const std::filesystem::path& path, const std::string& format) {
  FigureSpec whole = spec;
  if (whole.runs.empty())
    for (const RunRecord& run : runs) whole.runs.push_back(run.folder);
  return exportFigure(whole, *figureOf(spec, runs), path, format);
}

}  // namespace vaco::ui
