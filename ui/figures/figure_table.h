// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace vaco::ui {

using FigureCell = std::variant<std::string, int64_t, double>;

/// The numbers of a figure, one observation a row: its accessible twin, its CSV file and its clipboard text.
struct FigureTable {
  std::vector<std::string> columns;
  std::vector<std::vector<FigureCell>> rows;  ///< each as long as columns
};

/// Shortest text that reads back as the same number; "nan", "inf", "-inf".
std::string cellText(const FigureCell& cell);
/// RFC 4180 with \n line ends; texts are quoted where they must be.
std::string toCsv(const FigureTable& table);
/// For spreadsheets' clipboards; tabs and line ends in texts become blanks.
std::string toTsv(const FigureTable& table);

}  // namespace vaco::ui
