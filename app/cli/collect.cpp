// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <iterator>
#include <memory>

#include "app/cli/collect_training.h"
#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/progress_line.h"
#include "core/base/shell_word.h"
#include "core/collect/collecting.h"
#include "core/data/reader.h"
#include "core/session/fit_to_data.h"
#include "core/tasks/task_names.h"

namespace vaco::cli {
namespace {

struct Collect {
  std::string environment, physics, out;
  std::vector<std::string> policies;
  int64_t steps = 0;
  uint64_t seed = 0;
  bool in_order = false, quiet = false, json = false, force = false;
  std::string train, resume;
  int64_t rows = 0;
  int threads = 0;
  bool accept_changes = false;
  std::vector<std::string> sets;

  [[nodiscard]] Result<CollectRequest> request() const {
    if (policies.empty())
      return Error{ErrorCode::usage,
                   "say who acts: --policy random, a shipped policy, a policy file or a run folder, or --train "
                   "td3 to train one"};
    if (steps == 0) return Error{ErrorCode::usage, "say how many transitions in all: --steps N"};
    const auto kind = parse_physics(physics_for(physics, {}, environment));
    if (!kind) return kind.error();
    if (const auto env = make_environment(environment, *kind); !env) return env.error();
    CollectRequest wanted{.environment = environment,
                          .physics = *kind,
                          .steps = steps,
                          .seed = seed,
                          .shuffle = !in_order,
                          .parts = {}};
    std::vector<std::string> warnings;
    for (const auto& text : policies) {
      auto parts = parse_collect_parts(text, environment);
      if (!parts) return parts.error();
      for (const auto& part : *parts)
        if (const auto origin = open_policy_origin(part.file.string(), environment);
            !part.file.empty() && origin && !origin->physics.empty() && origin->physics != physics)
          warnings.push_back("the policy " + part.policy.name + " is one for " + origin->physics +
                             " physics, but acts in " + physics + ": --physics " + origin->physics +
                             " takes its own");
      std::move(parts->begin(), parts->end(), std::back_inserter(wanted.parts));
    }
    print_warnings(warnings);
    return wanted;
  }

  /// What --train and --resume take apart from the rest, as they need neither policies nor a file.
  [[nodiscard]] TrainToCollect training() const {
    return {.algorithm = train,
            .resume = resume,
            .environment = environment,
            .physics = physics_for(physics, {}, environment),
            .out = out,
            .steps = steps,
            .rows = rows,
            .seed = seed,
            .threads = threads,
            .sets = sets,
            .json = json,
            .quiet = quiet,
            .accept_changes = accept_changes};
  }

  [[nodiscard]] int run() const {
    if (!train.empty() || !resume.empty()) return collect_by_training(training());
    if (environment.empty() || out.empty())
      return report_error("collect", {ErrorCode::usage, "--environment and --out are needed"});
    const auto wanted = request();
    if (!wanted) return report_error("collect", wanted.error());
    std::vector<std::filesystem::path> inputs;
    for (const auto& part : wanted->parts)
      if (!part.file.empty()) inputs.push_back(part.file);
    if (auto can = check_new_file(out, force ? Existing::replace : Existing::refuse, inputs); !can)
      return report_error("collect", can.error());
    const auto columns = [&] {
      ProgressLine line(quiet);
      return collect_dataset(*wanted, line.teller(), line.stop_token());
    }();
    if (!columns) return report_error("collect", columns.error());
    if (auto written = write_dataset(out, *columns); !written) return report_error("collect", written.error());
    // Told from the file, as whoever reads it will see it.
    const auto check = read_dataset(out);
    if (!check) return report_error("collect", check.error());
    const auto summary = summarize(*check);
    if (json) {
      std::printf("%s\n", to_line(to_json(summary)).c_str());
    } else {
      std::printf("%s", to_report(summary).c_str());
      print_next("vaco train --algorithm vaco --preset quick --dataset " + shell_word(out));
    }
    return 0;
  }
};

}  // namespace

void add_collect(CLI::App& app, int& exit_code) {
  auto collect = std::make_shared<Collect>();
  CLI::App* command = add_command(app, "collect");
  command->footer(
      "Examples:\n"
      "  vaco collect --environment hopper --policy medium --policy expert --steps 100000 --out mix.hdf5\n"
      "  vaco collect --train td3 --environment walker2d --steps 300000 --out walker2d_td3\n"
      "  vaco collect --resume walker2d_td3");
  auto* environment =
      command->add_option("--environment,--env", collect->environment, simulated_environments());
  auto* physics = command->add_option(
      "--physics", collect->physics,
      "v2 (as D4RL's data), v4 or v5 (as Gymnasium); the environment's first, if not given");
  auto* policy =
      command
          ->add_option(
              "--policy", collect->policies,
              "who acts: random, waypoint (in mazes), a shipped policy (medium, expert), replay (random and "
              "all shipped stages of a "
              "training), a policy file or a run folder; then its share (1) and the std of noise on its "
              "actions (0; of choices, as in cartpole, the share of them drawn at random). Several for mixed "
              "data")
          ->type_name("POLICY[:SHARE[:NOISE]]");
  auto* steps = command->add_option("--steps", collect->steps, "transitions in all, or steps of --train")
                    ->check(row_count());
  auto* seed = command->add_option("--seed", collect->seed, "of everything that is drawn")
                   ->check(seed_number())
                   ->capture_default_str();
  auto* out = command
                  ->add_option("--out", collect->out,
                               "the file to write; with --train a folder that does not exist yet")
                  ->type_name("OUT.hdf5");
  auto* force = command->add_flag("--force", collect->force, "replace OUT.hdf5 if it exists");
  auto* in_order = command->add_flag("--in-order", collect->in_order,
                                     "policy after policy; trajectories are shuffled otherwise");
  auto* train = command->add_option(
      "--train", collect->train,
      "td3: train a policy in the environment, and write datasets as D4RL made them: random, "
      "medium, medium-replay, expert, medium-expert");
  auto* resume =
      command->add_option("--resume", collect->resume, "go on with a stopped or killed --train, bit for bit")
          ->type_name("DIR");
  command
      ->add_flag(
          "--accept-changes", collect->accept_changes,
          "go on although settings, program or machine are not those it was begun with; the manifest then "
          "says so")
      ->needs(resume);
  auto* rows = command
                   ->add_option("--rows", collect->rows,
                                "with --train: transitions of the random, medium and expert data")
                   ->check(row_count());
  auto* threads = command
                      ->add_option("--threads", collect->threads,
                                   "with --train or --resume: 0 = all cores; changes no number")
                      ->check(CLI::Range(0, 1024))
                      ->capture_default_str();
  auto* set =
      command->add_option("--set", collect->sets, "with --train: set a parameter, KEY=VALUE; repeatable")
          ->type_name("KEY=VALUE")
          ->allow_extra_args(false);
  for (auto* option : {rows, set}) option->needs(train);
  for (auto* option : {policy, in_order, force}) option->excludes(train);
  // A folder that goes on says all of this itself.
  for (auto* option : {train, environment, physics, policy, steps, seed, out, force, in_order, rows, set})
    option->excludes(resume);
  command->add_flag("--json", collect->json, "the summary as JSON, the last line of stdout");
  command->add_flag("--quiet", collect->quiet, "no progress on stderr");
  command->callback([collect, train, resume, threads, &exit_code] {
    if (*threads && !*train && !*resume) throw CLI::RequiresError("--threads", "--train or --resume");
    exit_code = collect->run();
  });
}

}  // namespace vaco::cli
