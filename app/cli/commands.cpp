// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/commands.h"

#include <algorithm>
#include <cassert>
#include <cstdio>
#include <iterator>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/nearest_word.h"
#include "core/records/manifest.h"

namespace vaco::cli {
namespace {

/// What to say when the first word is no command; empty when it is one, or when there is no word.
std::string unknown_command(int argc, char** argv) {
  if (argc < 2 || argv[1][0] == '-' || find_command(argv[1])) return {};
  std::vector<std::string> known;
  for (const auto& command : kCommands) known.emplace_back(command.name);
  const std::string nearest = nearest_word(argv[1], known);
  return std::string("there is no command '") + argv[1] + "'" +
         (nearest.empty() ? "" : "; did you mean '" + nearest + "'?") + " (vaco --help lists them all)";
}

/// What to say of the first option that the command does not have; empty when it has all.
std::string unknown_option(const CLI::App& app, int argc, char** argv) {
  const auto chosen = app.get_subcommands();
  if (chosen.empty()) return {};
  std::vector<std::string> known;
  for (const auto* option : chosen[0]->get_options())
    for (const auto& name : option->get_lnames()) known.push_back("--" + name);
  for (int i = 2; i < argc; ++i) {
    const std::string_view word(argv[i]), name = word.substr(0, word.find('='));
    if (name == "--") break;
    if (!name.starts_with("--") || std::ranges::find(known, name) != known.end()) continue;
    const std::string nearest = nearest_word(name, known), command = chosen[0]->get_name();
    return command + " has no option " + std::string(name) +
           (nearest.empty() ? "" : "; did you mean " + nearest + "?") + " (vaco " + command +
           " --help lists them all)";
  }
  return {};
}

/// A full disk may show itself only when the last lines leave the buffer. Tells of it.
bool results_written() {
  const bool failed_before = std::ferror(stdout) != 0;
  if (std::fflush(stdout) == 0 && !failed_before) return true;
  std::fprintf(stderr, "vaco: cannot write the result: %s\n",
               failed_before ? "the output took only a part of it" : last_system_error().c_str());
  return false;
}

}  // namespace

const CommandName* find_command(std::string_view name) {
  const auto* found =
      std::find_if(std::begin(kCommands), std::end(kCommands), [&](const auto& c) { return name == c.name; });
  return found == std::end(kCommands) ? nullptr : found;
}

CLI::App* add_command(CLI::App& app, const char* name) {
  const CommandName* command = find_command(name);
  assert(command);
  return app.add_subcommand(command->name, command->summary);
}

void describe(CLI::App& app) {
  app.name("vaco");
  app.description(
      "VACO workbench on the command line: value-aligned behavior cloning for offline reinforcement learning.\n"
      "\n"
      "  vaco demo                                        the whole story on built-in data, a few minutes\n"
      "  vaco inspect hopper_medium_expert-v2.hdf5        what is in a dataset\n"
      "  vaco train --algorithm vaco --preset quick --dataset hopper_medium_expert-v2.hdf5\n"
      "  vaco resume runs/hopper__...                     go on where a stopped or killed run was\n"
      "  vaco explain runs/hopper__... --sources          what leaving data out would change\n"
      "  vaco export runs/hopper__... --figures figures --format pdf,svg\n");
  app.set_version_flag("--version", "vaco " + program_version());
  app.require_subcommand(1);
  app.footer(
      "Exit codes: 0 done, 1 failed, 2 wrong request, 3 bad data, 130 stopped after saving\n"
      "(Ctrl+C, or the signals TERM, HUP, USR1, USR2, ALRM, XCPU; a second Ctrl+C or TERM ends the\n"
      "program at once, unsaved, with 1).\n"
      "Results go to stdout, everything else to stderr.");
}

int run_command(CLI::App& app, int argc, char** argv, const int& exit_code) {
  // A command's own footer, its example, takes the place of the program's, which tells of the exit codes.
  for (auto* command : app.get_subcommands([](const CLI::App*) { return true; }))
    if (command->get_footer() != app.get_footer())
      command->footer(command->get_footer() + "\n\n" + app.get_footer());
  int code = 0;
  try {
    app.parse(argc, argv);
    code = exit_code;
  } catch (const CLI::ParseError& error) {
    const bool helps = error.get_exit_code() == 0;
    for (const auto& message : {unknown_command(argc, argv), unknown_option(app, argc, argv)})
      if (!helps && !message.empty()) {
        std::fprintf(stderr, "vaco: %s\n", message.c_str());
        return 2;
      }
    code = app.exit(error) == 0 ? 0 : 2;
  }
  return code == 0 && !results_written() ? 1 : code;
}

}  // namespace vaco::cli
