// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_dialog.h"

#include <QDialogButtonBox>
#include <QDir>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QPixmap>
#include <QPushButton>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/files.h"
#include "ui/export/export_figure.h"
#include "ui/export/export_form.h"
#include "ui/figures/figure.h"

namespace vaco::ui {

ExportDialog::ExportDialog(const FigureSpec& spec, const Figure& figure, QWidget* parent)
    : QDialog(parent),
      spec_(spec),
      figure_(figure),
      form_(new ExportForm(exportChoices())),
      name_(new QLineEdit(QString::fromStdString(toText(spec.kind)))),
      preview_(new QLabel),
      message_(new QLabel) {
  setWindowTitle(tr("Export figure"));
  resize(860, 520);
  form_->setFolder(spec.runs.empty() ? QDir::homePath()
                                     : QString::fromStdString((spec.runs.front() / "figures").string()));
  form_->layoutOfForm().insertRow(0, tr("&Name"), name_);
  preview_->setAlignment(Qt::AlignCenter);
  preview_->setMinimumSize(240, 180);
  preview_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
  preview_->setAccessibleName(tr("Preview of the exported figure"));
  message_->setWordWrap(true);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  auto* write = buttons->addButton(tr("&Export"), QDialogButtonBox::AcceptRole);
  auto* left = new QVBoxLayout;
  left->addWidget(form_);
  left->addStretch();
  left->addWidget(message_);
  left->addWidget(buttons);
  auto* layout = new QHBoxLayout(this);
  layout->addLayout(left, 2);
  layout->addWidget(preview_, 3);
  write->setDefault(true);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(write, &QPushButton::clicked, this, [this] {
    if (exportTo(form_->folder())) accept();
  });
  connect(form_, &ExportForm::changed, this, &ExportDialog::updatePreview);
}

FigureSpec ExportDialog::spec() const {
  return form_->sized(spec_);
}

bool ExportDialog::exportTo(const QString& folder) {
  const std::filesystem::path place = folder.toStdString();
  const QString name = name_->text().trimmed();
  if (name.isEmpty() || name.contains('/')) {
    message_->setText(tr("A figure needs a name without a slash"));
    return false;
  }
  if (auto made = make_folder(place); !made) {
    message_->setText(QString::fromStdString(made.error().message));
    return false;
  }
  const auto formats = form_->formats();
  QStringList files;
  for (const std::string& format : formats) {
    const auto path = place / (name.toStdString() + "." + format);
    const auto written = exportFigure(spec(), figure_, path, format);
    files << QString::fromStdString(path.string());
    if (written) continue;
    message_->setText(QString::fromStdString(written.error().message));
    return false;
  }
  if (formats.empty()) {
    message_->setText(tr("Choose at least one format"));
    return false;
  }
  exportChoices().size = form_->sized({});
  exportChoices().formats = formats;
  emit exported(files);
  return true;
}

void ExportDialog::updatePreview() {
  FigureSpec shown = spec();
  // As many pixels as the label has: the preview is the export, only coarser.
  const double ratio = devicePixelRatioF();
  const double byWidth = preview_->width() * ratio / (shown.widthMm / 25.4);
  const double byHeight = preview_->height() * ratio / (shown.heightMm / 25.4);
  shown.dpi = std::clamp(static_cast<int>(std::min(byWidth, byHeight)), 30, 400);
  QPixmap picture = QPixmap::fromImage(figureImage(shown, figure_));
  picture.setDevicePixelRatio(ratio);
  preview_->setPixmap(picture);
}

void ExportDialog::resizeEvent(QResizeEvent* event) {
  QDialog::resizeEvent(event);
  updatePreview();
}

}  // namespace vaco::ui
