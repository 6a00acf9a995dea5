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
  write_ = buttons->addButton(tr("&Export"), QDialogButtonBox::AcceptRole);
  auto* left = new QVBoxLayout;
  left->addWidget(form_);
  left->addStretch();
  left->addWidget(message_);
  left->addWidget(buttons);
  auto* layout = new QHBoxLayout(this);
  layout->addLayout(left, 2);
  layout->addWidget(preview_, 3);
  write_->setDefault(true);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(write_, &QPushButton::clicked, this, [this] { exportTo(form_->folder()); });
  connect(&writing_, &BackgroundJob::failed, this, &ExportDialog::tellProblem);
  connect(form_, &ExportForm::changed, this, &ExportDialog::updatePreview);
}

FigureSpec ExportDialog::spec() const {
  return form_->sized(spec_);
}

Result<std::vector<DrawnFile>> ExportDialog::draw(const std::filesystem::path& place) const {
  const QString name = name_->text().trimmed();
  const auto refuse = [](const QString& words) { return Error{ErrorCode::usage, words.toStdString()}; };
  if (name.isEmpty() || name.contains('/')) return refuse(tr("A figure needs a name without a slash"));
  if (form_->formats().empty()) return refuse(tr("Choose at least one format"));
  std::vector<DrawnFile> files;
  for (const std::string& format : form_->formats()) {
    auto file = drawFigure(spec(), figure_, place / (name.toStdString() + "." + format), format);
    if (!file) return file.error();
    files.push_back(std::move(*file));
  }
  return files;
}

void ExportDialog::tellProblem(const QString& problem) {
  write_->setEnabled(true);
  write_->setFocus();
  message_->setText(problem);
}

void ExportDialog::exportTo(const QString& folder) {
  if (writing_.running()) return;
  const std::filesystem::path place = folder.toStdString();
  auto drawn = draw(place);
  if (!drawn) return tellProblem(QString::fromStdString(drawn.error().message));
  message_->clear();
  exportChoices().size = form_->sized({});
  exportChoices().formats = form_->formats();
  write_->setEnabled(false);
  writing_.start([this, place, drawn = std::move(*drawn)](
                     const ProgressFn&, const std::stop_token& stop) -> BackgroundJob::Completion {
    QStringList files;
    auto written = make_folder(place);
    for (const auto& file : drawn) {
      if (!written || stop.stop_requested()) break;
      written = file.write();
      files << QString::fromStdString(file.path.string());
    }
    if (!written)
      return [this, problem = QString::fromStdString(written.error().message)] { tellProblem(problem); };
    return [this, files] {
      emit exported(files);
      accept();
    };
  });
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
