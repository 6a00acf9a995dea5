// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <filesystem>
#include <string>
#include <vector>

#include "core/study/sweep.h"

namespace vaco::cli {

using TableRow = std::array<std::string, 4>;
/// The rows, the first of them the heads, in columns that are aligned.
std::string table_text(const std::vector<TableRow>& rows);

/// What came out of a plan, for people: one line for each dataset and variant with its finished seeds and the
/// mean ± standard deviation over them of the last policies' scores (normalized where all have one, else
/// returns); then where the runs are.
std::string sweep_table(const Plan& plan, const SweepLook& look, const std::filesystem::path& out);

/// The command to try next: the report where all is finished, else this process's own, which goes on.
std::string next_after_sweep(const SweepLook& look, const std::filesystem::path& out);

}  // namespace vaco::cli
