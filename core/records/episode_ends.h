// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace vaco {

/// The row behind the last one of each episode that is over, by the flags of a dataset or a collection.
std::vector<int64_t> episode_ends(std::span<const uint8_t> terminals, std::span<const uint8_t> timeouts);

/// Undiscounted sum of the rewards of the rows [first, end).
double return_between(std::span<const float> rewards, int64_t first, int64_t end);

}  // namespace vaco
