// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "core/data/reader.h"

namespace vaco {

std::string to_text(Severity severity);  ///< "note", "warning", "error"

/// The findings alone, each with its first row, how many rows, and what to do: text for a terminal.
std::string to_lint_text(const DatasetSummary& summary);
/// The same as a table in Markdown, for issues and pull requests.
std::string to_lint_markdown(const DatasetSummary& summary);

}  // namespace vaco
