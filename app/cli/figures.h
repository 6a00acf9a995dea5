// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace vaco::cli {

/// Whether "pdf,svg" names formats that figures come in; the usage error lists them.
Result<void> check_figure_formats(const std::string& formats);

/// Has the program vaco-workbench, which lies in the same folder as this one, draw the figures of a run off
/// screen. formats: "pdf,svg". Gives the files that were made. unavailable when that program is not there.
Result<std::vector<std::filesystem::path>> export_figures(const std::filesystem::path& run,
                                                          const std::filesystem::path& out,
                                                          const std::string& formats);

/// The same for the figures that compare runs, or all runs in folders (see make_report).
Result<std::vector<std::filesystem::path>> report_figures(const std::vector<std::filesystem::path>& runs,
                                                          bool count_unfinished,
                                                          const std::filesystem::path& out,
                                                          const std::string& formats);

/// Whose first episode of an evaluation is filmed.
struct FilmedPolicy {
  std::string policy, environment, physics;  ///< as open_policy() takes them; empty: as the policy says
  uint64_t seed = 0;
  bool last = false;  ///< a run folder's last policy instead of its best
  std::string size;   ///< "1280x720"
};
/// The same program writes a film (.mp4, .gif), numbered pictures (a folder) or the first picture (.png).
Result<void> film_policy(const FilmedPolicy& filmed, const std::filesystem::path& out);

/// For commands whose figures come on top of a result: says why there are none, and gives the exit code. That
/// the program which draws is not installed is no failure, only a note.
int tell_without_figures(const std::string& command, const Error& error);

}  // namespace vaco::cli
