// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of text (CSV, TSV): a transition a line. Columns are told by their names (obs_0, action, reward, done,
// episode, next_obs_0, ...), else by their place; how they were taken is a finding, and --columns says
// otherwise.
#include <algorithm>
#include <charconv>
#include <fstream>

#include "core/data/dataset_builder.h"
#include "core/data/formats/csv_table.h"
#include "core/data/formats/flat_columns.h"

namespace vaco {
namespace {

/// Which columns of a table have which role, in order.
using Mapping = std::array<std::vector<size_t>, kRoles>;

/// "obs_12", "obs12", "obs[12]" and "obs.12" are the twelfth of "obs".
std::pair<std::string, int64_t> split_index(std::string name) {
  while (!name.empty() && (name.back() == ']' || name.back() == ')')) name.pop_back();
  const size_t last = name.find_last_not_of("0123456789");
  if (last == std::string::npos || last + 1 == name.size()) return {name, 0};
  int64_t index = 0;
  std::from_chars(name.data() + last + 1, name.data() + name.size(), index);
  std::string base = name.substr(0, last + 1);
  while (!base.empty() && std::string_view("_.-[( ").find(base.back()) != std::string_view::npos)
    base.pop_back();
  return {base, index};
}

/// "obs_1_next" is the same as "next_obs_1".
std::string without_suffix(const std::string& name) {
  constexpr std::string_view kNext = "_next";
  if (!name.ends_with(kNext)) return name;
  const auto [base, index] = split_index(name.substr(0, name.size() - kNext.size()));
  return base.size() + kNext.size() < name.size() ? "next_" + base + "_" + std::to_string(index) : name;
}

/// "obs2" follows "obs", but beside "obs1" it is the second of several.
bool is_one_of_several(const CsvTable& table, const std::string& name) {
  const auto [base, index] = split_index(name);
  return base != name &&
         std::any_of(table.columns.begin(), table.columns.end(), [&, &own = base](const auto& c) {
           return c.name != name && c.name != own && split_index(c.name).first == own;
         });
}

bool is_row_number(const CsvColumn& column) {
  if (column.width != 1 || !column.integers) return false;
  for (size_t i = 0; i < column.values.size(); ++i)
    if (column.values[i] != column.values[0] + static_cast<double>(i)) return false;
  return column.values.size() > 1;
}

bool is_flag(const CsvColumn& column) {
  return column.width == 1 &&
         std::all_of(column.values.begin(), column.values.end(), [](double v) { return v == 0.0 || v == 1.0; });
}

std::vector<size_t>& at(Mapping& mapping, Role role) {
  return mapping[static_cast<size_t>(role)];
}

Mapping by_name(const CsvTable& table, std::vector<size_t>& unused) {
  Mapping mapping;
  std::array<std::vector<std::pair<int64_t, size_t>>, kRoles> found;
  std::vector<size_t> unknown;
  for (size_t c = 0; c < table.columns.size(); ++c) {
    const std::string& name = table.columns[c].name;
    size_t role = role_of(name);
    int64_t index = 0;
    if (role == kRoles || is_one_of_several(table, name)) {
      const auto [base, number] = split_index(without_suffix(name));
      role = role_of(base);
      index = number;
    }
    if (role < kRoles)
      found[role].emplace_back(index, c);
    else if (!(c == 0 && is_row_number(table.columns[c])) && !name.starts_with("Unnamed"))
      unknown.push_back(c);
  }
  for (size_t r = 0; r < kRoles; ++r) {
    std::stable_sort(found[r].begin(), found[r].end(),
                     [](const auto& a, const auto& b) { return a.first < b.first; });
    for (const auto& [index, c] : found[r]) mapping[r].push_back(c);
  }
  // A table that calls its state by its quantities ("position", "velocity") has them before the action.
  if (at(mapping, Role::observations).empty()) {
    const auto& actions = at(mapping, Role::actions);
    for (const size_t c : unknown)
      (actions.empty() || c < actions.front() ? at(mapping, Role::observations) : unused).push_back(c);
  } else {
    unused = unknown;
  }
  return mapping;
}

/// Without names: observations, an action, a reward, and a flag where the last column is one.
Mapping by_place(const CsvTable& table) {
  Mapping mapping;
  size_t end = table.columns.size();
  if (end > 3 && is_flag(table.columns[end - 1])) at(mapping, Role::terminals).push_back(--end);
  if (end < 3) return mapping;
  at(mapping, Role::rewards).push_back(--end);
  at(mapping, Role::actions).push_back(--end);
  for (size_t c = 0; c < end; ++c) at(mapping, Role::observations).push_back(c);
  return mapping;
}

/// Columns by --columns: names, numbers or ranges of numbers.
Result<void> choose(const CsvTable& table, const ColumnChoice& choice, Mapping& mapping) {
  const auto number = [&](std::string_view text, size_t& value) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value);
    return error == std::errc{} && stop == end && value < table.columns.size();
  };
  for (const auto& [role, texts] : choice) {
    auto& columns = at(mapping, role);
    columns.clear();
    for (const auto& text : texts) {
      const auto named = std::find_if(table.columns.begin(), table.columns.end(),
                                      [&](const CsvColumn& column) { return column.name == text; });
      const size_t dash = text.find('-');
      size_t first = 0, last = 0;
      if (named != table.columns.end()) {
        columns.push_back(static_cast<size_t>(named - table.columns.begin()));
      } else if (number(text, first)) {
        columns.push_back(first);
      } else if (dash != std::string::npos && number(std::string_view(text).substr(0, dash), first) &&
                 number(std::string_view(text).substr(dash + 1), last) && first <= last) {
        for (size_t c = first; c <= last; ++c) columns.push_back(c);
      } else {
        return Error{ErrorCode::usage, "--columns: there is no column '" + text +
                                           "'; columns count from 0 to " +
                                           std::to_string(table.columns.size() - 1)};
      }
    }
  }
  return {};
}

