// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>
#include <cstdint>

namespace vaco::ui {

/// Numbers as the window and the figures write them: thousands grouped ("60,000") and a true minus sign.
QString countText(int64_t value);
/// "1 run", "1,000 runs".
QString countText(int64_t value, const QString& one, const QString& many);
/// "−12,345.6": with this many digits after the point.
QString fixedText(double value, int digits);
/// "1,234,567": a step, which is whole.
QString stepText(double step);
/// Four significant digits, or "not a number".
QString valueText(double value);
/// Digits after the point of a D4RL-normalized score or a return (and its spread): one, but none for returns of
/// 1,000 and more.
int scoreDigits(double value, bool normalized);
QString scoreText(double value, bool normalized);
/// "1 h 05 min", "3 min 20 s", "8 s".
QString durationText(double seconds);
/// The hyphens of a number made minus signs.
QString withMinus(QString number);

}  // namespace vaco::ui
