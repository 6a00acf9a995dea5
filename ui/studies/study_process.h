// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QObject>
#include <QString>
#include <QStringList>

#include "core/base/result.h"

namespace vaco::ui {

/// Starts the command line program on a study in a process of its own, which goes on when the window is closed,
/// and asks a study to stop, whoever started it.
class StudyProcess {
 public:
  /// vaco beside our own program.
  static Result<std::filesystem::path> program();
  /// Starts `vaco words...`; what it prints goes to folder/study.log. The folder is made.
  static Result<void> start(const QStringList& words, const std::filesystem::path& folder);
  /// Whether start() was called on the folder, and what was started then can go on.
  static bool canGoOn(const std::filesystem::path& folder);
  /// Starts the same again: what is missing is done, with retry also what failed.
  static Result<void> goOn(const std::filesystem::path& folder, bool retry);
  /// Asks the process that works on the folder, or the jobs that Slurm has of it, to save and stop. Error when
  /// there is neither.
  static Result<void> stop(const std::filesystem::path& folder);
  /// The last line of folder/study.log, for people; empty when there is none.
  static QString lastLine(const std::filesystem::path& folder);
  /// That line where it tells of an error of the program; else empty.
  static QString lastError(const std::filesystem::path& folder);
  /// Whether jobs can be submitted to Slurm from here.
  static bool hasSlurm();
};

}  // namespace vaco::ui
