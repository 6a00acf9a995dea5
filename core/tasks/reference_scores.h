// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/base/result.h"

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

/// By our name of the environment ("hopper", "antmaze", "pen", "maze2d-umaze", ...).
std::optional<ReferenceScores> reference_scores(std::string_view environment);
/// Whether reference scores know the environment, or none is named; a usage error tells the nearest name and
/// all there are. A name nobody knows would cost a run its evaluations and its normalized scores.
Result<void> check_environment_name(const std::string& name);
/// Finds a known environment's name in a file or dataset name ("hopper_medium_expert-v2.hdf5" -> "hopper"); or
/// empty.
std::string guess_environment(std::string_view name);

}  // namespace vaco
