// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/sheet.h"

#include <qcustomplot.h>

#include <QBuffer>
#include <QPdfWriter>
#include <QPicture>
#include <QRegularExpression>
#include <QSvgGenerator>

#include "ui/figures/plot_theme.h"

namespace vaco::ui {
namespace {

constexpr int kPdfDpi = 1200;

/// What a sheet draws, to be brought to pixels in any thread: long noisy curves take their time.
struct Recorded {
  QPicture picture;
  QSize pixels;
  double dpi = 0.0;
};

Recorded record(const Sheet& sheet) {
  Recorded recorded;
  recorded.dpi = sheet.dpi;
  recorded.pixels = {qRound(sheet.widthMm / kMmPerInch * sheet.dpi),
                     qRound(sheet.heightMm / kMmPerInch * sheet.dpi)};
  QCPPainter painter;
  painter.begin(&recorded.picture);
  sheet.paint(painter);
  painter.end();
  return recorded;
}

QImage imageOf(const Recorded& recorded) {
  QImage image(recorded.pixels, QImage::Format_ARGB32_Premultiplied);
  image.fill(Qt::white);
  QPainter painter(&image);
  painter.scale(recorded.dpi / kLayoutDpi, recorded.dpi / kLayoutDpi);
  painter.drawPicture(0, 0, recorded.picture);
  painter.end();
  // Said only now: the painter would scale fonts by it.
  image.setDotsPerMeterX(qRound(recorded.dpi / kMmPerInch * 1000.0));
  image.setDotsPerMeterY(qRound(recorded.dpi / kMmPerInch * 1000.0));
  return image.convertToFormat(QImage::Format_RGB32);
}

}  // namespace

std::string sheetPdf(const Sheet& sheet) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  {
    QPdfWriter writer(&buffer);
    writer.setResolution(kPdfDpi);
    writer.setPageSize(
        QPageSize(QSizeF(sheet.widthMm, sheet.heightMm), QPageSize::Millimeter, {}, QPageSize::ExactMatch));
    writer.setPageMargins(QMarginsF(0, 0, 0, 0));
    writer.setTitle(sheet.title);
    writer.setCreator("VACO Workbench");
    QCPPainter painter;
    painter.begin(&writer);
    painter.scale(kPdfDpi / kLayoutDpi, kPdfDpi / kLayoutDpi);
    sheet.paint(painter);
    painter.end();
  }
  return bytes.toStdString();
}

std::string sheetSvg(const Sheet& sheet) {
  QByteArray bytes;
  QBuffer buffer(&bytes);
  buffer.open(QIODevice::WriteOnly);
  const QSize size(qRound(sheet.widthMm / kMmPerInch * kLayoutDpi),
                   qRound(sheet.heightMm / kMmPerInch * kLayoutDpi));
  QSvgGenerator generator;
  generator.setOutputDevice(&buffer);
  generator.setResolution(static_cast<int>(kLayoutDpi));
  generator.setSize(size);
  generator.setViewBox(QRect(QPoint(0, 0), size));
  generator.setTitle(sheet.title);
  generator.setDescription(sheet.description);
  QCPPainter painter;
  painter.begin(&generator);
  sheet.paint(painter);
  painter.end();
  // The writer names a single family, which another machine may not have.
  const QString text = QString::fromUtf8(bytes);
  static const QRegularExpression kFamily("font-family=\"([^\"]*)\"");
  QString out;
  qsizetype done = 0;
  for (auto matches = kFamily.globalMatch(text); matches.hasNext();) {
    const auto match = matches.next();
    out += text.mid(done, match.capturedStart() - done);
    out += QString("font-family=\"%1\"").arg(fontFamilies(match.captured(1)).join(", "));
    done = match.capturedEnd();
  }
  return (out + text.mid(done)).toStdString();
}

QImage sheetImage(const Sheet& sheet) {
  return imageOf(record(sheet));
}

RecordedSheet recordSheet(const Sheet& sheet) {
  const auto recorded = record(sheet);
  Sheet played = sheet;
  played.paint = [recorded](QCPPainter& painter) { painter.drawPicture(0, 0, recorded.picture); };
  return {[recorded] { return imageOf(recorded); }, [played] { return sheetSvg(played); }};
}

Result<std::function<std::string()>> drawSheet(const Sheet& sheet, const std::string& format) {
  using Content = std::function<std::string()>;
  if (format == "pdf") return Content([pdf = sheetPdf(sheet)] { return pdf; });
  if (format == "svg") return Content([svg = sheetSvg(sheet)] { return svg; });
  if (format != "png")
    return Error{ErrorCode::usage, "unknown figure format \"" + format + "\": choose pdf, svg or png"};
  return Content([recorded = record(sheet)] {
    QByteArray bytes;
    QBuffer buffer(&bytes);
    buffer.open(QIODevice::WriteOnly);
    imageOf(recorded).save(&buffer, "PNG");
    return bytes.toStdString();
  });
}

}  // namespace vaco::ui
