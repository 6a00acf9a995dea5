// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <cstdio>

#include "core/base/files.h"
#include "core/base/readable.h"
#include "ui/export/export_arguments.h"
#include "ui/export/export_figure.h"
#include "ui/export/figure_page.h"

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
  if (parser.isSet("font")) asked["font"] = parser.value("font").toStdString();
  if (parser.isSet("palette")) asked["palette"] = parser.value("palette").toStdString();
  auto spec = figureSpecFromJson(asked);
  if (!spec) return Error{ErrorCode::usage, spec.error().message};
  return spec;
}

bool isFigureFile(const std::filesystem::path& path) {
  return path.string().ends_with(".figure.json");
}

int writePage(const FigurePage& page, const std::vector<RunRecord>& runs, const std::filesystem::path& out,
              const std::vector<std::string>& formats) {
  if (auto made = make_folder(out); !made) return complain(made.error());
  std::vector<std::filesystem::path> written;
  for (const auto& format : formats) {
    written.push_back(out / ("page." + format));
    if (auto done = exportPage(page, runs, written.back(), format); !done) return complain(done.error());
  }
  return tellWritten(written);
}

/// Draws stored figures again, each as its file says, or all on one page.
int redraw(const std::vector<std::filesystem::path>& files, const std::filesystem::path& out,
           const std::vector<std::string>& formats, int columns) {
  if (auto made = make_folder(out); !made) return complain(made.error());
  FigurePage together{.panels = {}, .columns = columns};
  std::vector<RunRecord> runs;
  std::vector<std::filesystem::path> written;
  for (const auto& file : files) {
    auto stored = readFigureFile(file);
    if (!stored) return complain(stored.error());
    const auto& panels = stored->page.panels;
    if (columns > 0) {
      together.panels.insert(together.panels.end(), panels.begin(), panels.end());
      runs.insert(runs.end(), stored->runs.begin(), stored->runs.end());
      continue;
    }
    for (const auto& format : formats) {
      written.push_back(out / (stored->name + "." + format));
      const auto done = stored->single
                            ? exportFigure(panels.front(), recordsOf(panels.front().runs, stored->runs),
                                           written.back(), format)
                            : exportPage(stored->page, stored->runs, written.back(), format);
      if (!done) return complain(done.error());
    }
  }
  return columns > 0 ? writePage(together, runs, out, formats) : tellWritten(written);
}

}  // namespace

int runExportCommand(const QStringList& args) {
  ExportArguments arguments(
      "export-figures", "Write every figure of the runs and exit.",
      "Run folders, several are overlaid; or figures (.figure.json), drawn again as they say.",
      "pdf,svg,png,csv");
  arguments.parser().addOptions({{"width-mm", "Width of a figure.", "mm"},
                                 {"height-mm", "Height of a figure.", "mm"},
                                 {"font-pt", "Size of the text.", "pt"},
                                 {"font", "sans, serif or a family of this machine.", "name"},
                                 {"dpi", "Resolution of PNG files.", "dpi"},
                                 {"palette", "okabe-ito, tol-bright or grey.", "name"},
                                 {"page", "All figures on one page with so many columns.", "columns"}});
  if (const auto ended = arguments.read(args)) return *ended;
  const auto spec = looks(arguments.parser());
  if (!spec) return complain(spec.error());
  const int columns = arguments.parser().value("page").toInt();
  if (arguments.parser().isSet("page") && (columns < 1 || columns > 8))
    return complain(Error{ErrorCode::usage, "--page takes the number of columns, 1 to 8"});
  const auto& given = arguments.runs();
  if (std::all_of(given.begin(), given.end(), isFigureFile))
    return redraw(given, arguments.out(), arguments.formats(), columns);
  if (std::any_of(given.begin(), given.end(), isFigureFile))
    return complain(Error{ErrorCode::usage, "give run folders, or figures (.figure.json), not both"});
  auto records = readRuns(given);
  if (!records) return complain(records.error());
  for (const RunRecord& record : *records)
    for (const std::string& message : record.damage) std::fprintf(stderr, "warning: %s\n", message.c_str());
  auto figures = allFigures(*records, *spec);
  if (columns > 0) {
    FigurePage page{.panels = {}, .columns = columns};
    for (auto& figure : figures) page.panels.push_back(std::move(figure.spec));
    return writePage(page, *records, arguments.out(), arguments.formats());
  }
  FigureExport all(std::move(records).value(), arguments.out(), arguments.formats(), std::move(figures));
  while (true) {
    const auto next = all.drawNext();
    if (!next) return complain(next.error());
    if (!*next) return tellWritten(all.drawn());
    if (const auto written = (*next)->write(); !written) return complain(written.error());
  }
}

}  // namespace vaco::ui
