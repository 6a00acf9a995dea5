// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace vaco {

// Drawing rows by their weights, in the place of weighing their losses. Plain numbers, no device.

/// w ← exp(S (w / w_max − 1) / T), S = 1 − w_min / w_max; all 1 where all are 0. Low temperatures leave only
/// what comes near the best, as far as the weights have parted: where they differ little, as of one behavior,
/// their differences mean little, and they stay nearly alike.
void sharpen(std::span<float> weights, double temperature);

/// The lowest temperature, not below the given one, at which sharpen() leaves at least so many effective rows;
/// where even equal weights are fewer, a temperature that makes them all but equal.
double temperature_for_rows(std::span<const float> weights, double temperature, double least);

/// A list of row numbers, ascending, in which each row stands in proportion to its weight, to within one
/// (systematic resampling): who draws from it uniformly draws rows by their weights. Weights are ≥ 0, and not
/// all 0. As long as the rows are many, or a million, so that a share of a millionth has a place.
std::vector<int64_t> resample_rows(std::span<const float> weights);

/// (Σw)² / Σw²: so many rows of equal weight would tell as much. 0 where all weights are 0.
double effective_rows(std::span<const float> weights);

}  // namespace vaco
