// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QWidget;

namespace vaco::ui {

/// The keys and gestures as a table, without a frame around it.
QString shortcutsHtml();
/// Every key and mouse gesture, in a window of its own that blocks nothing. Opened once, then
/// raised.
QWidget* showShortcutSheet(QWidget& parent);
/// Program, method, device and libraries.
QWidget* showAboutWindow(QWidget& parent, const QString& device, const QString& libraries);

}  // namespace vaco::ui
