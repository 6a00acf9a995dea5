// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/file_dialog.h"

#include <QFileInfo>

namespace vaco::ui {

namespace {

/// Qt's own refuses what is not there.
class NewFolderDialog : public QFileDialog {
 public:
  using QFileDialog::QFileDialog;

  void accept() override {
    const auto chosen = selectedFiles();
    if (chosen.size() != 1 || QFileInfo::exists(chosen.front())) return QFileDialog::accept();
    emit fileSelected(chosen.front());
    QDialog::accept();
  }
};

QFileDialog* prepared(QFileDialog* made, QFileDialog::FileMode mode) {
  made->setObjectName("fileDialog");
  made->setAttribute(Qt::WA_DeleteOnClose);
  made->setFileMode(mode);
  if (mode == QFileDialog::Directory) made->setOption(QFileDialog::ShowDirsOnly);
  return made;
}

}  // namespace

QFileDialog* makeFileDialog(QWidget* parent, const QString& title, const QString& folder,
                            QFileDialog::FileMode mode) {
  return prepared(new QFileDialog(parent, title, folder), mode);
}

QFileDialog* makeNewFolderDialog(QWidget* parent, const QString& title, const QString& folder) {
  auto* made = prepared(new NewFolderDialog(parent, title, folder), QFileDialog::Directory);
  made->setOption(QFileDialog::DontUseNativeDialog);
  return made;
}

QString toText(const std::filesystem::path& path) {
  return QString::fromStdString(path.string());
}

}  // namespace vaco::ui
