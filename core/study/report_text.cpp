// SPDX-License-Identifier: GPL-3.0-or-later
// The tables of a report as Markdown, LaTeX and CSV.
#include <charconv>
#include <cmath>
#include <set>

#include "core/base/files.h"
#include "core/study/report_tables.h"

namespace vaco {
namespace {

std::string markdown_cell(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string latex_text(const std::string& text) {
  static const std::pair<std::string, std::string> kReplaced[] = {
      {"±", "$\\pm$"}, {"–", "--"}, {"ρ", "$\\rho$"}, {"×", "$\\times$"}};
  std::string out;
  for (size_t i = 0; i < text.size();) {
    bool replaced = false;
    for (const auto& [from, to] : kReplaced)
      if (!replaced && text.compare(i, from.size(), from) == 0) {
        out += to;
        i += from.size();
        replaced = true;
      }
    if (replaced) continue;
    const char c = text[i++];
    if (std::string("&%$#_{}").find(c) != std::string::npos)
      out += std::string("\\") + c;
    else if (c == '\\')
      out += "\\textbackslash{}";
    else if (c == '~' || c == '^')
      out += std::string("\\") + c + "{}";
    else
      out += c == '\n' ? ' ' : c;
  }
  return out;
}

template <class Escape>
std::string row_text(const std::vector<std::string>& cells, const std::string& between, Escape escape) {
  std::string line;
  for (size_t i = 0; i < cells.size(); ++i) line += (i ? between : "") + escape(cells[i]);
  return line;
}

/// A line of CSV, put together cell by cell.
class CsvLine {
 public:
  CsvLine& operator<<(const std::string& text) {
    if (!line_.empty() || began_) line_ += ',';
    began_ = true;
    if (text.find_first_of(",\"\r\n") == std::string::npos) {
      line_ += text;
      return *this;
    }
    line_ += '"';
    for (const char c : text) line_ += c == '"' ? std::string("\"\"") : std::string(1, c);
    line_ += '"';
    return *this;
  }
  CsvLine& operator<<(double value) {
    if (!std::isfinite(value)) return *this << std::string();
    char text[40];
    return *this << std::string(text, std::to_chars(text, text + sizeof text, value).ptr);
  }
  CsvLine& operator<<(size_t value) { return *this << std::to_string(value); }
  [[nodiscard]] std::string text() const { return line_ + "\n"; }

 private:
  std::string line_;
  bool began_ = false;
};

void add_spread(CsvLine& line, const std::vector<const ReportRun*>& runs, double ReportRun::*number) {
  std::vector<double> values;
  for (const auto* run : runs)
    if (std::isfinite(run->*number)) values.push_back(run->*number);
  line << mean(values) << (values.size() < 2 ? ReportRun::kNone : standard_deviation(values));
}

}  // namespace

std::string to_markdown(const Report& report, const std::vector<ReportTable>& tables) {
  std::string text = "# Report\n";
  for (const auto& line : report_preamble(report)) text += "\n" + line + "\n";
  for (const auto& table : tables) {
    text += "\n## " + table.title + "\n\n" + table.note + "\n\n";
    text += "| " + row_text(table.header, " | ", markdown_cell) + " |\n|";
    for (size_t i = 0; i < table.header.size(); ++i) text += i == 0 ? "---|" : "---:|";
    text += "\n";
    for (const auto& row : table.rows) text += "| " + row_text(row, " | ", markdown_cell) + " |\n";
  }
  return text;
}

std::string to_latex(const Report& report, const std::vector<ReportTable>& tables) {
  std::string text;
  for (const auto& line : report_preamble(report)) text += "% " + line + "\n";
  for (const auto& table : tables) {
    text += "\n\\begin{table}\n\\centering\n\\caption{" + latex_text(table.title + ". " + table.note) +
            "}\n\\label{tab:" + table.key + "}\n\\begin{tabular}{l" +
            std::string(table.header.size() - 1, 'r') + "}\n\\hline\n";
    text += row_text(table.header, " & ", latex_text) + " \\\\\n\\hline\n";
    for (const auto& row : table.rows) text += row_text(row, " & ", latex_text) + " \\\\\n";
    text += "\\hline\n\\end{tabular}\n\\end{table}\n";
  }
  return text;
}

std::string groups_csv(const Report& report) {
  CsvLine header;
  for (const char* name : {"dataset",
                           "label",
                           "algorithm",
                           "physics",
                           "normalized",
                           "runs",
                           "last_mean",
                           "last_std",
                           "last_iqm",
                           "last_iqm_low",
                           "last_iqm_high",
                           "best_mean",
                           "best_std",
                           "picked_1",
                           "picked_2",
                           "picked_3",
                           "picked_5",
                           "r_mean",
                           "r_std",
                           "rho_mean",
                           "rho_std",
                           "ess_mean",
                           "ess_std",
                           "mean_weight_mean",
                           "mean_weight_std",
                           "steps_per_second_mean",
                           "steps_per_second_std",
                           "wall_time_s_mean",
                           "wall_time_s_std",
                           "budget",
                           "simulator"})
    header << std::string(name);
  std::string text = header.text();
  for (const auto& dataset : report.datasets)
    for (const auto& label : report.labels) {
      const auto runs = report.group(dataset, label);
      if (runs.empty()) continue;
      const ReportRun& first = *runs.front();
      CsvLine line;
      line << dataset << label << first.config.algorithm << first.config.physics
           << std::string(first.normalized ? "1" : "0") << runs.size();
      add_spread(line, runs, &ReportRun::last);
      const auto scores = report.scores(dataset, label, ScoreKind::last);
      const Estimate trimmed = scores.empty()
                                   ? Estimate{ReportRun::kNone, ReportRun::kNone, ReportRun::kNone}
                                   : bootstrap_stratified({scores}, interquartile_mean_of_runs, 2000, 1);
      line << trimmed.value << trimmed.low << trimmed.high;
      add_spread(line, runs, &ReportRun::best);
      for (const int k : {1, 2, 3, 5}) line << picked_score(runs, k);
      for (double ReportRun::*number :
           {&ReportRun::pearson, &ReportRun::spearman, &ReportRun::ess, &ReportRun::mean_weight,
            &ReportRun::steps_per_second, &ReportRun::wall_seconds})
        add_spread(line, runs, number);
      std::set<std::string> simulators;
      for (const auto* run : runs) simulators.insert(run->simulator);
      std::string simulator;
      for (const auto& one : simulators) simulator += (simulator.empty() ? "" : "; ") + one;
      line << budget_text(first.config) << simulator;
      text += line.text();
    }
  return text;
}

std::string runs_csv(const Report& report) {
  CsvLine header;
  for (const char* name :
       {"run",     "dataset", "label",       "algorithm",        "seed",        "physics", "status",
        "counted", "step",    "total_steps", "normalized",       "last",        "best",    "r",
        "rho",     "ess",     "mean_weight", "steps_per_second", "wall_time_s", "ended",   "simulator"})
    header << std::string(name);
  std::string text = header.text();
  for (const auto& run : report.runs) {
    CsvLine line;
    line << run.folder.filename().string() << run.dataset << run.label << run.config.algorithm
         << std::to_string(run.config.seed) << run.config.physics << run.status
         << std::string(run.counted ? "1" : "0") << std::to_string(run.step) << std::to_string(run.total_steps)
         << std::string(run.normalized ? "1" : "0") << run.last << run.best << run.pearson << run.spearman
         << run.ess << run.mean_weight << run.steps_per_second << run.wall_seconds << run.ended
         << run.simulator;
    text += line.text();
  }
  return text;
}

Result<std::vector<std::filesystem::path>> write_report(const Report& report, const std::string& baseline,
                                                        const std::filesystem::path& out) {
  if (auto made = make_folder(out); !made) return made.error();
  const auto tables = report_tables(report, baseline);
  const std::pair<const char*, std::string> files[] = {{"report.md", to_markdown(report, tables)},
                                                       {"report.tex", to_latex(report, tables)},
                                                       {"groups.csv", groups_csv(report)},
                                                       {"runs.csv", runs_csv(report)}};
  std::vector<std::filesystem::path> written;
  for (const auto& [name, text] : files) {
    written.push_back(out / name);
    if (auto done = write_text_atomically(written.back(), text); !done) return done.error();
  }
  return written;
}

}  // namespace vaco
