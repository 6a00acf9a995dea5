// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/sweep.h"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <memory>

#include "app/cli/console.h"
#include "app/cli/study_commands.h"
#include "app/cli/sweep_console.h"
#include "app/cli/sweep_table.h"
#include "core/study/child_process.h"

namespace vaco::cli {
namespace {

struct SweepCommand {
  std::string plan, out;
  SweepOptions options;
  bool json = false, quiet = false;

  [[nodiscard]] int run() {
    catch_signals();
    const auto parsed = read_plan(plan);
    if (!parsed) return report_error("sweep", parsed.error());
    print_warnings(parsed->warnings);
    const auto program = own_program();
    if (!program) return report_error("sweep", program.error());
    options.program = *program;
    options.out = out;
    const auto end = run_sweep_on_console(*parsed, options, quiet);
    if (!end) return report_error("sweep", end.error());
    if (json) {
      std::printf("%s\n", to_line(sweep_to_json(*parsed, *end, options.out)).c_str());
    } else {
      std::printf("%s", sweep_table(*parsed, *end, options.out).c_str());
      print_next(next_after_sweep(*end, options.out));
    }
    return sweep_exit_code(*end);
  }
};

}  // namespace

void add_sweep(CLI::App& app, int& exit_code) {
  auto sweep = std::make_shared<SweepCommand>();
  CLI::App* command = app.add_subcommand(
      "sweep", "Run a plan: datasets x algorithms x parameters x seeds; the same call goes on where it was");
  command->footer(
      "Example of a plan (paths are relative to its file):\n"
      "  {\"datasets\": [\"hopper_mixed.hdf5\"],\n"
      "   \"algorithms\": [\"bc\", \"vaco\", {\"algorithm\": \"vaco\", \"label\": \"printed\", \"preset\": "
      "\"printed\"}],\n"
      "   \"params\": {\"policy_lr\": [1e-4, 3e-4]},\n"
      "   \"seeds\": [0, 1, 2], \"preset\": \"quick\", \"set\": {\"eval_episodes\": 20}}\n"
      "Also: datasets as {name, path, environment, physics}, set per algorithm, threads, device, precision.\n"
      "  vaco sweep plan.json --out studies/first --jobs 2");
  command->add_option("plan", sweep->plan, "the plan")->required()->type_name("PLAN.json");
  command->add_option("--out", sweep->out, "the run folders are made inside this one")
      ->required()
      ->type_name("DIR");
  command->add_option("--jobs", sweep->options.jobs, "runs at a time (default: one for each core)")
      ->check(CLI::Range(1, 1024));
  command->add_option("--nice", sweep->options.nice, "niceness of the training threads")
      ->check(CLI::Range(0, 19));
  command->add_flag("--retry-failed", sweep->options.retry_failed, "also go on with runs that failed before");
  command->add_flag("--json", sweep->json,
                    "print all cells with their results as JSON, the last line of stdout");
  command->add_flag("--quiet", sweep->quiet, "only errors and warnings on stderr");
  command->callback([sweep, &exit_code] { exit_code = sweep->run(); });
}

}  // namespace vaco::cli
