// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/export/export_form.h"

#include <QCheckBox>
#include <QComboBox>
#include <QFileDialog>
#include <QFormLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <algorithm>

#include "ui/export/export_figure.h"
#include "ui/widgets/decimal_box.h"

namespace vaco::ui {
namespace {

/// Widths of the columns that most journals and proceedings have.
constexpr double kOneColumn = 85.0, kBetween = 120.0, kTwoColumns = 175.0;

QDoubleSpinBox* spinBox(double low, double high, double step, const QString& unit, double value) {
  auto* box = new DecimalBox;
  box->setRange(low, high);
  box->setSingleStep(step);
  box->setDecimals(1);
  box->setSuffix(unit);
  box->setValue(value);
  return box;
}

}  // namespace

ExportForm::ExportForm(const ExportChoices& choices, QWidget* parent)
    : QWidget(parent),
      form_(new QFormLayout(this)),
      folder_(new QLineEdit),
      column_(new QComboBox),
      width_(spinBox(20, 1000, 5, " mm", choices.size.widthMm)),
      height_(spinBox(20, 1000, 5, " mm", choices.size.heightMm)),
      font_(spinBox(4, 48, 0.5, " pt", choices.size.fontPt)),
      dpi_(new QSpinBox),
      palette_(new QComboBox) {
  form_->setContentsMargins(0, 0, 0, 0);
  auto* browse = new QPushButton(tr("&Browse..."));
  auto* place = new QHBoxLayout;
  place->addWidget(folder_, 1);
  place->addWidget(browse);
  auto* folderLabel = new QLabel(tr("&Folder"));
  folderLabel->setBuddy(folder_);
  folder_->setAccessibleName(tr("Folder"));
  form_->addRow(folderLabel, place);
  for (const auto& [label, width] : {std::pair{tr("One column, 85 mm"), kOneColumn},
                                     {tr("One and a half, 120 mm"), kBetween},
                                     {tr("Two columns, 175 mm"), kTwoColumns},
                                     {tr("Another width"), 0.0}})
    column_->addItem(label, width);
  column_->setToolTip(tr("Sets the width and scales the height with it"));
  form_->addRow(tr("&Column"), column_);
  form_->addRow(tr("&Width"), width_);
  form_->addRow(tr("&Height"), height_);
  form_->addRow(tr("&Text size"), font_);
  dpi_->setRange(30, 1200);
  dpi_->setSuffix(tr(" dpi"));
  dpi_->setValue(choices.size.dpi);
  form_->addRow(tr("PNG &resolution"), dpi_);
  for (const auto& [label, key] :
       {std::pair{tr("Okabe–Ito"), "okabe-ito"}, {tr("Tol bright"), "tol-bright"}, {tr("Grey"), "grey"}})
    palette_->addItem(label, QString::fromUtf8(key));
  palette_->setCurrentIndex(std::max(0, palette_->findData(QString::fromStdString(choices.size.palette))));
  form_->addRow(tr("Co&lours"), palette_);
  auto* row = new QHBoxLayout;
  for (const std::string& format : exportFormats()) {
    auto* box = new QCheckBox("&" + QString::fromStdString(format).toUpper());
    box->setObjectName("format." + QString::fromStdString(format));
    box->setChecked(std::find(choices.formats.begin(), choices.formats.end(), format) != choices.formats.end());
    connect(box, &QCheckBox::toggled, this, &ExportForm::changed);
    formats_.push_back(box);
    row->addWidget(box);
  }
  row->addStretch();
  form_->addRow(tr("Formats"), row);
  showColumn();
  connect(browse, &QPushButton::clicked, this, &ExportForm::chooseFolder);
  connect(column_, &QComboBox::activated, this, &ExportForm::chooseColumn);
  connect(width_, &QDoubleSpinBox::valueChanged, this, &ExportForm::showColumn);
  for (QDoubleSpinBox* box : {width_, height_, font_})
    connect(box, &QDoubleSpinBox::valueChanged, this, &ExportForm::changed);
  connect(palette_, &QComboBox::currentIndexChanged, this, &ExportForm::changed);
}

QString ExportForm::folder() const {
  return folder_->text();
}

void ExportForm::setFolder(const QString& folder) {
  folder_->setText(folder);
}

FigureSpec ExportForm::sized(FigureSpec spec) const {
  spec.widthMm = width_->value();
  spec.heightMm = height_->value();
  spec.fontPt = font_->value();
  spec.dpi = dpi_->value();
  spec.palette = palette_->currentData().toString().toStdString();
  return spec;
}

std::vector<std::string> ExportForm::formats() const {
  std::vector<std::string> chosen;
  for (size_t i = 0; i < formats_.size(); ++i)
    if (formats_[i]->isChecked()) chosen.push_back(exportFormats()[i]);
  return chosen;
}

void ExportForm::chooseColumn() {
  const double width = column_->currentData().toDouble();
  if (!(width > 0.0)) return width_->setFocus();
  const double shape = height_->value() / width_->value();
  width_->setValue(width);
  height_->setValue(width * shape);
}

void ExportForm::showColumn() {
  int at = column_->count() - 1;
  for (int i = 0; i < at; ++i)
    if (column_->itemData(i).toDouble() == width_->value()) at = i;
  const QSignalBlocker quiet(column_);
  column_->setCurrentIndex(at);
}

void ExportForm::chooseFolder() {
  auto* chooser = new QFileDialog(this, tr("Folder for figures"), folder_->text());
  chooser->setAttribute(Qt::WA_DeleteOnClose);
  chooser->setFileMode(QFileDialog::Directory);
  connect(chooser, &QFileDialog::fileSelected, folder_, &QLineEdit::setText);
  chooser->open();
}

}  // namespace vaco::ui
