// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_arguments.h"

#include <algorithm>
#include <cstdio>

#include "ui/export/export_figure.h"

namespace vaco::ui {

int complain(const Error& error) {
  std::fprintf(stderr, "vaco-workbench: %s\n", error.message.c_str());
  return exit_code(error.code);
}

int tellWritten(const std::vector<std::filesystem::path>& written) {
  for (const auto& path : written) std::printf("%s\n", path.c_str());
  return 0;
}

ExportArguments::ExportArguments(const QString& mode, const QString& modeHelp, const QString& runsHelp,
                                 const QString& formatsByDefault)
    : mode_(mode) {
  parser_.addOptions({{mode, modeHelp},
                      {"out", "Folder for the figures.", "folder"},
                      {"format", "pdf, svg, png, csv; several with commas.", "formats", formatsByDefault}});
  parser_.addPositionalArgument("runs", runsHelp);
}

std::optional<int> ExportArguments::read(const QStringList& args) {
  const auto refuse = [](const QString& message) {
    return complain(Error{ErrorCode::usage, message.toStdString()});
  };
  const QCommandLineOption help = parser_.addHelpOption();
  if (!parser_.parse(QStringList{"vaco-workbench"} + args)) return refuse(parser_.errorText());
  if (parser_.isSet(help)) {
    std::fputs(qPrintable(parser_.helpText()), stdout);
    return 0;
  }
  if (parser_.positionalArguments().isEmpty())
    return refuse(QString("--%1 needs at least one run folder").arg(mode_));
  if (!parser_.isSet("out")) return refuse(QString("--%1 needs --out FOLDER").arg(mode_));
  for (const QString& name : parser_.value("format").split(',', Qt::SkipEmptyParts)) {
    formats_.push_back(name.trimmed().toLower().toStdString());
    const auto& known = exportFormats();
    if (std::find(known.begin(), known.end(), formats_.back()) == known.end())
      return refuse(QString("unknown figure format \"%1\": choose pdf, svg, png or csv").arg(name));
  }
  if (formats_.empty()) return refuse("--format names no format: choose pdf, svg, png or csv");
  for (const QString& run : parser_.positionalArguments()) runs_.emplace_back(run.toStdString());
  return std::nullopt;
}

}  // namespace vaco::ui
