// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/records/episode_ends.h"

namespace vaco {

std::vector<int64_t> episode_ends(std::span<const uint8_t> terminals, std::span<const uint8_t> timeouts) {
  std::vector<int64_t> ends;
  for (size_t i = 0; i < terminals.size(); ++i)
    if (terminals[i] || timeouts[i]) ends.push_back(static_cast<int64_t>(i) + 1);
  return ends;
}

double return_between(std::span<const float> rewards, int64_t first, int64_t end) {
  double sum = 0.0;
  for (int64_t i = first; i < end; ++i) sum += static_cast<double>(rewards[static_cast<size_t>(i)]);
  return sum;
}

}  // namespace vaco
