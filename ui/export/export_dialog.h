// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include "ui/figures/figure_spec.h"

class QLabel;
class QLineEdit;

namespace vaco::ui {

class ExportForm;
class Figure;

/// Size, font, palette and formats of a figure, with a preview of just what will be written. Does not block.
class ExportDialog : public QDialog {
  Q_OBJECT
 public:
  /// Begins with the choices of the last export. The figure must outlive the dialog; the dialog is a child of
  /// the plot that owns it.
  ExportDialog(const FigureSpec& spec, const Figure& figure, QWidget* parent);
  [[nodiscard]] FigureSpec spec() const;
  /// Writes the chosen formats to folder/name.<format>; what went wrong is shown in the dialog.
  bool exportTo(const QString& folder);

 signals:
  /// What was written, by accept(): full names.
  void exported(const QStringList& files);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void updatePreview();

  FigureSpec spec_;
  const Figure& figure_;
  ExportForm* form_;
  QLineEdit* name_;
  QLabel* preview_;
  QLabel* message_;
};

}  // namespace vaco::ui
