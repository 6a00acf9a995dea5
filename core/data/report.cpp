// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>

#include "core/base/readable.h"
#include "core/data/reader.h"
#include "core/tasks/reference_scores.h"

namespace vaco {
namespace {

constexpr size_t kLabelWidth = 14;
constexpr size_t kTextWidth = 100;

/// With a blank in front at least, as what is wider must not join its neighbour.
std::string right(const std::string& text, size_t width) {
  return std::string(text.size() < width ? width - text.size() : 1, ' ') + text;
}

std::string left(const std::string& text, size_t width) {
  return text + std::string(text.size() < width ? width - text.size() : 1, ' ');
}

std::string line(const std::string& label, const std::string& value) {
  return "  " + left(label, kLabelWidth) + value + "\n";
}

/// Breaks text at spaces; lines after the first are indented.
std::string wrapped(const std::string& text, size_t indent) {
  std::string out;
  size_t column = indent, at = 0;
  while (at < text.size()) {
    const size_t end = std::min(text.find(' ', at), text.size());
    if (column > indent && column + 1 + (end - at) > kTextWidth) {
      out += "\n" + std::string(indent, ' ');
      column = indent;
    } else if (column > indent) {
      out += ' ';
      ++column;
    }
    out.append(text, at, end - at);
    column += end - at;
    at = end + 1;
  }
  return out;
}

std::string size_text(uint64_t bytes) {
  if (bytes < 1000) return std::to_string(bytes) + " bytes";
  if (bytes < 1000000) return fixed(static_cast<double>(bytes) / 1e3, 1) + " kB";
  if (bytes < 1000000000) return fixed(static_cast<double>(bytes) / 1e6, 1) + " MB";
  return fixed(static_cast<double>(bytes) / 1e9, 2) + " GB";
}

std::string quantile_row(const std::string& label, const std::vector<double>& values) {
  std::string row;
  for (const double value : values) row += right(fixed_or_short(value, 1), 10);
  return line(label, row);
}

std::string finding_text(const Finding& finding) {
  static constexpr const char* kMarks[] = {"note", "warning", "error"};
  const std::string mark = kMarks[static_cast<size_t>(finding.severity)];
  return "  " + left(mark, 9) + wrapped(to_text(finding) + " [" + finding.key + "]", 11) + "\n";
}

/// "8 numbers: achieved_goal 2, desired_goal 2, observation 4".
std::string observations_text(const DatasetSummary& summary) {
  std::string text = std::to_string(summary.obs_dim) + " numbers", parts;
  for (const auto& part : summary.observation_parts)
    parts += (parts.empty() ? ": " : ", ") + part.name + " " + std::to_string(part.width);
  return text + parts;
}

}  // namespace

std::string to_text(const Finding& finding) {
  if (finding.row < 0) return finding.message;
  return finding.message + " (first at row " + grouped(finding.row) + ")";
}

std::string to_report(const DatasetSummary& summary) {
  std::string report = summary.source.path.string() + "\n";
  report += line("format", summary.source.format + ", " + size_text(summary.source.bytes) + ", XXH64 " +
                               summary.source.hash);
  report += line("environment", summary.environment.empty() ? "unknown" : summary.environment);
  report += line("physics", summary.physics.empty() ? "not said" : summary.physics);
  if (!summary.restepped.empty()) report += line("re-stepped", wrapped(summary.restepped, kLabelWidth + 2));
  report += line("rows", grouped(summary.rows));
  report += line("observations", observations_text(summary));
  const std::string at_a_time =
      summary.action_dim > 1 ? ", " + std::to_string(summary.action_dim) + " at a time" : "";
  report += line("actions", summary.action_count > 0
                                ? "discrete, " + std::to_string(summary.action_count) + " choices" + at_a_time
                                : std::to_string(summary.action_dim) + " numbers");
  report += line("episodes", grouped(summary.episodes) + ", " + fixed(summary.mean_length, 1) +
                                 " steps on average; " + grouped(summary.ended_by_terminal) +
                                 " ended by terminal, " + grouped(summary.ended_by_timeout) + " by timeout, " +
                                 grouped(summary.ended_by_cut) + " cut");
  report += "\n";
  std::string header;
  for (const char* name : {"minimum", "5 %", "25 %", "median", "75 %", "95 %", "maximum"})
    header += right(name, 10);
  report += line("", header + right("mean", 10));
  auto returns = summary.return_quantiles;
  returns.push_back(summary.mean_return);
  report += quantile_row("return", returns);
  if (const auto references = reference_scores(summary.environment);
      references && !summary.normalized_return_quantiles.empty()) {
    auto normalized = summary.normalized_return_quantiles;
    normalized.push_back(references->normalized(summary.mean_return));
    report += quantile_row("normalized", normalized);
    report += line("", "0 = " + fixed(references->random, 3) + ", 100 = " + fixed(references->expert, 3) +
                           " (" + references->source + ")");
  }
  if (!summary.policies.empty()) {
    size_t width = kLabelWidth;
    for (const auto& policy : summary.policies)
      width = std::max(width, std::min<size_t>(policy.name.size() + 2, 40));
    report += "\n  " + left("policy", width) + right("rows", 12) + right("episodes", 12) +
              right("mean return", 14) + "\n";
    constexpr size_t kMostPolicies = 20;
    for (size_t p = 0; p < std::min(summary.policies.size(), kMostPolicies); ++p) {
      const auto& policy = summary.policies[p];
      report += "  " + left(policy.name, width) + right(grouped(policy.rows), 12) +
                right(grouped(policy.episodes), 12) + right(fixed_or_short(policy.mean_return, 1), 14) + "\n";
    }
    if (summary.policies.size() > kMostPolicies)
      report += "  and " + std::to_string(summary.policies.size() - kMostPolicies) + " more\n";
  }
  report += summary.findings.empty() ? "\n  Nothing unusual was found.\n" : "\n";
  for (const auto& finding : summary.findings) report += finding_text(finding);
  return report;
}

}  // namespace vaco
