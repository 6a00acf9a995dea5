// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/lint_report.h"

#include "core/base/readable.h"
#include "core/data/linter.h"
#include "core/data/mends.h"

namespace vaco {

std::string to_text(Severity severity) {
  switch (severity) {
    case Severity::note:
      return "note";
    case Severity::warning:
      return "warning";
    case Severity::error:
      break;
  }
  return "error";
}

std::string to_lint_text(const DatasetSummary& summary) {
  std::string text = summary.source.path.string() + ": " +
                     counted(static_cast<int64_t>(summary.findings.size()), "finding", "findings") + "\n";
  for (const auto& finding : summary.findings) {
    text += to_text(finding.severity) + ": " + finding.message + " [" + finding.key + "]\n";
    if (finding.row >= 0)
      text += "    first at row " + grouped(finding.row) +
              (finding.count > 1 ? ", " + grouped(finding.count) + " in all" : "") + "\n";
    if (const auto mend = mend_for(finding.key); !mend.empty()) text += "    mend: " + mend + "\n";
  }
  return text;
}

std::string to_lint_markdown(const DatasetSummary& summary) {
  const auto cell = [](const std::string& text) {
    std::string safe;
    for (const char c : text) safe += c == '|' ? std::string("\\|") : std::string(1, c == '\n' ? ' ' : c);
    return safe;
  };
  std::string text = "### " + cell(summary.source.path.filename().string()) + "\n\n" +
                     cell(summary.source.format) + ", " + grouped(summary.rows) + " rows, " +
                     grouped(summary.episodes) + " episodes, XXH64 `" + summary.source.hash + "`\n\n";
  if (summary.findings.empty()) return text + "Nothing unusual was found.\n";
  text += "| | finding | first row | count | what | mend |\n|---|---|---:|---:|---|---|\n";
  for (const auto& finding : summary.findings)
    text += "| " + to_text(finding.severity) + " | `" + finding.key + "` | " +
            (finding.row >= 0 ? grouped(finding.row) : "") + " | " +
            (finding.count > 0 ? grouped(finding.count) : "") + " | " + cell(finding.message) + " | " +
            cell(mend_for(finding.key)) + " |\n";
  return text;
}

}  // namespace vaco
