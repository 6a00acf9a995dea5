// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QCommandLineParser>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace vaco::ui {

/// "vaco-workbench: <message>" on stderr; gives the exit code.
int complain(const Error& error);
/// The paths on stdout, one a line; gives the exit code.
int tellWritten(const std::vector<std::filesystem::path>& written);

/// What the commands that write figures and end have in common: folders of runs, --out, --format and --help.
class ExportArguments {
 public:
  /// mode: the option that chooses the command, "export-figures"; modeHelp and runsHelp: what --help says of it
  /// and of the folders.
  ExportArguments(const QString& mode, const QString& modeHelp, const QString& runsHelp,
                  const QString& formatsByDefault);
  /// Where a command adds what only it takes, before read().
  QCommandLineParser& parser() { return parser_; }
  /// Reads the words behind the program's name. Nothing when the work may begin, else the exit code: help was
  /// shown, or a complaint made.
  std::optional<int> read(const QStringList& args);

  [[nodiscard]] const std::vector<std::filesystem::path>& runs() const { return runs_; }
  [[nodiscard]] std::filesystem::path out() const { return parser_.value("out").toStdString(); }
  [[nodiscard]] const std::vector<std::string>& formats() const { return formats_; }

 private:
  QString mode_;
  QCommandLineParser parser_;
  std::vector<std::filesystem::path> runs_;
  std::vector<std::string> formats_;
};

}  // namespace vaco::ui
