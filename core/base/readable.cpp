// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/readable.h"

#include <algorithm>
#include <charconv>
#include <cmath>

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
  return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits).ptr};
}

std::string fixed_or_short(double value, int digits) {
  return std::abs(value) < 1e9 || !std::isfinite(value) ? fixed(value, digits) : significant(value, 4);
}

std::string significant(double value, int digits) {
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, value, std::chars_format::general, digits).ptr};
}

namespace {

/// Whether the text is "1,234,567": groups of three digits behind a first one of one to three.
bool is_grouped(std::string_view text, char separator) {
  size_t digits = 0, groups = 0;
  for (const char c : text) {
    if (c == separator) {
      if (groups == 0 ? digits < 1 || digits > 3 : digits != 3) return false;
      ++groups;
      digits = 0;
    } else if (c >= '0' && c <= '9') {
      ++digits;
    } else {
      return false;
    }
  }
  return groups > 0 && digits == 3;
}

std::string without(std::string_view text, char separator) {
  std::string rest(text);
  std::erase(rest, separator);
  return rest;
}

}  // namespace

std::string plain_number(std::string_view typed, bool whole) {
  const bool minus = typed.starts_with('-');
  const std::string_view text = typed.substr(minus ? 1 : 0);
  const std::string sign = minus ? "-" : "";
  const size_t comma = text.find_last_of(','), point = text.find_last_of('.');
  constexpr size_t kNone = std::string_view::npos;
  for (const char separator : {',', '.'})
    if (is_grouped(text, separator) && (whole || std::count(text.begin(), text.end(), separator) > 1))
      return sign + without(text, separator);
  if (comma == kNone) return std::string(typed);
  // The last of the two is the one before the fraction; the others part groups.
  const char decimal = point == kNone || comma > point ? ',' : '.', group = decimal == ',' ? '.' : ',';
  const size_t at = decimal == ',' ? comma : point;
  const std::string_view before = text.substr(0, at);
  const bool sound = std::count(text.begin(), text.end(), decimal) == 1 &&
                     (before.find(group) == kNone || is_grouped(before, group));
  if (!sound) return std::string(typed);
  return sign + without(before, group) + "." + std::string(text.substr(at + 1));
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
