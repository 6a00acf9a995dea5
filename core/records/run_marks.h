// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace vaco {

/// What people say of a run; its folder keeps its name, by which others know it.
struct RunMarks {
  std::string name;  ///< shown instead of the environment; empty = none
  bool star = false;
  std::vector<std::string> tags;  ///< sorted, each once
  std::string notes;
  bool operator==(const RunMarks&) const = default;
};

/// marks.json of a run folder, apart from what training writes: it may be changed at any time. No marks where
/// there is no such file, or none that can be read.
RunMarks read_marks(const std::filesystem::path& run_folder);
/// Removes the file when nothing is said.
Result<void> write_marks(const std::filesystem::path& run_folder, const RunMarks& marks);
/// "good, v2" and back: separated by commas, without spaces around, sorted, each once.
std::vector<std::string> parse_tags(const std::string& text);
std::string tags_text(const std::vector<std::string>& tags);

}  // namespace vaco
