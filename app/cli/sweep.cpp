// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/study/sweep.h"

#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <memory>

#include "app/cli/console.h"
#include "app/cli/study_commands.h"
#include "app/cli/sweep_console.h"
#include "app/cli/sweep_slurm.h"
#include "app/cli/sweep_table.h"
#include "core/base/installed_programs.h"
#include "core/device/check_compute.h"

namespace vaco::cli {
namespace {

/// Whether runs of the plan train on a card of this machine.
bool uses_card(const Plan& plan) {
  const bool has_card = check_compute({.device = "cuda", .precision = "float32"}).ok();
  return has_card && std::any_of(plan.cells.begin(), plan.cells.end(), [](const PlanCell& cell) {
           return cell.config.device == "cuda" || cell.config.device == "auto";
         });
}

struct SweepCommand {
  std::string plan, out;
  SweepOptions options;
  SlurmNeeds needs;
  int64_t index = -1;
  bool slurm = false, dry_run = false, json = false, quiet = false;

  [[nodiscard]] int run() {
    if (index >= 0) end_on_signals();  // until the process becomes the one that trains
    const auto parsed = read_plan(plan);
    if (!parsed) return report_error("sweep", parsed.error());
    if (index < 0) print_warnings(parsed->warnings);  // they were told when it was submitted
    const auto program = program_beside("vaco");
    if (!program) return report_error("sweep", program.error());
    options.program = *program;
    options.out = out;
    if (index >= 0) {
      const auto trained = become_cell(*parsed, static_cast<size_t>(index), options);
      return trained ? 0 : report_error("sweep", trained.error());
    }
    if (slurm) {
      needs.at_once = options.jobs;
      return run_on_slurm(*parsed, {.plan_file = plan, .sweep = options, .needs = needs, .submit = !dry_run},
                          json);
    }
    options.together = options.together || uses_card(*parsed);
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

void add_slurm_options(CLI::App& command, SweepCommand& sweep) {
  const CLI::Validator one_word(
      [](std::string& text) {
        const bool plain = !text.empty() && text.find_first_of(" \t\r\n\"'`$\\") == std::string::npos;
        return plain ? std::string() : "must be one word without quotes: " + text;
      },
      "");
  const std::string group = "On a cluster with Slurm";
  auto* slurm =
      command.add_flag("--slurm", sweep.slurm,
                       "submit what is missing as a job array, a task for each run; --jobs says how "
                       "many work at a time. Called again it shows the queue and submits what is missing");
  const auto option = [&](const char* name, auto& value, const char* help) {
    return command.add_option(name, value, help)->needs(slurm)->group(group);
  };
  slurm->group(group);
  option("--cores", sweep.needs.cores, "cores of a run (the plan's threads at least)")
      ->check(CLI::Range(1, 1024));
  option("--memory", sweep.needs.memory, "memory of a run")->check(one_word)->capture_default_str();
  option("--time", sweep.needs.time,
         "time limit of a run, as 12:00:00; it saves itself before it and queues again")
      ->check(one_word);
  option("--gpu", sweep.needs.gpu, "cards of a run, as 1 or a100:1 (1 where the plan says device = cuda)")
      ->check(one_word);
  option("--partition", sweep.needs.partition, "the partition")->check(one_word);
  option("--sbatch", sweep.needs.more, "a further option of sbatch, as account=robots; as often as needed")
      ->check(one_word)
      ->type_name("KEY=VALUE");
  option("--save-before", sweep.needs.save_before, "seconds before the time limit when a run is saved")
      ->check(CLI::Range(1, 65535))
      ->capture_default_str();
  command.add_flag("--dry-run", sweep.dry_run, "print the script and submit nothing")
      ->needs(slurm)
      ->group(group);
  command.add_option("--index", sweep.index, "train only the cell of this number, as a task of the array does")
      ->check(CLI::Range(0, 1000000))
      ->excludes(slurm)
      ->group(group);
}

}  // namespace

void add_sweep(CLI::App& app, int& exit_code) {
  auto sweep = std::make_shared<SweepCommand>();
  CLI::App* command = add_command(app, "sweep");
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
  command->add_flag(
      "--together", sweep->options.together,
      "train all runs in this process, each as a thread of its own with the same numbers: what fills a "
      "card, and the choice where there is one. By default each is a process, and one that dies is "
      "resumed");
  command->add_flag("--retry-failed", sweep->options.retry_failed, "also go on with runs that failed before");
  command->add_flag("--json", sweep->json,
                    "print all cells with their results as JSON, the last line of stdout");
  command->add_flag("--quiet", sweep->quiet, "only errors and warnings on stderr");
  add_slurm_options(*command, *sweep);
  command->callback([sweep, &exit_code] { exit_code = sweep->run(); });
}

}  // namespace vaco::cli
