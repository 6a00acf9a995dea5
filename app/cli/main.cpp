// SPDX-License-Identifier: GPL-3.0-or-later
#include <string>

#include "app/cli/command.h"
#include "app/cli/study_commands.h"
#include "core/base/process_setup.h"
#include "core/run/manifest.h"

int main(int argc, char** argv) {
  vaco::prepare_process_environment(argv);
  CLI::App app(
      "VACO workbench on the command line: value-aligned behavior cloning for offline reinforcement learning.\n"
      "\n"
      "  vaco demo                                        the whole story on built-in data, a few minutes\n"
      "  vaco inspect hopper_medium_expert-v2.hdf5        what is in a dataset\n"
      "  vaco train --algorithm vaco --preset quick --dataset hopper_medium_expert-v2.hdf5\n"
      "  vaco resume runs/hopper__...                     go on where a stopped or killed run was\n"
      "  vaco export runs/hopper__... --figures figures --format pdf,svg\n",
      "vaco");
  app.set_version_flag("--version", "vaco " + vaco::program_version());
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 1 failed, 2 wrong request, 3 bad data, 130 stopped after saving.\n"
      "Results go to stdout, everything else to stderr.");
  int exit_code = 0;
  vaco::cli::add_demo(app, exit_code);
  vaco::cli::add_train(app, exit_code);
  vaco::cli::add_sweep(app, exit_code);
  vaco::cli::add_report(app, exit_code);
  vaco::cli::add_study(app, exit_code);
  vaco::cli::add_evaluate(app, exit_code);
  vaco::cli::add_inspect(app, exit_code);
  vaco::cli::add_collect(app, exit_code);
  vaco::cli::add_mix(app, exit_code);
  vaco::cli::add_export(app, exit_code);
  vaco::cli::add_params(app, exit_code);
#ifdef VACO_HAS_BENCH
  vaco::cli::add_bench(app, exit_code);
#endif
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 2;
  }
  return exit_code;
}
