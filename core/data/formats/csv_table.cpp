// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/formats/csv_table.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <fstream>
#include <limits>

#include "core/base/memory.h"
#include "core/base/readable.h"

namespace vaco {
namespace {

constexpr size_t kBlock = size_t{1} << 20;
constexpr size_t kMaxLine = size_t{16} << 20;
constexpr size_t kMaxColumns = 65536;

std::string_view trimmed(std::string_view text) {
  const char* blanks = " \t\r\n\"";
  const size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

bool same_word(std::string_view text, std::string_view word) {
  return text.size() == word.size() && std::equal(text.begin(), text.end(), word.begin(), [](char a, char b) {
           return std::tolower(static_cast<unsigned char>(a)) == b;
         });
}

struct Cell {
  std::vector<double> values;
  bool integers = true;
};

/// One number; false for what is none.
bool parse_number(std::string_view text, bool decimal_comma, double& value, bool& integer) {
  const bool yes = same_word(text, "true") || same_word(text, "yes");
  if (yes || same_word(text, "false") || same_word(text, "no")) {
    value = yes ? 1.0 : 0.0;
    return true;
  }
  if (text.empty() || same_word(text, "nan") || same_word(text, "na") || same_word(text, "n/a") ||
      same_word(text, "null") || same_word(text, "none")) {
    value = std::numeric_limits<double>::quiet_NaN();
    integer = false;
    return true;
  }
  char buffer[64];
  if (text.size() >= sizeof buffer) return false;
  if (text.front() == '+') text.remove_prefix(1);
  std::copy(text.begin(), text.end(), buffer);
  if (decimal_comma) std::replace(buffer, buffer + text.size(), ',', '.');
  const char* end = buffer + text.size();
  const auto [at, error] = std::from_chars(buffer, end, value);
  if (at != end || error == std::errc::invalid_argument) return false;
  if (error == std::errc::result_out_of_range) value = text.front() == '-' ? -HUGE_VAL : HUGE_VAL;
  if (text.find_first_not_of("0123456789-") != std::string_view::npos) integer = false;
  return true;
}

bool parse_cell(std::string_view text, bool decimal_comma, Cell& cell) {
  cell.values.clear();
  cell.integers = true;
  text = trimmed(text);
  double value = 0.0;
  if (text.empty() || (text.front() != '[' && text.front() != '(')) {
    if (!parse_number(text, decimal_comma, value, cell.integers)) return false;
    cell.values.push_back(value);
    return true;
  }
  // numpy parts numbers of an array by blanks, Python's lists by commas.
  for (size_t at = 0; at < text.size();) {
    const size_t first = text.find_first_not_of("[]() ,\t\r\n", at);
    if (first == std::string_view::npos) break;
    at = std::min(text.find_first_of("[]() ,\t\r\n", first), text.size());
    if (!parse_number(text.substr(first, at - first), false, value, cell.integers)) return false;
    cell.values.push_back(value);
  }
  return !cell.values.empty();
}

/// Cuts a line into cells; quotes keep delimiters.
void split_line(std::string_view line, char delimiter, std::vector<std::string_view>& cells) {
  cells.clear();
  bool quoted = false;
  size_t start = 0;
  for (size_t i = 0; i <= line.size(); ++i) {
    if (i < line.size() && line[i] == '"') quoted = !quoted;
    if (i < line.size() && (quoted || line[i] != delimiter)) continue;
    if (!(delimiter == ' ' && i == start)) cells.push_back(line.substr(start, i - start));
    start = i + 1;
  }
  if (cells.empty()) cells.emplace_back();
}

/// Gives lines of a text that comes in blocks; a line goes on while a quote is open.
class Lines {
 public:
  explicit Lines(const std::filesystem::path& path) : file_(path, std::ios::binary) {}
  [[nodiscard]] uint64_t bytes_read() const { return read_; }
  [[nodiscard]] bool too_long() const { return too_long_; }
  bool next(std::string& line) {
    line.clear();
    bool quoted = false;
    while (true) {
      for (; at_ < block_.size(); ++at_) {
        const char c = block_[at_];
        if (c == '"') quoted = !quoted;
        if (c == '\n' && !quoted) {
          ++at_;
          return true;
        }
        line += c;
        if (line.size() > kMaxLine) {
          too_long_ = true;
          return false;
        }
      }
      block_.resize(kBlock);
      file_.read(block_.data(), static_cast<std::streamsize>(kBlock));
      block_.resize(static_cast<size_t>(std::max<std::streamsize>(0, file_.gcount())));
      read_ += block_.size();
      at_ = 0;
      if (block_.empty()) return !line.empty();
    }
  }

 private:
  std::ifstream file_;
  std::string block_;
  size_t at_ = 0;
  uint64_t read_ = 0;
  bool too_long_ = false;
};

void drop_mark(std::string& line) {
  if (line.starts_with("\xef\xbb\xbf")) line.erase(0, 3);
}

bool is_number_row(const std::vector<std::string_view>& cells, bool decimal_comma) {
  Cell cell;
  return std::all_of(cells.begin(), cells.end(),
                     [&](std::string_view text) { return parse_cell(text, decimal_comma, cell); });
}

Error bad_cell(const std::filesystem::path& path, int64_t line, const CsvTable& table, size_t column,
               std::string_view text) {
  const std::string name = table.columns[column].name;
  return {ErrorCode::bad_data, path.string() + ": line " + std::to_string(line) + ", column " +
                                   std::to_string(column) + (name.empty() ? "" : " (" + name + ")") + ": '" +
                                   std::string(trimmed(text).substr(0, 40)) + "' is not a number"};
}

bool drop_comment_mark(std::string& line) {
  const bool marked = line.starts_with("#");
  if (marked) line.erase(0, std::min(line.find_first_not_of("# "), line.size()));
  return marked;
}

/// How two lines of a table are written, the first a header or not; the second may be missing.
CsvDialect dialect_of(std::string_view first, std::string_view second) {
  CsvDialect best;
  std::vector<std::string_view> cells, below;
  for (const char delimiter : {'\t', ';', ',', '|', ' '}) {
    split_line(first, delimiter, cells);
    if (cells.size() < 3 || cells.size() > kMaxColumns) continue;
    const bool decimal_comma = delimiter != ',';
    const bool header = !is_number_row(cells, decimal_comma);
    if (!second.empty()) split_line(second, delimiter, below);
    const bool fits =
        second.empty() ? !header : below.size() == cells.size() && is_number_row(below, decimal_comma);
    if (!fits || (best.is_table && cells.size() <= best.columns)) continue;
    best = {.delimiter = delimiter, .has_header = header, .columns = cells.size(), .is_table = true};
  }
  return best;
}

}  // namespace

CsvDialect guess_dialect(std::string_view beginning) {
  constexpr size_t kMostLines = 32;
  std::vector<std::string> lines;
  for (size_t at = 0; at < beginning.size() && lines.size() < kMostLines;) {
    const size_t end = beginning.find('\n', at);
    if (end == std::string_view::npos && !lines.empty()) break;  // perhaps cut
    std::string line(beginning.substr(at, end == std::string_view::npos ? end : end - at));
    if (at == 0) drop_mark(line);
    at = end == std::string_view::npos ? beginning.size() : end + 1;
    if (!trimmed(line).empty()) lines.push_back(std::move(line));
  }
  // Of the lines marked as comments the last may be the header, as numpy writes it.
  for (size_t begin = 0; begin < lines.size(); ++begin) {
    const bool comment = drop_comment_mark(lines[begin]);
    const std::string_view second = begin + 1 < lines.size() ? std::string_view(lines[begin + 1]) : "";
    if (CsvDialect found = dialect_of(lines[begin], second); found.is_table) {
      found.comments = begin;
      return found;
    }
    if (!comment) break;
  }
  return {};
}

Result<CsvTable> read_csv(const std::filesystem::path& path, const ProgressFn& progress,
                          const std::stop_token& stop, int64_t most_rows) {
  std::string beginning(size_t{65536}, '\0');
  std::ifstream start(path, std::ios::binary);
  start.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
  beginning.resize(static_cast<size_t>(std::max<std::streamsize>(0, start.gcount())));
  const CsvDialect dialect = guess_dialect(beginning);
  const auto wrong = [&](const std::string& what) {
    return Error{ErrorCode::bad_data, path.string() + ": " + what};
  };
  if (!dialect.is_table) return wrong("it is text, but no table of numbers with a column for each");
  std::error_code ignored;
  const auto bytes = std::max<uintmax_t>(1, std::filesystem::file_size(path, ignored));
  // Cells take eight bytes each; a number takes about as many in text, seldom fewer than two.
  const double share = static_cast<double>(std::count(beginning.begin(), beginning.end(), dialect.delimiter)) /
                       static_cast<double>(beginning.size());
  if (const double needed = 12.0 * share * static_cast<double>(bytes);
      most_rows < 0 && needed > static_cast<double>(available_memory()))
    return wrong("it needs about " + fixed(needed / 1e9, 1) + " GB of memory, more than there is");

  CsvTable table;
  table.has_header = dialect.has_header;
  table.columns.resize(dialect.columns);
  Lines lines(path);
  std::string line;
  std::vector<std::string_view> cells;
  Cell cell;
  int64_t number = 0;
  bool header_pending = dialect.has_header;
  auto comments = static_cast<int64_t>(dialect.comments);
  while ((most_rows < 0 || table.rows < most_rows) && lines.next(line)) {
    if (++number == 1) drop_mark(line);
    if (trimmed(line).empty() || comments-- > 0) continue;
    if (header_pending) drop_comment_mark(line);
    if (trimmed(line).empty() || line.starts_with("#")) continue;
    split_line(line, dialect.delimiter, cells);
    if (cells.size() != dialect.columns)
      return wrong("line " + std::to_string(number) + " has " + std::to_string(cells.size()) +
                   " cells, the first has " + std::to_string(dialect.columns));
    if (std::exchange(header_pending, false)) {
      for (size_t c = 0; c < cells.size(); ++c) table.columns[c].name = trimmed(cells[c]);
      continue;
    }
    for (size_t c = 0; c < cells.size(); ++c) {
      CsvColumn& column = table.columns[c];
      if (!parse_cell(cells[c], dialect.delimiter != ',', cell))
        return bad_cell(path, number, table, c, cells[c]);
      if (table.rows == 0) column.width = static_cast<int64_t>(cell.values.size());
      if (static_cast<int64_t>(cell.values.size()) != column.width)
        return wrong("line " + std::to_string(number) + ", column " + std::to_string(c) + ": its array has " +
                     std::to_string(cell.values.size()) + " numbers, the first row's has " +
                     std::to_string(column.width));
      column.integers = column.integers && cell.integers;
      column.values.insert(column.values.end(), cell.values.begin(), cell.values.end());
    }
    if (++table.rows % 4096 == 0) {
      if (progress)
        progress(std::min(1.0, static_cast<double>(lines.bytes_read()) / static_cast<double>(bytes)),
                 "reading the table");
      if (stop.stop_requested()) return Error{ErrorCode::stopped, "stopped reading " + path.string()};
    }
  }
  if (lines.too_long()) return wrong("line " + std::to_string(number + 1) + " is impossibly long");
  if (table.rows == 0) return wrong("it has a header but no rows");
  return table;
}

}  // namespace vaco
