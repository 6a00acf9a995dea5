// SPDX-License-Identifier: GPL-3.0-or-later
// The program vaco: has the commands that need no libtorch, which takes 0.6 s of processor time to load, and
// becomes vaco-engine for the others.
#include <unistd.h>

#include <cstdio>

#include "app/cli/command.h"
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/study_commands.h"
#include "core/base/files.h"
#include "core/base/guard.h"
#include "core/base/installed_programs.h"
#include "core/base/process_setup.h"

namespace vaco::cli {
namespace {

/// What adds this command; nullptr: it is one of the engine's.
void (*own_command(std::string_view name))(CLI::App&, int&) {
  if (name == "report") return add_report;
  if (name == "inspect") return add_inspect;
  if (name == "mix") return add_mix;
  if (name == "repair") return add_repair;
  if (name == "params") return add_params;
  return nullptr;
}

/// Comes back only when the engine cannot be started.
int become_engine(char** argv) {
  const auto engine = program_beside("vaco-engine");
  if (engine) ::execv(engine->c_str(), argv);
  std::fprintf(stderr, "vaco: %s\n",
               engine ? ("cannot start " + engine->string() + ": " + last_system_error()).c_str()
                      : engine.error().message.c_str());
  return 1;
}

int run(int argc, char** argv) {
  if (argc > 1 && find_command(argv[1]) && !own_command(argv[1])) return become_engine(argv);
  catch_signals();
  CLI::App app;
  describe(app);
  int exit_code = 0;
  for (const auto& command : kCommands)
    if (const auto add = own_command(command.name))
      add(app, exit_code);
    else
      add_command(app, command.name);
  return run_command(app, argc, argv, exit_code);
}

}  // namespace
}  // namespace vaco::cli

int main(int argc, char** argv) {
  vaco::prepare_process_environment(argv);
  const auto code = vaco::guarded("vaco", [&] { return vaco::cli::run(argc, argv); });
  if (code) return *code;
  std::fprintf(stderr, "%s\n", code.error().message.c_str());
  return vaco::exit_code(code.error().code);
}
