// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/process_setup.h"
#include "ui/shell/workbench.h"

int main(int argc, char** argv) {
  vaco::prepare_process_environment(argv);
  return vaco::ui::runWorkbench(argc, argv);
}
