// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/sweep_table.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "app/cli/console.h"
#include "core/base/shell_word.h"
#include "core/stats/statistics.h"

namespace vaco::cli {
namespace {

/// The cells that differ in nothing but the seed.
struct Variant {
  std::string dataset, name;
  size_t seeds = 0, finished = 0, failed = 0;
  std::vector<double> normalized{}, returns{};
};

void take(std::vector<double>& scores, const Json& result, const char* key) {
  if (!result.is_object() || !result.contains(key) || !result[key].is_object()) return;
  const Json score = result[key].value("last", Json());
  if (score.is_number() && std::isfinite(score.get<double>())) scores.push_back(score.get<double>());
}

std::vector<Variant> variants_of(const Plan& plan, const SweepLook& look) {
  std::vector<Variant> variants;
  for (size_t i = 0; i < plan.cells.size() && i < look.cells.size(); ++i) {
    const PlanCell& cell = plan.cells[i];
    std::string name = cell.label;
    for (const auto& [key, value] : cell.grid) name += ", " + key + " = " + value;
    auto at = std::find_if(variants.begin(), variants.end(),
                           [&](const Variant& one) { return one.dataset == cell.dataset && one.name == name; });
    if (at == variants.end()) at = variants.insert(at, {.dataset = cell.dataset, .name = name});
    ++at->seeds;
    if (look.cells[i].state == CellState::failed) ++at->failed;
    if (look.cells[i].state != CellState::finished) continue;
    ++at->finished;
    take(at->normalized, look.cells[i].result, "normalized_score");
    take(at->returns, look.cells[i].result, "return");
  }
  return variants;
}

std::string seeds_text(const Variant& variant) {
  std::string text = std::to_string(variant.finished);
  if (variant.finished < variant.seeds) text += " of " + std::to_string(variant.seeds);
  return variant.failed > 0 ? text + ", " + std::to_string(variant.failed) + " failed" : text;
}

std::string score_text(const Variant& variant) {
  const bool normalized = !variant.normalized.empty() && variant.normalized.size() == variant.returns.size();
  const auto& scores = normalized ? variant.normalized : variant.returns;
  if (scores.empty()) return "–";
  const std::string text =
      with_spread(mean(scores), scores.size() < 2 ? Json() : Json(standard_deviation(scores)));
  return normalized ? text : "return " + text;
}

/// How many columns of a terminal the text takes, as its characters are all one wide.
size_t width(const std::string& text) {
  return static_cast<size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

}  // namespace

std::string table_text(const std::vector<TableRow>& rows) {
  std::array<size_t, 4> widths{};
  for (const TableRow& row : rows)
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], width(row[i]));
  std::string text;
  for (const TableRow& row : rows) {
    for (size_t i = 0; i + 1 < row.size(); ++i)
      text += row[i] + std::string(widths[i] + 2 - width(row[i]), ' ');
    text += row.back() + "\n";
  }
  return text;
}

std::string sweep_table(const Plan& plan, const SweepLook& look, const std::filesystem::path& out) {
  std::vector<TableRow> rows{{"dataset", "variant", "seeds", "score (last)"}};
  for (const Variant& one : variants_of(plan, look))
    rows.push_back({one.dataset, one.name, seeds_text(one), score_text(one)});
  std::string text = table_text(rows);
  return text + "\nruns: " + out.string() + "\n";
}

std::string next_after_sweep(const SweepLook& look, const std::filesystem::path& out) {
  const bool retry = !look.stopped && look.count(CellState::failed) > 0;
  if (!look.stopped && !retry) return "vaco report " + shell_word(out.string());
  const std::string option = "--retry-failed";
  auto words = process_arguments();
  if (retry && std::find(words.begin(), words.end(), option) == words.end()) words.push_back(option);
  std::string command;
  for (const auto& word : words) command += (command.empty() ? "" : " ") + shell_word(word);
  return command;
}

}  // namespace vaco::cli
