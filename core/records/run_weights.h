// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <vector>

#include "core/data/dataset.h"

namespace vaco {

/// What a run has learned of its dataset: the mean weight of each episode [episodes of the dataset], by the
/// newest report of its weights; NaN for those that the run left out. Errors: bad_data where the run has no
/// weights yet, usage where it was trained on other data than this.
Result<std::vector<double>> weights_of_run(const std::filesystem::path& run_folder, const Dataset& dataset);

}  // namespace vaco
