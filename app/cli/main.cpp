// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <string>
#include <vector>

#include "app/cli/command.h"
#include "app/cli/study_commands.h"
#include "core/base/files.h"
#include "core/base/guard.h"
#include "core/base/nearest_word.h"
#include "core/base/process_setup.h"
#include "core/records/manifest.h"

namespace {

/// What to say when the first word is no command; empty when it is one, or when there is no word.
std::string unknown_command(const CLI::App& app, int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-' || !app.get_subcommands().empty()) return {};
  std::vector<std::string> known;
  for (const auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    known.push_back(command->get_name());
  const std::string nearest = vaco::nearest_word(argv[1], known);
  return std::string("there is no command '") + argv[1] + "'" +
         (nearest.empty() ? "" : "; did you mean '" + nearest + "'?") + " (vaco --help lists them all)";
}

/// A full disk may show itself only when the last lines leave the buffer. Tells of it.
bool results_written() {
  const bool failed_before = std::ferror(stdout) != 0;
  if (std::fflush(stdout) == 0 && !failed_before) return true;
  std::fprintf(stderr, "vaco: cannot write the result: %s\n",
               failed_before ? "the output took only a part of it" : vaco::last_system_error().c_str());
  return false;
}

/// The commands and what they leave as the exit code.
int run(int argc, char** argv) {
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
      "Exit codes: 0 done, 1 failed, 2 wrong request, 3 bad data, 130 stopped after saving\n"
      "(Ctrl+C, or the signals TERM, HUP, USR1, USR2, ALRM, XCPU; a second Ctrl+C or TERM ends the\n"
      "program at once, unsaved, with 1).\n"
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
  vaco::cli::add_repair(app, exit_code);
  vaco::cli::add_export(app, exit_code);
  vaco::cli::add_params(app, exit_code);
  vaco::cli::add_bench(app, exit_code);
  vaco::cli::add_selftest(app, exit_code);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    if (const auto message = unknown_command(app, argc, argv); !message.empty()) {
      std::fprintf(stderr, "vaco: %s\n", message.c_str());
      return 2;
    }
    exit_code = app.exit(error) == 0 ? 0 : 2;
  }
  return exit_code == 0 && !results_written() ? 1 : exit_code;
}

}  // namespace

int main(int argc, char** argv) {
  vaco::prepare_process_environment(argv);
  const auto code = vaco::guarded("vaco", [&] { return run(argc, argv); });
  if (code) return *code;
  std::fprintf(stderr, "%s\n", code.error().message.c_str());
  return vaco::exit_code(code.error().code);
}
