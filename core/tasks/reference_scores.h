// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace vaco {

/// D4RL's reference returns of an environment: normalized score = 100 (R − random) / (expert − random).
struct ReferenceScores {
  std::string environment;
  double random = 0.0;
  double expert = 0.0;
  std::string source;  ///< "D4RL infos"
  [[nodiscard]] double normalized(double undiscounted_return) const {
    return 100.0 * (undiscounted_return - random) / (expert - random);
  }
  /// A standard deviation is scaled by the range only.
  [[nodiscard]] double normalized_spread(double deviation) const {
    return 100.0 * deviation / (expert - random);
  }
};

/// Of a task in the catalogue that has them ("hopper", "antmaze", "pen", "maze2d-umaze", ...).
std::optional<ReferenceScores> reference_scores(std::string_view environment);

}  // namespace vaco
