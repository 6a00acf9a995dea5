// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/number_text.h"

#include <QLocale>
#include <cmath>

#include "core/base/readable.h"

namespace vaco::ui {
namespace {

/// The C locale groups by commas once it is allowed to.
QLocale grouping() {
  QLocale locale = QLocale::c();
  locale.setNumberOptions(QLocale::DefaultNumberOptions);
  return locale;
}

}  // namespace

QString withMinus(QString number) {
  return number.replace('-', QChar(0x2212));
}

QString countText(int64_t value) {
  return withMinus(QString::fromStdString(grouped(value)));
}

QString countText(int64_t value, const QString& one, const QString& many) {
  return countText(value) + ' ' + (value == 1 ? one : many);
}

QString fixedText(double value, int digits) {
  if (std::isnan(value)) return "not a number";
  // What rounds to nothing has no sign.
  if (std::abs(value) < 0.5 * std::pow(10.0, -digits)) value = 0.0;
  return withMinus(grouping().toString(value, 'f', digits));
}

QString stepText(double step) {
  return countText(std::llround(step));
}

QString valueText(double value) {
  if (std::isnan(value)) return "not a number";
  const double size = std::abs(value);
  if (value != 0.0 && (size < 1e-3 || size >= 1e6)) return withMinus(QString::number(value, 'e', 2));
  return size >= 1e3 ? fixedText(value, 0) : withMinus(QString::number(value, 'g', 4));
}

int scoreDigits(double value, bool normalized) {
  return normalized || std::abs(value) < 1e3 ? 1 : 0;
}

QString scoreText(double value, bool normalized) {
  return fixedText(value, scoreDigits(value, normalized));
}

QString durationText(double seconds) {
  return QString::fromStdString(duration_text(std::round(seconds)));
}

}  // namespace vaco::ui
