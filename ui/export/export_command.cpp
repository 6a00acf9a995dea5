// SPDX-License-Identifier: GPL-3.0-or-later
#include <QCommandLineOption>
#include <QCommandLineParser>
#include <algorithm>
#include <cstdio>

#include "ui/export/export_figure.h"

namespace vaco::ui {
namespace {

int complain(const Error& error) {
  std::fprintf(stderr, "vaco-workbench: %s\n", error.message.c_str());
  return exit_code(error.code);
}

int complain(const QString& message) {
  return complain(Error{ErrorCode::usage, message.toStdString()});
}

}  // namespace

int runExportCommand(const QStringList& args) {
  QCommandLineParser parser;
  const QCommandLineOption exportFigures("export-figures", "Write every figure of the runs and exit.");
  const QCommandLineOption out("out", "Folder for the figures.", "folder");
  const QCommandLineOption format("format", "pdf, svg, png, csv; several with commas.", "formats",
                                  "pdf,svg,png,csv");
  const QCommandLineOption width("width-mm", "Width of a figure.", "mm");
  const QCommandLineOption height("height-mm", "Height of a figure.", "mm");
  const QCommandLineOption font("font-pt", "Size of the text.", "pt");
  const QCommandLineOption dpi("dpi", "Resolution of PNG files.", "dpi");
  const QCommandLineOption palette("palette", "okabe-ito, tol-bright or grey.", "name");
  parser.addOptions({exportFigures, out, format, width, height, font, dpi, palette});
  const QCommandLineOption help = parser.addHelpOption();
  parser.addPositionalArgument("runs", "Run folders; several are overlayed.");
  if (!parser.parse(QStringList{"vaco-workbench"} + args)) return complain(parser.errorText());
  if (parser.isSet(help)) {
    std::fputs(qPrintable(parser.helpText()), stdout);
    return 0;
  }
  if (parser.positionalArguments().isEmpty())
    return complain(QString("--export-figures needs at least one run folder"));
  if (!parser.isSet(out)) return complain(QString("--export-figures needs --out FOLDER"));

  std::vector<std::string> formats;
  for (const QString& name : parser.value(format).split(',', Qt::SkipEmptyParts)) {
    formats.push_back(name.trimmed().toLower().toStdString());
    const auto& known = exportFormats();
    if (std::find(known.begin(), known.end(), formats.back()) == known.end())
      return complain(QString("unknown figure format \"%1\": choose pdf, svg, png or csv").arg(name));
  }
  if (formats.empty()) return complain(QString("--format names no format: choose pdf, svg, png or csv"));

  // Checked by the reader of figure specs, so that ranges and messages are the same everywhere.
  Json asked = Json::object();
  for (const auto& [option, key] :
       {std::pair{&width, "width_mm"}, {&height, "height_mm"}, {&font, "font_pt"}}) {
    if (!parser.isSet(*option)) continue;
    bool number = false;
    asked[key] = parser.value(*option).toDouble(&number);
    if (!number) return complain(QString("--%1 takes a number").arg(option->names().first()));
  }
  if (parser.isSet(dpi)) asked["dpi"] = parser.value(dpi).toInt();
  if (parser.isSet(palette)) asked["palette"] = parser.value(palette).toStdString();
  auto size = figureSpecFromJson(asked);
  if (!size) return complain(Error{ErrorCode::usage, size.error().message});

  std::vector<std::filesystem::path> runs;
  for (const QString& run : parser.positionalArguments()) runs.emplace_back(run.toStdString());
  auto records = readRuns(runs);
  if (!records) return complain(records.error());
  for (const RunRecord& record : *records)
    for (const std::string& message : record.damage) std::fprintf(stderr, "warning: %s\n", message.c_str());
  auto figures = allFigures(*records, *size);
  FigureExport all(std::move(records).value(), parser.value(out).toStdString(), formats, std::move(figures));
  while (true) {
    const auto more = all.writeNext();
    if (!more) return complain(more.error());
    if (!*more) break;
  }
  for (const auto& path : all.written()) std::printf("%s\n", path.c_str());
  return 0;
}

}  // namespace vaco::ui
