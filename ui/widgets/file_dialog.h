// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QFileDialog>

namespace vaco::ui {

/// A file dialog that does not block the event loop: connect fileSelected, then open(). It deletes itself. With
/// QFileDialog::Directory it shows folders only.
QFileDialog* makeFileDialog(QWidget* parent, const QString& title, const QString& folder,
                            QFileDialog::FileMode mode);

/// A path as the window shows it.
QString toText(const std::filesystem::path& path);

}  // namespace vaco::ui
