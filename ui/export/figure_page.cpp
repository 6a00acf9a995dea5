// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/figure_page.h"

#include <qcustomplot.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/base/canonical_path.h"
#include "core/base/files.h"
#include "core/base/json.h"
#include "ui/export/export_figure.h"
#include "ui/export/sheet.h"
#include "ui/figures/figure.h"
#include "ui/figures/figure_table.h"

namespace vaco::ui {
namespace {

namespace fs = std::filesystem;

constexpr int kMostColumns = 8;
constexpr double kGapMm = 3.0;
constexpr double kWidthOfWholeLetters = 80.0;  // mm
constexpr double kSmallestFontPt = 6.0;
constexpr auto kPageKind = "page";

Error wrong(const std::string& what) {
  return {ErrorCode::bad_data, "page of figures: " + what};
}

QString letterOf(size_t panel) {
  return QString(QChar('a' + static_cast<int>(panel % 26)));
}

/// Where a run of a stored figure is now.
fs::path runNow(const fs::path& said, const fs::path& file) {
  std::error_code none;
  if (fs::exists(said / "config.json", none)) return said;
  for (fs::path above = canonical_path(file).parent_path(); above.has_relative_path();
       above = above.parent_path()) {
    if (above.filename() == said.filename() && fs::exists(above / "config.json", none)) return above;
    if (fs::exists(above / said.filename() / "config.json", none)) return above / said.filename();
  }
  return said;
}

}  // namespace

Json toJson(const FigurePage& page) {
  Json json{
      {"kind", kPageKind}, {"columns", page.columns}, {"width_mm", page.widthMm}, {"letters", page.letters}};
  json["panels"] = Json::array();
  for (const FigureSpec& panel : page.panels) json["panels"].push_back(toJson(panel));
  return json;
}

Result<FigurePage> figurePageFromJson(const Json& json) {
  FigurePage page;
  if (!json.is_object()) return wrong("not a JSON object");
  if (const auto columns = json.find("columns"); columns != json.end()) {
    if (!columns->is_number_integer() || columns->get<int64_t>() < 1 || columns->get<int64_t>() > kMostColumns)
      return wrong("\"columns\" takes a whole number from 1 to " + std::to_string(kMostColumns));
    page.columns = columns->get<int>();
  }
  if (const auto width = json.find("width_mm"); width != json.end()) {
    if (!width->is_number() || width->get<double>() < 20.0 || width->get<double>() > 1000.0)
      return wrong("\"width_mm\" takes a number from 20 to 1000");
    page.widthMm = width->get<double>();
  }
  if (const auto letters = json.find("letters"); letters != json.end()) {
    if (!letters->is_boolean()) return wrong("\"letters\" takes true or false");
    page.letters = letters->get<bool>();
  }
  const auto panels = json.find("panels");
  if (panels == json.end() || !panels->is_array() || panels->empty())
    return wrong("\"panels\" takes a list of figures");
  for (const Json& one : *panels) {
    auto spec = figureSpecFromJson(one);
    if (!spec) return spec.error();
    page.panels.push_back(std::move(*spec));
  }
  return page;
}

Result<StoredFigure> readFigureFile(const fs::path& path) {
  const auto json = read_json(path);
  if (!json) return json.error();
  StoredFigure stored;
  stored.name = path.stem().stem().string();
  stored.single = !json->is_object() || !json->contains("kind") || (*json)["kind"] != kPageKind;
  auto page =
      stored.single ? figurePageFromJson(Json{{"panels", Json::array({*json})}}) : figurePageFromJson(*json);
  if (!page) return page.error().within(path.string());
  stored.page = std::move(*page);
  std::vector<fs::path> folders;
  for (FigureSpec& panel : stored.page.panels)
    for (fs::path& run : panel.runs) {
      run = runNow(run, path);
      folders.push_back(run);
    }
  if (folders.empty())
    return Error{ErrorCode::bad_data, path.string() + " names no runs, so there is nothing to draw it from"};
  auto runs = readRuns(folders);
  if (!runs) return runs.error().within(path.string());
  stored.runs = std::move(*runs);
  return stored;
}

std::vector<RunRecord> recordsOf(const std::vector<fs::path>& folders, const std::vector<RunRecord>& runs) {
  std::vector<RunRecord> found;
  for (const fs::path& folder : folders) {
    const auto one = std::find_if(runs.begin(), runs.end(), [&](const RunRecord& run) {
      return canonical_path(run.folder) == canonical_path(folder);
    });
    if (one != runs.end()) found.push_back(*one);
  }
  return found;
}

Result<void> exportPage(const FigurePage& page, const std::vector<RunRecord>& runs, const fs::path& path,
                        const std::string& format) {
  if (page.panels.empty()) return Error{ErrorCode::usage, "a page needs at least one figure"};
  const int columns = std::clamp(page.columns, 1, static_cast<int>(page.panels.size()));
  const double width = (page.widthMm - kGapMm * (columns - 1)) / columns;
  const double height = width * page.panels.front().heightMm / page.panels.front().widthMm;
  const auto rows = (static_cast<int>(page.panels.size()) + columns - 1) / columns;
  struct Panel {
    std::unique_ptr<Figure> figure;
    FigureSpec spec;
  };
  auto panels = std::make_shared<std::vector<Panel>>();
  std::string csv;
  for (size_t i = 0; i < page.panels.size(); ++i) {
    FigureSpec spec = page.panels[i];
    spec.widthMm = width;
    spec.heightMm = height;
    // Words and axes share a small panel; journals ask for 6 points.
    const double smaller = spec.fontPt * std::min(1.0, width / kWidthOfWholeLetters);
    spec.fontPt = std::min(spec.fontPt, std::max(kSmallestFontPt, smaller));
    auto figure = figureOf(spec, spec.runs.empty() ? runs : recordsOf(spec.runs, runs));
    if (auto drawn = checkDrawn(spec, *figure); !drawn) return drawn;
    csv += (csv.empty() ? "" : "\n") + letterOf(i).toStdString() + "\n" + toCsv(figure->table(spec));
    panels->push_back({std::move(figure), std::move(spec)});
  }
  Sheet sheet{.widthMm = page.widthMm,
              .heightMm = rows * height + kGapMm * (rows - 1),
              .dpi = page.panels.front().dpi,
              .title = QString::fromStdString(path.stem().string()),
              .description = {},
              .paint = [panels, columns, width, height, letters = page.letters](QCPPainter& painter) {
                const double unit = kLayoutDpi / kMmPerInch;
                for (size_t i = 0; i < panels->size(); ++i) {
                  const auto& [figure, spec] = (*panels)[i];
                  const auto at = static_cast<int>(i);
                  painter.save();
                  painter.translate((at % columns) * (width + kGapMm) * unit,
                                    (at / columns) * (height + kGapMm) * unit);
                  paintFigure(painter, spec, *figure);
                  if (letters) {
                    QFont bold(withFont(paperTheme(spec.palette, spec.fontPt), spec.font).font);
                    bold.setBold(true);
                    painter.setFont(bold);
                    painter.setPen(Qt::black);
                    painter.drawText(QPointF(1.0, QFontMetricsF(bold).ascent()), letterOf(i));
                  }
                  painter.restore();
                }
              }};
  if (format == "csv") return DrawnFile{path, [csv] { return csv; }, toJson(page)}.write();
  auto drawn = drawSheet(sheet, format);
  if (!drawn) return drawn.error();
  return DrawnFile{path, std::move(*drawn), toJson(page)}.write();
}

}  // namespace vaco::ui
