// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/film_encoder.h"

#include <utility>

#include <QImage>
#include <QStringList>

#include "ui/rollout/film.h"

namespace vaco::ui {
namespace {

constexpr int kPatienceMilliseconds = 100;  // between looks whether it was stopped

QStringList encodingOf(FilmKind kind) {
  // A palette a picture: one for all would take all pictures into memory first.
  if (kind == FilmKind::gif)
    return {"-filter_complex",
            "[0:v]split[a][b];[a]palettegen=stats_mode=single[p];[b][p]paletteuse=new=1",
            "-loop",
            "0",
            "-f",
            "gif"};
  return {"-c:v", "libx264", "-crf", "18", "-pix_fmt", "yuv420p", "-movflags", "+faststart", "-f", "mp4"};
}

}  // namespace

FilmEncoder::FilmEncoder(FilmKind kind, std::filesystem::path file, double rate, std::stop_token stop)
    : kind_(kind), file_(std::move(file)), rate_(rate), stop_(std::move(stop)) {}

FilmEncoder::~FilmEncoder() {
  if (program_.state() == QProcess::NotRunning) return;
  program_.kill();
  program_.waitForFinished();
}

Result<void> FilmEncoder::begin(int width, int height) {
  const QStringList input{"-hide_banner", "-loglevel",
                          "error",        "-y",
                          "-f",           "rawvideo",
                          "-pix_fmt",     "rgb24",
                          "-s",           QString("%1x%2").arg(width).arg(height),
                          "-r",           QString::number(rate_),
                          "-i",           "-"};
  program_.start(ffmpegProgram(),
                 input + encodingOf(kind_) + QStringList{QString::fromStdString(file_.string())});
  if (!program_.waitForStarted()) return problem();
  begun_ = true;
  return {};
}

Error FilmEncoder::problem() {
  const auto said = QString::fromUtf8(program_.readAllStandardError()).trimmed().section('\n', -1);
  return {ErrorCode::failed,
          "ffmpeg could not make the film: " + (said.isEmpty() ? program_.errorString() : said).toStdString()};
}

Result<void> FilmEncoder::add(const QImage& image) {
  // yuv420p knows colors for two by two pixels only.
  const int even = kind_ == FilmKind::mp4 ? ~1 : ~0, width = image.width() & even,
            height = image.height() & even;
  if (!begun_)
    if (auto begun = begin(width, height); !begun) return begun;
  for (int y = 0; y < height; ++y)
    program_.write(reinterpret_cast<const char*>(image.constScanLine(y)), qint64{3} * width);
  while (program_.bytesToWrite() > 0 || program_.state() == QProcess::NotRunning) {
    if (program_.state() == QProcess::NotRunning) return problem();
    if (stop_.stop_requested()) return Error{ErrorCode::stopped, "stopped"};
    program_.waitForBytesWritten(kPatienceMilliseconds);
  }
  return {};
}

Result<void> FilmEncoder::finish() {
  program_.closeWriteChannel();
  while (program_.state() != QProcess::NotRunning) {
    if (stop_.stop_requested()) return Error{ErrorCode::stopped, "stopped"};
    program_.waitForFinished(kPatienceMilliseconds);
  }
  if (program_.exitStatus() != QProcess::NormalExit || program_.exitCode() != 0) return problem();
  return {};
}

}  // namespace vaco::ui
