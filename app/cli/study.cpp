// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/study.h"

#include <cstdio>
#include <memory>

#include "app/cli/console.h"
#include "app/cli/progress_line.h"
#include "app/cli/report_files.h"
#include "app/cli/study_commands.h"
#include "app/cli/sweep_console.h"
#include "app/cli/sweep_table.h"
#include "core/base/installed_programs.h"

namespace vaco::cli {
namespace {

struct StudyCommand {
  StudyRequest request;
  SweepOptions options;
  std::string out;
  std::vector<std::string> datasets, sets;
  bool only_given = false, no_figures = false, json = false, quiet = false;

  [[nodiscard]] int run() {
    request.out = out;
    request.datasets.assign(datasets.begin(), datasets.end());
    request.own_data = !only_given;
    const auto pairs = parse_sets(sets);
    if (!pairs) return report_error("study", pairs.error());
    request.sets = *pairs;
    const auto program = program_beside("vaco");
    if (!program) return report_error("study", program.error());
    options.program = *program;
    const auto study = prepare();
    if (!study) return report_error("study", study.error());
    for (const auto& note : study->notes) std::fprintf(stderr, "note: %s\n", note.c_str());
    print_warnings(study->plan.warnings);
    options.out = study->runs;
    const auto end = run_sweep_on_console(study->plan, options, quiet);
    if (!end) return report_error("study", end.error());
    if (end->stopped || end->count(CellState::finished) == 0) {
      if (!json) {
        std::printf("%s", sweep_table(study->plan, *end, study->runs).c_str());
        print_next(next_after_sweep(*end, study->runs));
      }
      return sweep_exit_code(*end);
    }
    ReportFiles report;
    report.folders = {study->runs};
    report.out = request.out / "report";
    report.no_figures = no_figures;
    report.json = json;
    const int code = report.make("study");
    return code != 0 ? code : sweep_exit_code(*end);
  }

  [[nodiscard]] Result<Study> prepare() const {
    ProgressLine line(quiet);
    return prepare_study(request, line.teller(), line.stop_token());
  }
};

}  // namespace

void add_study(CLI::App& app, int& exit_code) {
  auto study = std::make_shared<StudyCommand>();
  std::string names;
  for (const auto& name : study_names()) names += (names.empty() ? "" : ", ") + name;
  CLI::App* command = add_command(app, "study");
  command->footer("Example:\n  vaco study poster --out studies/poster --seeds 3 --preset demo");
  command->add_option("name", study->request.name, "which one: " + names)->required()->type_name("NAME");
  command->add_option("--out", study->out, "data, runs and report are made inside this folder")
      ->required()
      ->type_name("DIR");
  command->add_option("--seeds", study->request.seeds, "how many seeds, from 0 on")
      ->check(CLI::Range(1, 1000))
      ->capture_default_str();
  command->add_option("--preset", study->request.preset,
                      "budgets: demo, quick or paper (default: the study's)");
  command->add_option("--dataset", study->datasets, "include this file too; repeatable")
      ->type_name("FILE")
      ->allow_extra_args(false);
  command->add_option("--set", study->sets, "set a parameter of all runs that have it, KEY=VALUE; repeatable")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  command->add_flag("--only-given", study->only_given, "make no data, use what --dataset gives");
  command->add_option("--jobs", study->options.jobs, "runs at a time (default: one for each core)")
      ->check(CLI::Range(1, 1024));
  command->add_option("--nice", study->options.nice, "niceness of the training threads")
      ->check(CLI::Range(0, 19));
  command->add_flag("--retry-failed", study->options.retry_failed, "also go on with runs that failed before");
  command->add_flag("--no-figures", study->no_figures, "tables only");
  command->add_flag("--json", study->json, "the report as JSON, the last line of stdout");
  command->add_flag("--quiet", study->quiet, "only errors and warnings on stderr");
  command->callback([study, &exit_code] { exit_code = study->run(); });
}

}  // namespace vaco::cli
