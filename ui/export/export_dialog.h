// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>

#include <filesystem>
#include <vector>

#include "core/base/result.h"
#include "ui/bridge/background_job.h"
#include "ui/figures/figure_spec.h"

class QLabel;
class QLineEdit;
class QPushButton;

namespace vaco::ui {

class ExportForm;
struct DrawnFile;
class Figure;

/// Size, font, palette and formats of a figure, with a preview of just what will be written. Does not block.
class ExportDialog : public QDialog {
  Q_OBJECT
 public:
  /// Begins with the choices of the last export. The figure must outlive the dialog; the dialog is a child of
  /// the plot that owns it.
  ExportDialog(const FigureSpec& spec, const Figure& figure, QWidget* parent);
  [[nodiscard]] FigureSpec spec() const;
  /// Draws the chosen formats and writes them to folder/name.<format> in the background, then is accepted; what
  /// went wrong is shown in the dialog.
  void exportTo(const QString& folder);

 signals:
  /// What was written: full names.
  void exported(const QStringList& files);

 protected:
  void resizeEvent(QResizeEvent* event) override;

 private:
  void updatePreview();
  /// In each of the formats. The error tells the user what to mend.
  [[nodiscard]] Result<std::vector<DrawnFile>> draw(const std::filesystem::path& place) const;
  void tellProblem(const QString& problem);

  FigureSpec spec_;
  const Figure& figure_;
  ExportForm* form_;
  QLineEdit* name_;
  QLabel* preview_;
  QLabel* message_;
  QPushButton* write_;
  BackgroundJob writing_;  // last: its thread ends before the members above go
};

}  // namespace vaco::ui
