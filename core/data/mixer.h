// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "core/base/files.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/data/writer.h"

namespace vaco {

/// A dataset and how much of it goes into a mix.
struct MixPart {
  Dataset dataset;
  double share = 1.0;  ///< relative to the other parts' shares; > 0
  std::string name;    ///< of its behavior policy where the dataset does not say
};

/// Mixes datasets of the same dimensions. Whole trajectories of each part are drawn without repetition until
/// they have the part's share of the rows (the trajectory that comes nearest to it is the last one), then all
/// are shuffled. The same parts and seed give the same mix. rows: how many in all (the mix has about as many,
/// as trajectories stay whole); 0 = as many as the shares allow. Policies of the parts with the same name
/// become one; environment and physics are kept where all parts say the same. Usage error when the dimensions
/// differ, actions are discrete, a share is not positive, or a part has too few rows for its share (the message
/// says how many there can be).
Result<DatasetColumns> mix_datasets(std::span<const MixPart> parts, int64_t rows, uint64_t seed);

}  // namespace vaco
