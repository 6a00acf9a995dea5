// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <filesystem>
#include <string>
#include <vector>

#include "ui/figures/figure.h"

class QLabel;
class QListWidget;
class QPushButton;

namespace vaco::ui {

class ExportForm;

/// Which of the figures that some runs can fill are written, and how. Begins with the choices of the last
/// export. Does not block; accepted() tells that it is to be done.
class ExportAllDialog : public QDialog {
  Q_OBJECT
 public:
  using Figures = std::vector<FigureVariant>;
  /// figures: those of allFigures().
  ExportAllDialog(Figures figures, const std::filesystem::path& folder, QWidget* parent);
  /// The chosen ones, in the chosen size.
  [[nodiscard]] Figures figures() const;
  [[nodiscard]] std::vector<std::string> formats() const;
  [[nodiscard]] std::filesystem::path folder() const;

  void accept() override;

 private:
  void tickAll(bool on);
  void updateCount();

  Figures figures_;
  ExportForm* form_;
  QListWidget* list_;
  QLabel* count_;
  QPushButton* export_;
};

}  // namespace vaco::ui
