// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "core/study/report.h"

namespace vaco {

/// A table for people. The first column names the row.
struct ReportTable {
  std::string key;    ///< "scores_last"
  std::string title;  ///< "Score of the last policy"
  std::string note;   ///< how to read it
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
};

/// Scores (last, best, and picked with a budget, each by itself), weights, probability of improvement of the
/// baseline over the others, cost, and the runs that are not counted. Tables without rows are left out.
std::vector<ReportTable> report_tables(const Report& report, const std::string& baseline);

/// What the numbers are: date, program, seeds, budgets, physics, references of normalization.
std::vector<std::string> report_preamble(const Report& report);

/// The whole report as one Markdown or LaTeX text; LaTeX needs no package.
std::string to_markdown(const Report& report, const std::vector<ReportTable>& tables);
std::string to_latex(const Report& report, const std::vector<ReportTable>& tables);

/// Numbers at full precision: one line for each group of runs, and one for each run.
std::string groups_csv(const Report& report);
std::string runs_csv(const Report& report);

/// Writes report.md, report.tex, groups.csv and runs.csv into a folder; gives their paths.
Result<std::vector<std::filesystem::path>> write_report(const Report& report, const std::string& baseline,
                                                        const std::filesystem::path& out);

}  // namespace vaco
