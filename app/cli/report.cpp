// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/report.h"

#include <cstdio>
#include <memory>

#include "app/cli/console.h"
#include "app/cli/figures.h"
#include "app/cli/report_files.h"
#include "app/cli/study_commands.h"
#include "core/study/report_tables.h"

namespace vaco::cli {
namespace fs = std::filesystem;
namespace {

void show(const Report& report, const std::vector<ReportTable>& tables, const std::string& baseline,
          const std::vector<fs::path>& files, bool json) {
  if (!json) {
    std::printf("%s\n", to_markdown(report, tables).c_str());
    for (const auto& file : files) std::printf("%s\n", file.c_str());
    return;
  }
  Json all{{"made", report.made}, {"baseline", baseline}, {"tables", Json::array()}, {"files", Json::array()}};
  for (const auto& table : tables)
    all["tables"].push_back(
        {{"key", table.key}, {"title", table.title}, {"header", table.header}, {"rows", table.rows}});
  for (const auto& file : files) all["files"].push_back(file.string());
  std::printf("%s\n", to_line(all).c_str());
}

}  // namespace

int ReportFiles::make(const std::string& command) const {
  if (auto known = check_figure_formats(format); !known) return report_error(command, known.error());
  const auto report = make_report(folders, {count_unfinished});
  if (!report) return report_error(command, report.error());
  for (const auto& run : report->runs)
    if (run.repeats)
      std::fprintf(stderr, "warning: not counted: %s %s\n", run.folder.c_str(), run.message.c_str());
  for (const auto& run : report->unreadable)
    std::fprintf(stderr, "warning: not counted: %s: %s\n", run.folder.c_str(), run.message.c_str());
  for (const auto& run : report->runs) print_warnings(run.damage);
  const auto base = report->baseline(baseline);
  if (!base) return report_error(command, base.error());
  auto files = write_report(*report, *base, out);
  if (!files) return report_error(command, files.error());
  int code = 0;
  if (!no_figures) {
    const auto figures = report_figures(folders, count_unfinished, out / "figures", format);
    if (figures)
      files->insert(files->end(), figures->begin(), figures->end());
    else
      code = tell_without_figures(command, figures.error());
  }
  show(*report, report_tables(*report, *base), *base, *files, json);
  return code;
}

void add_report(CLI::App& app, int& exit_code) {
  // Texts, because the parser would end a path at its first space.
  struct Arguments : ReportFiles {
    std::vector<std::string> runs;
    std::string target;
  };
  auto report = std::make_shared<Arguments>();
  CLI::App* command = add_command(app, "report");
  command->footer(
      "Example:\n  vaco report studies/first --baseline \"VACO\" --format pdf,png\n"
      "Runs of one group differ in nothing but the seed. Groups are named by the plan of their sweep, else by\n"
      "algorithm and dataset, and by the settings in which they differ.");
  command->add_option("runs", report->runs, "run folders, or folders that hold some")
      ->required()
      ->type_name("DIR");
  command->add_option("--out", report->target, "write into this folder (default: report/ in the first DIR)")
      ->type_name("DIR");
  command->add_option("--baseline", report->baseline, "whom the others are compared with (default: VACO)")
      ->type_name("LABEL");
  command->add_option("--format", report->format, "of the figures: pdf, svg, png, csv; several with commas")
      ->capture_default_str();
  command->add_flag("--count-unfinished", report->count_unfinished,
                    "count runs that are not finished by their newest evaluation");
  command->add_flag("--no-figures", report->no_figures, "tables only");
  command->add_flag("--json", report->json, "the tables and the files as JSON, the last line of stdout");
  command->callback([report, &exit_code] {
    end_on_signals();
    report->folders.assign(report->runs.begin(), report->runs.end());
    report->out = report->target.empty() ? report->folders.front() / "report" : fs::path(report->target);
    exit_code = report->make("report");
  });
}

}  // namespace vaco::cli
