// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QString>

class QApplication;

namespace vaco::ui {

enum class ThemeChoice { light, dark, system };
QString toText(ThemeChoice choice);
ThemeChoice themeFromText(const QString& text);

/// The accents that the palette has no role for.
struct ThemeColors {
  QColor accent, warning, error, good, faint, line, raised;
};
/// Of the theme that is in force now.
const ThemeColors& themeColors();
[[nodiscard]] bool themeIsDark();

/// Fusion with our palette and style sheet. system: dark if the desktop's window color was dark at start. What
/// is there already takes the new colors in the events that follow.
void applyTheme(QApplication& application, ThemeChoice choice);

}  // namespace vaco::ui
