// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/data/dataset.h"

namespace vaco {

/// What weight diagnostics need to know of a dataset, kept after its columns went into TrainingData.
struct DiagnosticsTable {
  EpisodeTable episodes;
  std::vector<std::string> sources;        ///< behavior policies by name; {"all"} when the data does not say
  std::vector<int32_t> row_source;         ///< [N] index into sources; empty = all rows are of source 0
  std::vector<int32_t> trajectory_source;  ///< [T] that of the trajectory's first row
};

}  // namespace vaco
