// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/study/plan.h"

namespace vaco {

/// The command that trains this cell into out/NAME from its start.
std::vector<std::string> train_words(const std::filesystem::path& program, const PlanCell& cell,
                                     const std::filesystem::path& out, int nice);
/// The command that goes on with a run that was begun.
std::vector<std::string> resume_words(const std::filesystem::path& program, const std::filesystem::path& run,
                                      int nice);

/// Where the run of the cell of this name writes what it says.
std::filesystem::path cell_log(const std::filesystem::path& out, const std::string& name);
/// The last line that is not empty; empty when there is none.
std::string last_line(const std::filesystem::path& log);

}  // namespace vaco
