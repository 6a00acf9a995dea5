// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include "ui/shell/main_window.h"

namespace vaco::ui {

/// Drives the window through its states on a shortened demo (or on options.dataset, of hopper's shape) and
/// saves a PNG of each into a folder. Returns the exit code: 0 when every state was reached. It gives up where
/// nothing moves for so many milliseconds, and says what it waited for. Needs a QApplication.
int runTour(const QString& folder, const QString& size, WindowOptions options, int patience = 240000);

}  // namespace vaco::ui
