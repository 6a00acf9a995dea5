// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/figures/figure_table.h"

#include <array>
#include <charconv>
#include <cmath>

namespace vaco::ui {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string flat(std::string text) {
  for (char& c : text)
    if (c == '\t' || c == '\n' || c == '\r') c = ' ';
  return text;
}

template <class Escape>
std::string joined(const FigureTable& table, char separator, Escape escape) {
  std::string out;
  for (size_t i = 0; i < table.columns.size(); ++i) {
    if (i) out += separator;
    out += escape(table.columns[i]);
  }
  out += '\n';
  for (const auto& row : table.rows) {
    for (size_t i = 0; i < row.size(); ++i) {
      if (i) out += separator;
      out += escape(cellText(row[i]));
    }
    out += '\n';
  }
  return out;
}

}  // namespace

std::string cellText(const FigureCell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* integer = std::get_if<int64_t>(&cell)) return std::to_string(*integer);
  const double value = std::get<double>(cell);
  if (std::isnan(value)) return "nan";
  std::array<char, 32> buffer;
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value).ptr;
  return {buffer.data(), end};
}

std::string toCsv(const FigureTable& table) {
  return joined(table, ',', quoted);
}
std::string toTsv(const FigureTable& table) {
  return joined(table, '\t', flat);
}

}  // namespace vaco::ui
