// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace vaco::cli {

/// A report, on the disk and on stdout.
struct ReportFiles {
  std::vector<std::filesystem::path> folders;
  std::filesystem::path out;
  std::string baseline, format = "pdf,png,csv";
  bool count_unfinished = false, no_figures = false, json = false;

  /// Writes and prints it; command is for messages. Gives the exit code.
  [[nodiscard]] int make(const std::string& command) const;
};

}  // namespace vaco::cli
