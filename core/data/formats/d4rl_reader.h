// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/data/reader.h"

namespace vaco {

/// D4RL's flat HDF5 layout: arrays over all episodes in time order (observations, actions, rewards, terminals,
/// and where the file has them timeouts, next_observations, infos/policy). Flags may be enums, integers or
/// floats, columns [N] or [N, 1], numbers of any width; everything else in the file is ignored.
///
/// An episode ends at a terminal, a timeout or the end of the file; where the file has no timeouts (or none is
/// set) also at the step limit of a known environment and where the stored next observation is not the next
/// row. Terminal wins over timeout. Terminal rows are kept. With ReadOptions::d4rl_exact see
/// apply_d4rl_exact().
std::unique_ptr<DatasetReader> make_d4rl_reader();

}  // namespace vaco
