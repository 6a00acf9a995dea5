// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "core/explain/explained_run.h"

namespace vaco {

/// States of the data in two dimensions: the first two principal components of normalized observations.
struct StateMap {
  std::vector<int64_t> rows;      ///< [points] of the dataset, increasing, lying evenly in it
  std::vector<int32_t> episode;   ///< [points] that each is of
  std::vector<int32_t> time;      ///< [points] within its episode
  std::vector<float> x, y;        ///< [points]
  std::array<double, 2> share{};  ///< of the variance that each axis shows
};
/// observations [N, width] normalized. At most `most` points; the components are those of the points.
StateMap make_state_map(std::span<const float> observations, int64_t width, const EpisodeTable& episodes,
                        int64_t most);

/// The two directions of largest variance of points [n, width]: unit vectors, the first entry that is not small
/// positive, so that a map is not mirrored by chance; and their variances' shares of all.
struct PrincipalAxes {
  std::array<std::vector<double>, 2> axis;
  std::array<double, 2> share{};
  std::vector<double> mean;
};
PrincipalAxes principal_axes(std::span<const float> points, int64_t width);

}  // namespace vaco
