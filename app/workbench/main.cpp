// SPDX-License-Identifier: GPL-3.0-or-later
#include <cstdio>
#include <cstdlib>

#include "core/base/guard.h"
#include "core/base/process_setup.h"
#include "ui/shell/workbench.h"

int main(int argc, char** argv) {
  // Mesa's software renderer draws in the rollout's own low-priority thread: its workers would take the cores
  // from training, and their time could not be measured.
  setenv("LP_NUM_THREADS", "0", 0);
  vaco::prepare_process_environment(argv);
  vaco::let_stop_signals_through();
  const auto code = vaco::guarded("vaco-workbench", [&] { return vaco::ui::runWorkbench(argc, argv); });
  if (code) return *code;
  std::fprintf(stderr, "%s\n", code.error().message.c_str());
  return vaco::exit_code(code.error().code);
}
