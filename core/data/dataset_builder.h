// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <stop_token>

#include "core/data/raw_rows.h"
#include "core/data/reader.h"

namespace vaco {

/// Makes a Dataset of what a reader found: resolves environment and ends, splits rows into episodes, fills
/// successors, looks for quirks, and hashes the files. bad_data when the columns do not fit together or
/// nothing is left of them; usage when episodes are to be left out that are not there, or all.
Result<Dataset> build_dataset(RawRows rows, const std::filesystem::path& path, const std::string& format,
                              const ReadOptions& options, const std::stop_token& stop);

/// Our name of the environment: by the options, else by what the file says, else by the names of the file and
/// its folders; or empty.
std::string resolve_environment(const std::filesystem::path& path, const ReadOptions& options,
                                const std::string& said_by_file);

/// Says what reading so many rows would take before any of it is taken: bad_data where there is less memory.
Result<void> check_memory(const std::filesystem::path& path, int64_t rows, int64_t obs_dim, int64_t action_dim);

}  // namespace vaco
