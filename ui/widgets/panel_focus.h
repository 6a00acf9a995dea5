// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include <QDockWidget>

namespace vaco::ui {

/// Whether a widget lies in a dock that is behind another tab: Qt lays such docks out beyond the window, where
/// they would take the focus unseen.
[[nodiscard]] bool isBehindATab(const QWidget* widget);
/// Whether any of a dock can be seen.
[[nodiscard]] bool isInFront(const QDockWidget& dock);
/// Brings a dock to the front and gives the focus to what had it there last, else to the first that takes it.
void focusPanel(QDockWidget& dock);
/// Gives the focus to the panel in front that comes after the one that has it, column by column; to the first
/// one when none has it.
void focusNextPanel(const std::vector<QDockWidget*>& docks, bool back = false);

}  // namespace vaco::ui
