// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>

#include <QProcess>

#include "core/base/result.h"

class QImage;

namespace vaco::ui {

enum class FilmKind;

/// Hands pictures of one size to ffmpeg, which makes a film of them. Used in one thread.
class FilmEncoder {
 public:
  FilmEncoder(FilmKind kind, std::filesystem::path file, double rate, std::stop_token stop);
  ~FilmEncoder();  // a film that is not finished ends with it
  FilmEncoder(const FilmEncoder&) = delete;
  FilmEncoder& operator=(const FilmEncoder&) = delete;

  /// An odd last column or row is left out where the format has none.
  Result<void> add(const QImage& image);
  /// Waits until the file is whole.
  Result<void> finish();

 private:
  Result<void> begin(int width, int height);
  [[nodiscard]] Error problem();

  FilmKind kind_;
  std::filesystem::path file_;
  double rate_;
  std::stop_token stop_;
  bool begun_ = false;
  QProcess program_;
};

}  // namespace vaco::ui
