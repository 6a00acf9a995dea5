// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <span>

#include "core/base/result.h"
#include "core/data/dataset.h"

namespace vaco {

/// Writes the chosen episodes of a dataset as a D4RL file; whole, in their order, with marked ends (see
/// mix_datasets()). chosen: numbers of episodes, increasing. Usage error where there is none, or the file is
/// the dataset itself.
Result<void> write_chosen(const std::filesystem::path& file, const Dataset& dataset,
                          std::span<const int> chosen);

}  // namespace vaco
