// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QImage>
#include <QString>
#include <functional>
#include <string>

#include "core/base/result.h"

class QCPPainter;

namespace vaco::ui {

/// Layout happens in pixels of 1/96 inch for every format, so that all formats show the same.
constexpr double kLayoutDpi = 96.0;
constexpr double kMmPerInch = 25.4;

/// A page of any size with something drawn on it, for files of vectors or pixels.
struct Sheet {
  double widthMm = 0.0, heightMm = 0.0;
  int dpi = 300;  ///< of pixels
  QString title, description;
  /// On a painter whose unit is 1/96 inch.
  std::function<void(QCPPainter&)> paint;
};
std::string sheetPdf(const Sheet& sheet);
std::string sheetSvg(const Sheet& sheet);
QImage sheetImage(const Sheet& sheet);
/// What was drawn, to be brought to pixels or vectors by whoever asks for it, in any thread.
struct RecordedSheet {
  std::function<QImage()> image;
  std::function<std::string()> svg;
};
RecordedSheet recordSheet(const Sheet& sheet);
/// Drawn at once; the file's content then comes from any thread, as pixels take long to paint and to pack.
/// "pdf", "svg" or "png"; usage error for another format.
Result<std::function<std::string()>> drawSheet(const Sheet& sheet, const std::string& format);

}  // namespace vaco::ui
