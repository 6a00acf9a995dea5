// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/file_dialog.h"

namespace vaco::ui {

QFileDialog* makeFileDialog(QWidget* parent, const QString& title, const QString& folder,
                            QFileDialog::FileMode mode) {
  auto* made = new QFileDialog(parent, title, folder);
  made->setObjectName("fileDialog");
  made->setAttribute(Qt::WA_DeleteOnClose);
  made->setFileMode(mode);
  if (mode == QFileDialog::Directory) made->setOption(QFileDialog::ShowDirsOnly);
  return made;
}

QString toText(const std::filesystem::path& path) {
  return QString::fromStdString(path.string());
}

}  // namespace vaco::ui
