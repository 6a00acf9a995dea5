// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/base/json.h"
#include "core/data/dataset.h"

namespace vaco {

/// How well rows of a dataset follow from each other in one environment and physics.
struct PhysicsFit {
  std::string environment, physics;
  double median = 0.0, largest = 0.0;  ///< errors of the next observation, as restep_error() gives them
  int64_t rows = 0;                    ///< that could be re-stepped
};

/// What re-stepping a sample of rows tells about where data was made.
struct PhysicsOfData {
  std::vector<PhysicsFit> fits;      ///< of everything that has the data's dimensions, best first; not empty
  std::vector<std::string> physics;  ///< versions of the best environment that move alike, best first

  /// Whether the best one made the data: it follows to rounding.
  [[nodiscard]] bool certain() const;
  [[nodiscard]] const std::string& environment() const { return fits.front().environment; }
  [[nodiscard]] bool can_be(const std::string& version) const;
};

/// Re-steps up to 200 rows, spread over the data, in every simulated environment and physics that has its
/// dimensions, from states that the observations show; where that is not certain, from infos/qpos and
/// infos/qvel of the file, which is then read for them, in everything that has such states. Nothing where too
/// few rows tell a state. Takes some 10 ms a candidate.
std::optional<PhysicsOfData> physics_of_data(const Dataset& dataset);

/// "hopper in v2 physics: 200 rows follow to 2e-07 (median; 5e-06 at worst); next is v4 with 5e-03".
std::string to_text(const PhysicsOfData& found);
Json to_json(const PhysicsOfData& found);
/// What a user should know who evaluates policies of this data in an environment and physics; empty when they
/// are those of the data, or what made the data is not certain.
std::string physics_warning(const PhysicsOfData& found, const std::string& environment,
                            const std::string& physics);

}  // namespace vaco
