// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>

namespace vaco::ui {

/// An icon of resources/icons, drawn in the text color of the theme in force (and its faint color when
/// disabled).
QIcon themedIcon(const QString& name);
/// The program's own icon, in its own colors.
QIcon programIcon();

}  // namespace vaco::ui