std::string column_text(const CsvTable& table, const std::vector<size_t>& columns) {
  std::string text;
  for (size_t i = 0; i < columns.size(); ++i) {
    size_t last = i;
    while (last + 1 < columns.size() && columns[last + 1] == columns[last] + 1) ++last;
    const auto name = [&](size_t c) {
      return table.columns[c].name.empty() ? std::to_string(c) : table.columns[c].name;
    };
    text += (text.empty() ? "" : ", ") + name(columns[i]);
    if (last > i) text += (last > i + 1 ? " – " : ", ") + name(columns[last]);
    i = last;
  }
  return text;
}

/// "observations=0-3;actions=4": the mapping as --columns takes it.
std::string mapping_text(const Mapping& mapping) {
  std::string text;
  for (size_t r = 0; r < kRoles; ++r) {
    const auto& columns = mapping[r];
    if (columns.empty()) continue;
    text += (text.empty() ? "" : ";") + std::string(role_name(static_cast<Role>(r))) + "=";
    for (size_t i = 0; i < columns.size(); ++i) {
      size_t last = i;
      while (last + 1 < columns.size() && columns[last + 1] == columns[last] + 1) ++last;
      text += (i == 0 ? "" : ",") + std::to_string(columns[i]);
      if (last > i) text += "-" + std::to_string(columns[last]);
      i = last;
    }
  }
  return text;
}

Finding mapping_finding(const CsvTable& table, const Mapping& mapping, const std::vector<size_t>& unused,
                        bool guessed) {
  std::string text = guessed ? "the table has no header, so its columns were taken by their place: "
                             : "columns were taken by their names: ";
  bool first = true;
  for (size_t r = 0; r < kRoles; ++r) {
    if (mapping[r].empty()) continue;
    text += (first ? "" : "; ") + std::string(role_name(static_cast<Role>(r))) + " = " +
            column_text(table, mapping[r]);
    first = false;
  }
  if (!unused.empty()) text += "; not used: " + column_text(table, unused);
  text += ". To change it: --columns \"" + mapping_text(mapping) + "\"";
  return {guessed ? Severity::warning : Severity::note, "columns", text, -1, 0};
}

/// The mapped columns as arrays named by their roles.
class CsvSource final : public ArraySource {
 public:
  CsvSource(std::string name, const CsvTable& table, const Mapping& mapping)
      : name_(std::move(name)), table_(table), mapping_(mapping) {}
  [[nodiscard]] std::string name() const override { return name_; }
  [[nodiscard]] std::vector<std::string> arrays() const override {
    std::vector<std::string> names;
    for (size_t r = 0; r < kRoles; ++r)
      if (!mapping_[r].empty()) names.emplace_back(role_name(static_cast<Role>(r)));
    return names;
  }
  [[nodiscard]] bool has(const std::string& array) const override { return columns_of(array) != nullptr; }
  [[nodiscard]] Result<ArrayInfo> describe(const std::string& array) const override {
    const auto* columns = columns_of(array);
    if (columns == nullptr) return wrong(array, "there is no such column");
    ArrayInfo info{{table_.rows, 0}, NumberKind::integer, 8};
    for (const size_t c : *columns) {
      info.shape[1] += table_.columns[c].width;
      if (!table_.columns[c].integers) info.kind = NumberKind::real;
    }
    if (info.kind == NumberKind::real) info.element_bytes = 4;  // text has no width that would be lost
    return info;
  }
  [[nodiscard]] Result<std::vector<float>> floats(const std::string& array,
                                                  const ReadContinue&) const override {
    return gather<float>(array);
  }
  [[nodiscard]] Result<std::vector<double>> doubles(const std::string& array,
                                                    const ReadContinue&) const override {
    return gather<double>(array);
  }

