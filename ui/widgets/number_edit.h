// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QLineEdit>

#include "core/base/param_spec.h"

namespace vaco::ui {

/// Types a whole or real number as text, so that 3e-4 and 1000000 are both natural. Up and down step it: by one
/// of the last shown digit, or by the next of 1, 2, 5 on a logarithmic scale. Emits committed() when editing
/// ends.
class NumberEdit : public QLineEdit {
  Q_OBJECT
 public:
  explicit NumberEdit(const ParamSpec& spec, QWidget* parent = nullptr);
  void setInvalid(bool invalid);

 signals:
  void committed(const QString& text);

 protected:
  void keyPressEvent(QKeyEvent* event) override;

 private:
  void step(int direction);
  /// As the parameter's reader takes it: whole numbers are shown with their thousands parted.
  [[nodiscard]] QString plainText() const;

  ParamSpec spec_;
};

}  // namespace vaco::ui
