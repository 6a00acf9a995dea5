// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/rollout/film.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include <QCoreApplication>
#include <QImage>
#include <QPainter>
#include <QStandardPaths>

#include "core/base/guard.h"
#include "ui/rollout/film_encoder.h"

namespace vaco::ui {
namespace {

namespace fs = std::filesystem;
constexpr double kOverlayHeight = 420.0;  // of the picture for which the overlay's letters have their own size

/// What is done with the pictures one after the other.
using Take = std::function<Result<void>(const QImage& image)>;

QImage toldImage(const Film& film, const RolloutFrame& frame) {
  QImage image =
      QImage(frame.rgb.data(), frame.width, frame.height, frame.width * 3, QImage::Format_RGB888).copy();
  if (!film.told) return image;
  QPainter painter(&image);
  const double scale = std::max(1.0, frame.height / kOverlayHeight);
  painter.scale(scale, scale);
  painter.setFont(film.font);
  const QRect room(0, 0, static_cast<int>(frame.width / scale), static_cast<int>(frame.height / scale));
  paintOverlays(painter, room, frame, film.overlays, {}, film.why_no_values, overlayColors(film.look.dark));
  return image;
}

Result<int64_t> drawEach(const Film& film, const Take& take, const ProgressFn& progress,
                         const std::stop_token& stop) {
  auto pictures =
      RecordingPictures::create(film.environment, film.physics, film.recording, film.look, film.values);
  if (!pictures) return pictures.error();
  const auto rows = film.kind == FilmKind::picture
                        ? std::vector<int64_t>{film.time_step}
                        : filmRows((*pictures)->states(), (*pictures)->dt(), film.rate, film.speed);
  for (size_t i = 0; i < rows.size(); ++i) {
    if (stop.stop_requested()) return Error{ErrorCode::stopped, "stopped"};
    if (progress) progress(static_cast<double>(i) / static_cast<double>(rows.size()), "drawing pictures");
    auto frame = (*pictures)->draw(rows[i]);
    if (!frame) return frame.error();
    frame->replayed = false;  // who sees the film sees it for the first time
    if (auto taken = take(toldImage(film, *frame)); !taken) return taken.error();
  }
  return static_cast<int64_t>(rows.size());
}

Result<void> savePng(const QImage& image, const fs::path& path) {
  if (image.save(QString::fromStdString(path.string()), "PNG")) return {};
  return Error{ErrorCode::failed, path.string() + " cannot be written; is the disk full?"};
}

/// A folder that goes away with its files unless it is kept under another name.
class ShortLivedFolder {
 public:
  explicit ShortLivedFolder(fs::path path) : path_(std::move(path)) {}
  ~ShortLivedFolder() {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }
  ShortLivedFolder(const ShortLivedFolder&) = delete;
  ShortLivedFolder& operator=(const ShortLivedFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

Result<int64_t> writePictures(const Film& film, const ProgressFn& progress, const std::stop_token& stop) {
  if (!entries_of(film.target).empty() || is_file(film.target))
    return Error{ErrorCode::usage,
                 film.target.string() + " is there already and not empty; name another folder"};
  const ShortLivedFolder folder(film.target.parent_path() /
                                ("." + film.target.filename().string() + ".part" + std::to_string(::getpid())));
  if (auto made = make_folder(folder.path()); !made) return made.error();
  int64_t number = 0;
  const auto drawn = drawEach(
      film,
      [&](const QImage& image) {
        return savePng(image, folder.path() / QString("%1.png").arg(number++, 6, 10, QChar('0')).toStdString());
      },
      progress, stop);
  if (!drawn) return drawn.error();
  std::error_code problem;
  fs::rename(folder.path(), film.target, problem);
  if (problem) return Error{ErrorCode::failed, film.target.string() + ": " + problem.message()};
  return *drawn;
}

Result<int64_t> write(const Film& film, const ProgressFn& progress, const std::stop_token& stop) {
  if (const auto why = whyNoFilm(film.kind); !why.isEmpty())
    return Error{ErrorCode::unavailable, why.toStdString()};
  const auto named = filmKindOf(film.target);
  if (!named) return named.error();
  if (*named != film.kind)
    return Error{ErrorCode::usage, film.target.filename().string() + " has the ending of another kind of file"};
  if (film.kind == FilmKind::pictures) return writePictures(film, progress, stop);
  Result<int64_t> drawn = int64_t{0};
  auto written = write_file_atomically(film.target, [&](const fs::path& temporary) -> Result<void> {
    if (film.kind == FilmKind::picture) {
      drawn = drawEach(
          film, [&](const QImage& image) { return savePng(image, temporary); }, progress, stop);
      return drawn ? Result<void>{} : drawn.error();
    }
    FilmEncoder encoder(film.kind, temporary, film.rate, stop);
    drawn = drawEach(
        film, [&](const QImage& image) { return encoder.add(image); }, progress, stop);
    return drawn ? encoder.finish() : drawn.error();
  });
  if (!written) return written.error();
  return drawn;
}

}  // namespace

Result<FilmKind> filmKindOf(const fs::path& target) {
  const auto ending = QString::fromStdString(target.extension().string()).toLower();
  for (const auto kind : {FilmKind::picture, FilmKind::pictures, FilmKind::mp4, FilmKind::gif})
    if (ending == endingOf(kind)) return kind;
  return Error{ErrorCode::usage, target.filename().string() +
                                     " ends in neither .mp4, .gif nor .png; the name of a folder for numbered "
                                     "pictures has no dot"};
}

const char* endingOf(FilmKind kind) {
  switch (kind) {
    case FilmKind::picture:
      return ".png";
    case FilmKind::mp4:
      return ".mp4";
    case FilmKind::gif:
      return ".gif";
    case FilmKind::pictures:
      break;
  }
  return "";
}

bool needsFfmpeg(FilmKind kind) {
  return kind == FilmKind::mp4 || kind == FilmKind::gif;
}

QString ffmpegProgram() {
  return QStandardPaths::findExecutable("ffmpeg");
}

QString whyNoFilm(FilmKind kind) {
  if (!needsFfmpeg(kind) || !ffmpegProgram().isEmpty()) return {};
  return QCoreApplication::translate("Film",
                                     "Films are made by the program ffmpeg, which is not installed. This "
                                     "installs it on Debian and Ubuntu: sudo "
                                     "apt install ffmpeg. Numbered pictures need no other program");
}

std::vector<int64_t> filmRows(int64_t states, double dt, double rate, double speed) {
  const int64_t last = std::max<int64_t>(0, states - 1);
  const double a_picture = speed / (rate * dt);  // states
  std::vector<int64_t> rows;
  for (int64_t i = 0;; ++i) {
    const auto row = static_cast<int64_t>(std::llround(static_cast<double>(i) * a_picture));
    if (row >= last) break;
    rows.push_back(row);
  }
  rows.push_back(last);
  return rows;
}

Result<int64_t> writeFilm(const Film& film, const ProgressFn& progress, const std::stop_token& stop) {
  return guarded("writing " + film.target.string(), [&] { return write(film, progress, stop); });
}

}  // namespace vaco::ui
