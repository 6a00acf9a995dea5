// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStringList>

namespace vaco::ui {

/// vaco-workbench --film FILE: lets a policy act in the first episode of an evaluation and writes it. Gives the
/// exit code.
int runFilmCommand(const QStringList& args);

}  // namespace vaco::ui
