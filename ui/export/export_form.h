// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <vector>

#include "ui/export/export_choices.h"

class QCheckBox;
class QComboBox;
class QDoubleSpinBox;
class QFormLayout;
class QLineEdit;
class QSpinBox;

namespace vaco::ui {

/// Where figures are written, how large and in which formats: what every export asks for.
class ExportForm : public QWidget {
  Q_OBJECT
 public:
  /// Begins with these choices.
  explicit ExportForm(const ExportChoices& choices, QWidget* parent = nullptr);
  /// For rows above these.
  [[nodiscard]] QFormLayout& layoutOfForm() { return *form_; }
  [[nodiscard]] QString folder() const;
  void setFolder(const QString& folder);
  /// The spec in the chosen size, font, resolution and colours.
  [[nodiscard]] FigureSpec sized(FigureSpec spec) const;
  [[nodiscard]] std::vector<std::string> formats() const;

 signals:
  void changed();

 private:
  void chooseColumn();
  void showColumn();
  void chooseFolder();

  QFormLayout* form_;
  QLineEdit* folder_;
  QComboBox* column_;
  QDoubleSpinBox *width_, *height_, *font_;
  QSpinBox* dpi_;
  QComboBox* palette_;
  std::vector<QCheckBox*> formats_;
};

}  // namespace vaco::ui
