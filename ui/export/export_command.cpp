// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>

#include "core/base/readable.h"
#include "ui/export/export_arguments.h"
#include "ui/export/export_figure.h"

namespace vaco::ui {
namespace {

/// What the options say of the figures' looks. Checked by the reader of figure specs, so that ranges and
/// messages are the same everywhere.
Result<FigureSpec> looks(const QCommandLineParser& parser) {
  Json asked = Json::object();
  for (const auto& [option, key] :
       {std::pair{"width-mm", "width_mm"}, {"height-mm", "height_mm"}, {"font-pt", "font_pt"}}) {
    if (!parser.isSet(option)) continue;
    bool number = false;
    const std::string typed = plain_number(parser.value(option).toStdString(), false);
    asked[key] = QString::fromStdString(typed).toDouble(&number);
    if (!number) return Error{ErrorCode::usage, std::string("--") + option + " takes a number"};
  }
  if (parser.isSet("dpi")) asked["dpi"] = parser.value("dpi").toInt();
  if (parser.isSet("palette")) asked["palette"] = parser.value("palette").toStdString();
  auto spec = figureSpecFromJson(asked);
  if (!spec) return Error{ErrorCode::usage, spec.error().message};
  return spec;
}

}  // namespace

int runExportCommand(const QStringList& args) {
  ExportArguments arguments("export-figures", "Write every figure of the runs and exit.",
                            "Run folders; several are overlayed.", "pdf,svg,png,csv");
  arguments.parser().addOptions({{"width-mm", "Width of a figure.", "mm"},
                                 {"height-mm", "Height of a figure.", "mm"},
                                 {"font-pt", "Size of the text.", "pt"},
                                 {"dpi", "Resolution of PNG files.", "dpi"},
                                 {"palette", "okabe-ito, tol-bright or grey.", "name"}});
  if (const auto ended = arguments.read(args)) return *ended;
  const auto spec = looks(arguments.parser());
  if (!spec) return complain(spec.error());
  auto records = readRuns(arguments.runs());
  if (!records) return complain(records.error());
  for (const RunRecord& record : *records)
    for (const std::string& message : record.damage) std::fprintf(stderr, "warning: %s\n", message.c_str());
  auto figures = allFigures(*records, *spec);
  FigureExport all(std::move(records).value(), arguments.out(), arguments.formats(), std::move(figures));
  while (true) {
    const auto more = all.writeNext();
    if (!more) return complain(more.error());
    if (!*more) return tellWritten(all.written());
  }
}

}  // namespace vaco::ui
