// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/number_edit.h"

#include <algorithm>
#include <cmath>

#include <QKeyEvent>
#include <QStyle>

#include "core/base/readable.h"

namespace vaco::ui {

namespace {
/// The neighbour of a positive value in 1, 2, 5, 10, 20, 50, ...
double next_of_125(double value, int direction) {
  const double decade = std::pow(10.0, std::floor(std::log10(value) + 1e-9));
  const double steps[] = {0.5, 1.0, 2.0, 5.0, 10.0};
  if (direction > 0)
    return decade * *std::find_if(std::begin(steps), std::end(steps),
                                  [&](double s) { return s > value / decade * 1.0001; });
  for (int i = 4; i >= 0; --i)
    if (steps[i] < value / decade * 0.9999) return decade * steps[i];
  return decade * 0.5;
}
}  // namespace

NumberEdit::NumberEdit(const ParamSpec& spec, QWidget* parent) : QLineEdit(parent), spec_(spec) {
  setAlignment(Qt::AlignRight);
  connect(this, &QLineEdit::editingFinished, this, [this] { emit committed(plainText()); });
}

QString NumberEdit::plainText() const {
  constexpr char16_t kMinus = 0x2212, kArabicPoint = 0x066B, kArabicComma = 0x066C;
  QString typed;
  for (const QChar c : text()) {
    if (c.isSpace()) continue;
    if (const int digit = c.digitValue(); digit >= 0)
      typed += QChar('0' + digit);
    else
      typed += c == kMinus ? QChar('-') : c == kArabicPoint ? QChar('.') : c == kArabicComma ? QChar(',') : c;
  }
  return QString::fromStdString(plain_number(typed.toStdString(), spec_.type == ParamType::integer));
}

void NumberEdit::setInvalid(bool invalid) {
  if (property("invalid").toBool() == invalid) return;
  setProperty("invalid", invalid);
  style()->unpolish(this);
  style()->polish(this);
}

void NumberEdit::keyPressEvent(QKeyEvent* event) {
  switch (event->key()) {
    case Qt::Key_Up:
      step(1);
      return;
    case Qt::Key_Down:
      step(-1);
      return;
    default:
      QLineEdit::keyPressEvent(event);
  }
}

void NumberEdit::step(int direction) {
  bool ok = false;
  double value = plainText().toDouble(&ok);
  if (!ok) return;
  if (spec_.scale == ParamScale::logarithmic && value > 0) {
    value = next_of_125(value, direction);
  } else if (spec_.type == ParamType::integer) {
    value += direction;
  } else {
    const auto shown = plainText();
    const auto point = shown.indexOf('.');
    const auto digits = point < 0 ? 1 : std::clamp<qsizetype>(shown.size() - point - 1, 1, 6);
    value += direction * std::pow(10.0, -static_cast<double>(digits));
  }
  value = std::clamp(value, spec_.min, spec_.max);
  setText(spec_.type == ParamType::integer ? QString::number(static_cast<qint64>(std::llround(value)))
                                           : QString::number(value, 'g', 6));
  emit committed(text());
}

}  // namespace vaco::ui