 private:
  [[nodiscard]] const std::vector<size_t>* columns_of(const std::string& array) const {
    const size_t role = role_of(array);
    if (role == kRoles || role_name(static_cast<Role>(role)) != array || mapping_[role].empty()) return nullptr;
    return &mapping_[role];
  }
  template <class T>
  Result<std::vector<T>> gather(const std::string& array) const {
    const auto info = describe(array);
    if (!info) return info.error();
    std::vector<T> values;
    values.reserve(static_cast<size_t>(info->shape[0] * info->shape[1]));
    for (int64_t row = 0; row < table_.rows; ++row)
      for (const size_t c : *columns_of(array)) {
        const CsvColumn& column = table_.columns[c];
        for (int64_t w = 0; w < column.width; ++w)
          values.push_back(static_cast<T>(column.values[static_cast<size_t>(row * column.width + w)]));
      }
    return values;
  }
  std::string name_;
  const CsvTable& table_;
  const Mapping& mapping_;
};

const FlatNeeds kCsvNeeds{
    "a table of transitions (it needs observations and an action; --columns says which columns they "
    "are)",
    false, false};

class CsvReader final : public DatasetReader {
 public:
  [[nodiscard]] std::string name() const override { return "CSV"; }
  [[nodiscard]] std::string takes() const override {
    return "a .csv or .tsv table, a transition a line (--columns says which column is what)";
  }
  [[nodiscard]] LayoutOptions options() const override { return {.columns = true}; }

  [[nodiscard]] double probe(const std::filesystem::path& path) const override {
    std::error_code none;
    if (!std::filesystem::is_regular_file(path, none)) return 0.0;
    std::ifstream file(path, std::ios::binary);
    std::string beginning(size_t{65536}, '\0');
    file.read(beginning.data(), static_cast<std::streamsize>(beginning.size()));
    beginning.resize(static_cast<size_t>(std::max<std::streamsize>(0, file.gcount())));
    if (beginning.find('\0') != std::string::npos) return 0.0;
    const auto extension = path.extension().string();
    const bool table = guess_dialect(beginning).is_table;
    const bool named = extension == ".csv" || extension == ".tsv" || extension == ".txt" || extension == ".dat";
    return named ? (table ? 0.8 : 0.2) : 0.0;
  }

  [[nodiscard]] Result<DatasetHead> read_head(const std::filesystem::path& path,
                                              const ReadOptions& options) const override {
    constexpr int64_t kFewRows = 200;
    Mapping mapping;
    std::vector<size_t> unused;
    const auto table = read_csv(path, {}, {}, kFewRows);
    if (!table) return table.error();
    if (auto mapped = map(*table, options, mapping, unused); !mapped) return mapped.error();
    const auto layout = find_flat(CsvSource(path.string(), *table, mapping), kCsvNeeds, {});
    if (!layout) return layout.error();
    return DatasetHead{layout->observations.width, layout->actions.width,
                       resolve_environment(path, options, {}), "", layout->discrete() ? 2 : 0};
  }

  [[nodiscard]] Result<RawRows> read_rows(const std::filesystem::path& path, const ReadOptions& options,
                                          const ProgressFn& progress, std::stop_token stop) const override {
    Mapping mapping;
    std::vector<size_t> unused;
    const auto table = read_csv(path, progress, stop);
    if (!table) return table.error();
    if (auto mapped = map(*table, options, mapping, unused); !mapped) return mapped.error();
    const CsvSource source(path.string(), *table, mapping);
    const auto layout = find_flat(source, kCsvNeeds, {});
    if (!layout) return layout.error();
    auto rows = read_flat(source, *layout, {}, stop);
    if (!rows) return rows;
    rows->files = {path};
    rows->columns = mapping_text(mapping);
    rows->findings.push_back(
        mapping_finding(*table, mapping, unused, !table->has_header && options.columns.empty()));
    return rows;
  }

 private:
  static Result<void> map(const CsvTable& table, const ReadOptions& options, Mapping& mapping,
                          std::vector<size_t>& unused) {
    const auto choice = parse_columns(options.columns);
    if (!choice) return choice.error();
    mapping = table.has_header ? by_name(table, unused) : by_place(table);
    if (!choice->empty() && !table.has_header) mapping = {};
    auto chosen = choose(table, *choice, mapping);
    std::erase_if(unused, [&](size_t column) {
      return std::any_of(mapping.begin(), mapping.end(), [&](const std::vector<size_t>& columns) {
        return std::find(columns.begin(), columns.end(), column) != columns.end();
      });
    });
    return chosen;
  }
};

}  // namespace

std::unique_ptr<DatasetReader> make_csv_reader() {
  return std::make_unique<CsvReader>();
}

}  // namespace vaco
