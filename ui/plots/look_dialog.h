// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDialog>
#include <array>

#include "ui/figures/figure_spec.h"

class QComboBox;
class QLineEdit;

namespace vaco::ui {

class FigurePlot;

/// Title, axis labels, font and limits of a plot, shown in it as they are written. Blocks nothing; empty fields
/// are left to the program.
class LookDialog : public QDialog {
  Q_OBJECT
 public:
  explicit LookDialog(FigurePlot& plot);

 private:
  void read();
  void apply();

  FigurePlot& plot_;
  QLineEdit *title_, *x_, *y_;
  QComboBox* font_;
  std::array<QLineEdit*, 4> limits_{};  ///< of x and y, each from and to
};

}  // namespace vaco::ui
