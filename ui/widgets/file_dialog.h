// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>

#include <QFileDialog>

namespace vaco::ui {

/// A file dialog that does not block the event loop: connect fileSelected, then open(). It deletes itself. With
/// QFileDialog::Directory it shows folders only.
QFileDialog* makeFileDialog(QWidget* parent, const QString& title, const QString& folder,
                            QFileDialog::FileMode mode);

/// The same for a folder that may be new: a name that is typed need not be there yet, and nothing is made.
QFileDialog* makeNewFolderDialog(QWidget* parent, const QString& title, const QString& folder);

/// A path as the window shows it.
QString toText(const std::filesystem::path& path);

}  // namespace vaco::ui
