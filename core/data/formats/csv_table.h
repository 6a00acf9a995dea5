// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <stop_token>
#include <string>
#include <vector>

#include "core/base/files.h"
#include "core/base/result.h"

namespace vaco {

/// A column of a table of text: numbers, or arrays of one length in each cell.
struct CsvColumn {
  std::string name;            ///< of the header; empty without one
  int64_t width = 1;           ///< numbers in a cell
  bool integers = true;        ///< all cells are whole numbers (or truth values), none is missing
  std::vector<double> values;  ///< [rows, width]; NaN where a cell is missing
};

struct CsvTable {
  bool has_header = false;
  int64_t rows = 0;
  std::vector<CsvColumn> columns;
};

/// How a table is written, told by its beginning.
struct CsvDialect {
  char delimiter = ',';  ///< ',', ';', tab, '|' or ' '
  bool has_header = false;
  size_t columns = 0;  ///< of the first line
  bool is_table = false;
  size_t comments = 0;  ///< lines of them in front
};
/// Looks at the first lines: a table has the same number of cells in each, and numbers in the second.
CsvDialect guess_dialect(std::string_view beginning);

/// Reads a table of numbers: header or none, cells in quotes, decimal commas where semicolons part cells,
/// arrays as text ("[0.1 0.2]"), True and False, yes and no, comments ("# "). bad_data names line and column of
/// what is no number.
Result<CsvTable> read_csv(const std::filesystem::path& path, const ProgressFn& progress,
                          const std::stop_token& stop, int64_t most_rows = -1);

}  // namespace vaco
