// SPDX-License-Identifier: GPL-3.0-or-later
// The program vaco-engine: the commands that train, or measure training. Started by vaco, under whose name it
// speaks.
#include <cstdio>

#include "app/cli/command.h"
#include "app/cli/commands.h"
#include "app/cli/console.h"
#include "app/cli/study_commands.h"
#include "core/base/guard.h"
#include "core/base/process_setup.h"

namespace vaco::cli {
namespace {

int run_engine(int argc, char** argv) {
  catch_signals();
  CLI::App app;
  describe(app);
  int exit_code = 0;
  for (const auto add : {add_demo, add_train, add_sweep, add_study, add_evaluate, add_explain, add_collect,
                         add_export, add_bench, add_selftest})
    add(app, exit_code);
  return run_command(app, argc, argv, exit_code);
}

}  // namespace
}  // namespace vaco::cli

int main(int argc, char** argv) {
  vaco::prepare_process_environment(argv);
  const auto code = vaco::guarded("vaco", [&] { return vaco::cli::run_engine(argc, argv); });
  if (code) return *code;
  std::fprintf(stderr, "%s\n", code.error().message.c_str());
  return vaco::exit_code(code.error().code);
}
