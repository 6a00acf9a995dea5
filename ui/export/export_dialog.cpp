// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_dialog.h"

#include <QCheckBox>
#include <QComboBox>
#include <QDialogButtonBox>
#include <QDir>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QImage>
#include <QLabel>
#include <QLineEdit>
#include <QPixmap>
#include <QPushButton>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>

#include "core/base/files.h"
#include "ui/export/export_figure.h"
#include "ui/plots/figure.h"

namespace vaco::ui {
namespace {

QDoubleSpinBox* spinBox(double low, double high, double step, const QString& unit, double value) {
  auto* box = new QDoubleSpinBox;
  box->setRange(low, high);
  box->setSingleStep(step);
  box->setDecimals(1);
  box->setSuffix(unit);
  box->setValue(value);
  return box;
}

}  // namespace

ExportDialog::ExportDialog(const FigureSpec& spec, const Figure& figure, QWidget* parent)
    : QDialog(parent),
      spec_(spec),
      figure_(figure),
      name_(new QLineEdit(QString::fromStdString(toText(spec.kind)))),
      folder_(new QLineEdit),
      width_(spinBox(20, 1000, 5, " mm", spec.widthMm)),
      height_(spinBox(20, 1000, 5, " mm", spec.heightMm)),
      font_(spinBox(4, 48, 0.5, " pt", spec.fontPt)),
      dpi_(new QSpinBox),
      palette_(new QComboBox),
      preview_(new QLabel),
      message_(new QLabel) {
  setWindowTitle("Export figure");
  resize(860, 520);
  const QString beside =
      spec.runs.empty() ? QDir::homePath() : QString::fromStdString((spec.runs.front() / "figures").string());
  folder_->setText(beside);
  dpi_->setRange(30, 1200);
  dpi_->setSuffix(" dpi");
  dpi_->setValue(spec.dpi);
  for (const auto& [label, key] :
       {std::pair{"Okabe–Ito", "okabe-ito"}, {"Tol bright", "tol-bright"}, {"Grey", "grey"}})
    palette_->addItem(QString::fromUtf8(label), QString::fromUtf8(key));
  palette_->setCurrentIndex(std::max(0, palette_->findData(QString::fromStdString(spec.palette))));
  preview_->setAlignment(Qt::AlignCenter);
  preview_->setMinimumSize(240, 180);
  preview_->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Ignored);
  preview_->setAccessibleName("Preview of the exported figure");
  message_->setWordWrap(true);
  buildForm();
  for (QDoubleSpinBox* box : {width_, height_, font_})
    connect(box, &QDoubleSpinBox::valueChanged, this, &ExportDialog::updatePreview);
  connect(palette_, &QComboBox::currentIndexChanged, this, &ExportDialog::updatePreview);
}

void ExportDialog::buildForm() {
  auto* form = new QFormLayout;
  form->addRow("Name", name_);
  auto* browse = new QPushButton("Browse...");
  auto* place = new QHBoxLayout;
  place->addWidget(folder_, 1);
  place->addWidget(browse);
  folder_->setAccessibleName("Folder");
  form->addRow("Folder", place);
  form->addRow("Width", width_);
  form->addRow("Height", height_);
  form->addRow("Text size", font_);
  form->addRow("PNG resolution", dpi_);
  form->addRow("Colors", palette_);
  auto* formats = new QHBoxLayout;
  for (const std::string& format : exportFormats()) {
    auto* box = new QCheckBox(QString::fromStdString(format).toUpper());
    box->setChecked(true);
    formats_.push_back(box);
    formats->addWidget(box);
  }
  form->addRow("Formats", formats);
  auto* buttons = new QDialogButtonBox(QDialogButtonBox::Cancel);
  auto* write = buttons->addButton("Export", QDialogButtonBox::AcceptRole);
  write->setDefault(true);
  auto* left = new QVBoxLayout;
  left->addLayout(form);
  left->addStretch();
  left->addWidget(message_);
  left->addWidget(buttons);
  auto* layout = new QHBoxLayout(this);
  layout->addLayout(left, 2);
  layout->addWidget(preview_, 3);
  connect(browse, &QPushButton::clicked, this, &ExportDialog::chooseFolder);
  connect(buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(write, &QPushButton::clicked, this, [this] {
    if (exportTo(folder_->text())) accept();
  });
}

FigureSpec ExportDialog::spec() const {
  FigureSpec spec = spec_;
  spec.widthMm = width_->value();
  spec.heightMm = height_->value();
  spec.fontPt = font_->value();
  spec.dpi = dpi_->value();
  spec.palette = palette_->currentData().toString().toStdString();
  return spec;
}

bool ExportDialog::exportTo(const QString& folder) {
  const std::filesystem::path place = folder.toStdString();
  const QString name = name_->text().trimmed();
  if (name.isEmpty() || name.contains('/')) {
    message_->setText("A figure needs a name without a slash");
    return false;
  }
  if (auto made = make_folder(place); !made) {
    message_->setText(QString::fromStdString(made.error().message));
    return false;
  }
  bool any = false;
  for (size_t i = 0; i < formats_.size(); ++i) {
    if (!formats_[i]->isChecked()) continue;
    any = true;
    const std::string& format = exportFormats()[i];
    const auto written = exportFigure(spec(), figure_, place / (name.toStdString() + "." + format), format);
    if (written) continue;
    message_->setText(QString::fromStdString(written.error().message));
    return false;
  }
  if (!any) message_->setText("Choose at least one format");
  return any;
}

void ExportDialog::chooseFolder() {
  auto* chooser = new QFileDialog(this, "Folder for the figure", folder_->text());
  chooser->setAttribute(Qt::WA_DeleteOnClose);
  chooser->setFileMode(QFileDialog::Directory);
  connect(chooser, &QFileDialog::fileSelected, folder_, &QLineEdit::setText);
  chooser->open();
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
