// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace vaco::cli {

/// Has the sibling program vaco-workbench (same folder, or on the PATH) draw the figures of a run off screen.
/// formats: "pdf,svg". Gives the files that were made. unavailable when that program is not there.
Result<std::vector<std::filesystem::path>> export_figures(const std::filesystem::path& run,
                                                          const std::filesystem::path& out,
                                                          const std::string& formats);

/// The same for the figures that compare runs, or all runs in folders (see make_report).
Result<std::vector<std::filesystem::path>> report_figures(const std::vector<std::filesystem::path>& runs,
                                                          bool count_unfinished,
                                                          const std::filesystem::path& out,
                                                          const std::string& formats);

}  // namespace vaco::cli
