// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace vaco {

/// Groups of rows that share one weight: whole trajectories, or windows of them. Plain numbers, no device.
struct WeightGroups {
  std::vector<int32_t> group;   ///< [N] group of each row
  std::vector<int64_t> first;   ///< [G] first row
  std::vector<int64_t> length;  ///< [G] rows
};

/// Cuts trajectories into windows of `window` rows (the rest joins the last window); window <= 0 = whole
/// trajectories.
WeightGroups make_weight_groups(const std::vector<int64_t>& trajectory_first,
                                const std::vector<int64_t>& trajectory_length, int64_t window);

/// Replaces every weight by its group's mean and divides by the dataset's mean (left as it is when that is 0).
void average_over_groups(const WeightGroups& groups, std::span<float> weights);

/// The mean weight of a short group is less certain than that of a long one: w ← m + (w − m) s(L)/s(L_max) for
/// a group of L rows, with the dataset's mean m and s(L) = L / (L + 20). Of thousands of falls after twenty
/// steps a hundred have a mean near the highest by chance, and their rows lie where every trajectory starts;
/// means over hundreds of rows are hardly moved, and where all groups are of one length none is.
void shrink_short_groups(const WeightGroups& groups, std::span<float> weights);

/// Mixes weights of mean m with uniform ones, w ← μ w + (1 − μ) m, so that ESS = 1/(1 + Var w/m²) does not fall
/// below the floor: Var scales by μ², hence μ = min(1, m √((1/floor − 1)/Var)). Order and correlation stay as
/// they are. floor 0 = off, 1 = plain behavior cloning. Returns μ.
double apply_ess_floor(std::span<float> weights, double floor);

}  // namespace vaco
