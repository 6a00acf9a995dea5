// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace vaco {

/// What a file or folder is that is no dataset here, and how to make one of it: "a Parquet file; convert it
/// ...". Nothing for what may be a dataset. Reads the first bytes only.
std::optional<std::string> foreign_kind(const std::filesystem::path& path);

}  // namespace vaco
