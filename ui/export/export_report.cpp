// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_report.h"

#include <algorithm>
#include <cmath>
#include <memory>

#include "core/base/files.h"
#include "core/study/plan.h"
#include "ui/export/export_arguments.h"
#include "ui/export/export_figure.h"
#include "ui/figures/report_figures.h"

namespace vaco::ui {
namespace {

/// The run whose correlation is the median of its seeds' (the lower one of two): neither the best nor the
/// worst.
const ReportRun* typicalRun(std::vector<const ReportRun*> runs) {
  std::erase_if(runs, [](const ReportRun* run) { return !std::isfinite(run->pearson); });
  if (runs.empty()) return nullptr;
  std::sort(runs.begin(), runs.end(), [](const auto* a, const auto* b) { return a->pearson < b->pearson; });
  return runs[(runs.size() - 1) / 2];
}

class Writer {
 public:
  Writer(std::filesystem::path out, const std::vector<std::string>& formats)
      : out_(std::move(out)), formats_(formats) {}

  Result<void> write(const Figure& figure, const FigureSpec& spec, const std::string& name) {
    if (figure.empty()) return {};
    for (const std::string& format : formats_) {
      const std::filesystem::path path = out_ / (name + "." + format);
      if (auto done = exportFigure(spec, figure, path, format); !done) return done;
      written.push_back(path);
    }
    return {};
  }

  std::vector<std::filesystem::path> written;

 private:
  std::filesystem::path out_;
  const std::vector<std::string>& formats_;
};

FigureSpec specOf(const Report& report, const FigureSpec& size) {
  FigureSpec spec = size;
  spec.kind = FigureKind::scores;
  spec.runs.clear();
  for (const ReportRun* run : report.group("", "")) spec.runs.push_back(run->folder);
  return spec;
}

/// Bars need room: the wanted height is that of some thirteen.
FigureSpec highEnough(FigureSpec spec, size_t bars) {
  spec.heightMm = std::min(1000.0, spec.heightMm * std::max(1.0, static_cast<double>(bars) / 13.0));
  return spec;
}

Result<void> writeWeights(Writer& writer, const Report& report, const FigureSpec& size) {
  for (const std::string& dataset : report.datasets)
    for (const std::string& label : report.labels) {
      const ReportRun* run = typicalRun(report.group(dataset, label));
      if (!run) continue;
      const auto record = read_run(run->folder);
      if (!record) return record.error();
      const std::string name = "__" + file_name_part(dataset) + "__" + file_name_part(label);
      for (const FigureKind kind : {FigureKind::weightReturn, FigureKind::weightHistogram}) {
        FigureSpec spec = size;
        spec.kind = kind;
        spec.runs = {run->folder};
        spec.share = true;  // sources of different size become comparable
        spec.logarithmic = kind == FigureKind::weightHistogram;
        const auto figure = figureOf(spec, {*record});
        spec.labels[figure->runs().front().name] = label + ", seed " + std::to_string(run->config.seed);
        if (auto done = writer.write(*figure, spec, toText(kind) + name); !done) return done;
      }
    }
  return {};
}

}  // namespace

Result<std::vector<std::filesystem::path>> exportReportFigures(const Report& report,
                                                               const std::filesystem::path& out,
                                                               const std::vector<std::string>& formats,
                                                               const FigureSpec& size) {
  if (auto made = make_folder(out); !made) return made.error();
  Writer writer(out, formats);
  for (const ScoreKind score : {ScoreKind::last, ScoreKind::best}) {
    const ReportBarsFigure bars(report, score);
    const FigureSpec spec =
        highEnough(specOf(report, size), (report.datasets.size() + 1) * report.labels.size());
    if (auto done = writer.write(bars, spec, score == ScoreKind::last ? "scores_last" : "scores_best"); !done)
      return done.error();
  }
  const ReportProfileFigure profile(report);
  if (auto done = writer.write(profile, specOf(report, size), "performance_profile"); !done)
    return done.error();
  if (auto done = writeWeights(writer, report, size); !done) return done.error();
  if (writer.written.empty())
    return Error{ErrorCode::bad_data, "nothing to draw yet: no run of the report has been evaluated"};
  return writer.written;
}

int runReportFiguresCommand(const QStringList& args) {
  ExportArguments arguments("report-figures", "Write the figures that compare the runs, and exit.",
                            "Run folders, or folders that hold some.", "pdf,png,csv");
  arguments.parser().addOption({"count-unfinished", "Count runs that are not finished."});
  if (const auto ended = arguments.read(args)) return *ended;
  const auto report = make_report(arguments.runs(), {arguments.parser().isSet("count-unfinished")});
  if (!report) return complain(report.error());
  const auto written = exportReportFigures(*report, arguments.out(), arguments.formats());
  return written ? tellWritten(*written) : complain(written.error());
}

}  // namespace vaco::ui
