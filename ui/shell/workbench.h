// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

namespace vaco::ui {

/// The program: reads its options, opens the window (or does what was asked for without one) and returns the
/// exit code.
int runWorkbench(int argc, char** argv);

}  // namespace vaco::ui
