// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <memory>
#include <utility>
#include <vector>

#include "app/cli/command.h"
#include "app/cli/console.h"
#include "app/cli/reading.h"
#include "app/cli/session_console.h"
#include "core/session/training_session.h"

namespace vaco::cli {
namespace {

/// What the three ways to run a session have in common.
struct SessionArguments {
  std::string out = "runs", name;
  int nice = 0;
  bool json = false, quiet = false;
  std::vector<std::string> sets;

  void add_output(CLI::App& command) {
    command.add_flag("--json", json, "print the result as JSON, the last line of stdout");
    command.add_flag("--quiet", quiet, "only errors and warnings on stderr");
    command.add_option("--nice", nice, "niceness of the training threads")->check(CLI::Range(0, 19));
  }
  void add_folder(CLI::App& command) {
    command.add_option("--out", out, "the run folder is made inside this one")
        ->capture_default_str()
        ->type_name("DIR");
    command.add_option("--name", name,
                       "name of the run folder (default: environment, data, algorithm, seed, time)");
  }
  void add_sets(CLI::App& command) {
    command.add_option("--set", sets, "set a parameter, KEY=VALUE; repeatable (vaco params lists them)")
        ->type_name("KEY=VALUE")
        ->allow_extra_args(false);
  }
  [[nodiscard]] SessionOptions options() const {
    SessionOptions session;
    session.out = out;
    session.folder_name = name;
    session.nice = nice;
    session.command_line = process_arguments();
    return session;
  }
  int run(const std::string& command, Result<std::unique_ptr<TrainingSession>> session) const {
    if (!session) return report_error(command, session.error());
    const Outcome outcome = run_session(**session, quiet);
    const bool began = (*session)->result().has_value();
    if (json)
      std::printf("%s\n", to_line(outcome.result).c_str());
    else if (began)
      print_result(outcome.result);
    return outcome.exit_code;
  }
};

struct Train : SessionArguments {
  RunConfig base;
  std::string dataset;
  ReadOptions reading;

  [[nodiscard]] int run() const {
    auto config = make_config(base.algorithm, base.preset);
    if (!config) return report_error("train", config.error());
    auto params = std::move(config->params);
    *config = base;
    config->params = std::move(params);
    config->dataset = dataset;
    set_reading(*config, reading);
    const auto pairs = parse_sets(sets);
    if (!pairs) return report_error("train", pairs.error());
    for (const auto& [key, value] : *pairs)
      if (auto set = set_param(*config, key, value, Origin::command_line); !set)
        return report_error("train", set.error());
    if (const auto warnings = unusual_params(*config)) print_warnings(*warnings);
    return SessionArguments::run("train", TrainingSession::create(*config, options()));
  }
};

void add_new_run(CLI::App& app, int& exit_code) {
  auto train = std::make_shared<Train>();
  CLI::App* command = add_command(app, "train");
  command->footer(
      "Example:\n"
      "  vaco train --algorithm vaco --dataset hopper_mixed.hdf5 --preset quick --seed 1 --set expectile=0.8");
  command->add_option("--algorithm", train->base.algorithm, algorithm_keys())->required();
  command
      ->add_option("--dataset", train->dataset,
                   "the dataset to learn from: a file or folder of any layout that vaco inspect --help lists")
      ->required()
      ->type_name("FILE");
  add_selection_options(*command, train->reading);
  command->add_option("--preset", train->base.preset, "demo, quick, paper or printed");
  command->add_option("--environment", train->base.environment, "where the file does not say it")
      ->type_name("NAME");
  command->add_option(
      "--physics", train->base.physics,
      "v2 (as D4RL), v4 or v5, for evaluation; as the data says, else the environment's first, if not given");
  command->add_option("--seed", train->base.seed, "seed of everything random")
      ->check(seed_number())
      ->capture_default_str();
  command->add_option("--device", train->base.device, "auto, cpu or cuda")->capture_default_str();
  command
      ->add_option(
          "--precision", train->base.precision,
          "auto (= float32), float32, bfloat16 (faster products between hidden layers where the processor has "
          "them; it learned as well on the two datasets where it was compared, see the README), or tf32 "
          "(faster products on an NVIDIA card)")
      ->capture_default_str();
  command->add_option("--threads", train->base.threads, "0 = all cores; changes speed, never a number")
      ->capture_default_str();
  train->add_folder(*command);
  train->add_sets(*command);
  train->add_output(*command);
  command->callback([train, &exit_code] { exit_code = train->run(); });
}

void add_resume(CLI::App& app, int& exit_code) {
  struct Resume : SessionArguments {
    std::string run_folder;
    bool accept_changes = false;
  };
  auto resume = std::make_shared<Resume>();
  CLI::App* command = add_command(app, "resume");
  command->footer("Example:\n  vaco resume runs/hopper__hopper_mixed__vaco__s0__20250301-140509");
  command->add_option("run", resume->run_folder, "run folder")->required()->type_name("RUN");
  command->add_flag("--accept-changes", resume->accept_changes,
                    "go on although settings, data, program or machine are not those it was begun with; the "
                    "manifest and the log then say so");
  resume->add_output(*command);
  command->callback([resume, &exit_code] {
    auto options = resume->options();
    options.accept_changes = resume->accept_changes;
    exit_code = resume->run("resume", TrainingSession::resume(resume->run_folder, options));
  });
}

void add_fork(CLI::App& app, int& exit_code) {
  struct Fork : SessionArguments {
    std::string from;
  };
  auto fork = std::make_shared<Fork>();
  CLI::App* command = add_command(app, "fork");
  command->footer("Example:\n  vaco fork runs/hopper__... --set cloning_steps=60000 --set policy_lr=1e-4");
  command->add_option("from", fork->from, "run folder, or one of its checkpoint files")
      ->required()
      ->type_name("RUN");
  fork->add_folder(*command);
  fork->add_sets(*command);
  fork->add_output(*command);
  command->callback([fork, &exit_code] {
    const auto pairs = parse_sets(fork->sets);
    if (!pairs) {
      exit_code = report_error("fork", pairs.error());
      return;
    }
    auto session = TrainingSession::fork(fork->from, *pairs, fork->options());
    if (session)
      if (const auto warnings = unusual_params((*session)->config())) print_warnings(*warnings);
    exit_code = fork->run("fork", std::move(session));
  });
}

}  // namespace

void add_train(CLI::App& app, int& exit_code) {
  add_new_run(app, exit_code);
  add_resume(app, exit_code);
  add_fork(app, exit_code);
}

}  // namespace vaco::cli
