// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>
#include <stop_token>
#include <vector>

#include <QFont>
#include <QString>

#include "core/base/files.h"
#include "core/sim/recording_pictures.h"
#include "ui/rollout/rollout_overlay.h"

namespace vaco::ui {

/// A picture of one time step; numbered pictures in a folder; films, which ffmpeg makes.
enum class FilmKind { picture, pictures, mp4, gif };

/// An episode, and how it becomes a file.
struct Film {
  std::string environment;
  Physics physics = Physics::v2;
  std::shared_ptr<const Recording> recording;
  std::shared_ptr<const ValueSnapshot> values;
  PictureLook look;
  bool told = true;  ///< what is written and drawn over the picture in sight
  OverlayChoice overlays;
  QString why_no_values;
  QFont font;
  FilmKind kind = FilmKind::mp4;
  std::filesystem::path target;  ///< a file, or the folder of numbered pictures
  double rate = 30.0;            ///< pictures a second
  double speed = 1.0;            ///< against simulated time
  int64_t time_step = 0;         ///< of a single picture
};

/// What a file or folder of this name is to hold, by its ending; numbered pictures where it has none. The usage
/// error says which endings there are.
Result<FilmKind> filmKindOf(const std::filesystem::path& target);
/// ".mp4"; empty for a folder.
const char* endingOf(FilmKind kind);
/// Whether ffmpeg has to make it.
bool needsFfmpeg(FilmKind kind);
/// Where it is; empty: it is not installed.
QString ffmpegProgram();
/// Why this kind cannot be made here and what helps; empty where it can.
QString whyNoFilm(FilmKind kind);

/// The states that are shown one after the other: the first, one every 1 / rate seconds, and the last.
std::vector<int64_t> filmRows(int64_t states, double dt, double rate, double speed);

/// Draws and writes it as a whole or not at all: under another name first, which is removed on any error. A
/// folder that is not empty is refused, and a target whose ending says another kind; a file is replaced. Gives
/// the number of pictures. Errors: stopped, no OpenGL, no ffmpeg (unavailable), a disk that is full. Any
/// thread.
Result<int64_t> writeFilm(const Film& film, const ProgressFn& progress = {}, const std::stop_token& stop = {});

}  // namespace vaco::ui
