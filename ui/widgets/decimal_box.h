// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QDoubleSpinBox>

namespace vaco::ui {

/// Shows its number in the one spelling of all that the program writes, and understands a comma before the
/// fraction too.
class DecimalBox : public QDoubleSpinBox {
 public:
  explicit DecimalBox(QWidget* parent = nullptr) : QDoubleSpinBox(parent) {
    setLocale(QLocale::c());
    setGroupSeparatorShown(false);
  }

 protected:
  QValidator::State validate(QString& text, int& position) const override {
    text.replace(',', '.');
    return QDoubleSpinBox::validate(text, position);
  }
};

}  // namespace vaco::ui
