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
  connect(&writing_, &BackgroundJob::failed, message_, &QLabel::setText);
  connect(form_, &ExportForm::changed, this, &ExportDialog::updatePreview);
}

FigureSpec ExportDialog::spec() const {
  return form_->sized(spec_);
}

QString ExportDialog::draw(const std::filesystem::path& place, std::vector<DrawnFile>& files) const {
  const QString name = name_->text().trimmed();
  if (name.isEmpty() || name.contains('/')) return tr("A figure needs a name without a slash");
  if (form_->formats().empty()) return tr("Choose at least one format");
  if (auto made = make_folder(place); !made) return QString::fromStdString(made.error().message);
  for (const std::string& format : form_->formats()) {
    auto file = drawFigure(spec(), figure_, place / (name.toStdString() + "." + format), format);
    if (!file) return QString::fromStdString(file.error().message);
    files.push_back(std::move(*file));
  }
  return {};
}

void ExportDialog::exportTo(const QString& folder) {
  if (writing_.running()) return;
  std::vector<DrawnFile> drawn;
  message_->setText(draw(folder.toStdString(), drawn));
  if (!message_->text().isEmpty()) return;
  exportChoices().size = form_->sized({});
  exportChoices().formats = form_->formats();
  write_->setEnabled(false);
  writing_.start(
      [this, drawn = std::move(drawn)](const ProgressFn&, const std::stop_token&) -> BackgroundJob::Completion {
        QStringList files;
        QString problem;
        for (const auto& file : drawn) {
          if (const auto written = file.write(); !written)
            problem = QString::fromStdString(written.error().message);
          if (!problem.isEmpty()) break;
          files << QString::fromStdString(file.path.string());
        }
        return [this, files, problem] {
          write_->setEnabled(true);
          message_->setText(problem);
          if (!problem.isEmpty()) return;
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
