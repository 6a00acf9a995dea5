// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/readable.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>

namespace vaco {

std::string grouped(int64_t value) {
  std::string digits = std::to_string(value);
  const std::ptrdiff_t first = value < 0 ? 1 : 0;
  for (auto at = static_cast<std::ptrdiff_t>(digits.size()) - 3; at > first; at -= 3)
    digits.insert(static_cast<size_t>(at), 1, ',');
  return digits;
}

std::string readable(double value) {
  if (std::abs(value) < 1e15 && value == std::floor(value)) return grouped(static_cast<int64_t>(value));
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general).ptr};
}

std::string readable_range(double low, double high) {
  if (std::isfinite(low) && std::isfinite(high)) return readable(low) + " to " + readable(high);
  if (std::isfinite(low)) return "from " + readable(low);
  return std::isfinite(high) ? "up to " + readable(high) : std::string();
}

std::string fixed(double value, int digits) {
  if (!std::isfinite(value)) return "–";
  char text[400];  // the largest double has 309 digits before the point
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string duration_text(double seconds) {
  const double tenths = std::round(std::max(0.0, seconds) * 10.0) / 10.0;
  if (tenths < 60.0) return readable(tenths) + " s";
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  const auto two_digits = [](int64_t value) { return (value < 10 ? "0" : "") + std::to_string(value); };
  if (whole < 3600) return std::to_string(whole / 60) + " min " + two_digits(whole % 60) + " s";
  return std::to_string(whole / 3600) + " h " + two_digits(whole / 60 % 60) + " min";
}

}  // namespace vaco
