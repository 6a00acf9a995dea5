// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <vector>

#include "ui/export/figure_spec.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace vaco::ui {

class Figure;

/// Size, font, palette and formats of a figure, with a preview of just what will be written. Does not block.
class ExportDialog : public QDialog {
  Q_OBJECT
 public:
  /// The figure must outlive the dialog; the dialog is a child of the plot that owns it.
  ExportDialog(const FigureSpec& spec, const Figure& figure, QWidget* parent);
  [[nodiscard]] FigureSpec spec() const;
  /// Writes the chosen formats to folder/name.<format>; what went wrong is shown in the dialog.
  bool exportTo(const QString& folder);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void buildForm();
  void updatePreview();
  void chooseFolder();

  FigureSpec spec_;
  const Figure& figure_;
  QLineEdit* name_;
  QLineEdit* folder_;
  QDoubleSpinBox* width_;
  QDoubleSpinBox* height_;
  QDoubleSpinBox* font_;
  QSpinBox* dpi_;
  QComboBox* palette_;
  std::vector<QCheckBox*> formats_;
  QLabel* preview_;
  QLabel* message_;
};

}  // namespace vaco::ui
