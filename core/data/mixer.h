// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <stop_token>
#include <vector>

#include "core/base/files.h"
#include "core/base/json.h"
#include "core/base/result.h"
#include "core/data/dataset.h"
#include "core/data/row_states.h"
#include "core/data/writer.h"

namespace vaco {

/// A dataset and how much of it goes into a mix.
struct MixPart {
  Dataset dataset;
  double share = 1.0;         ///< relative to the other parts' shares; > 0
  std::string name;           ///< of its behavior policy where the dataset does not say
  std::vector<bool> taken{};  ///< [episodes] those that may go in (see select_episodes()); empty: all
  RowStates states{};         ///< of its rows, or empty
};

struct MixOptions {
  int64_t rows = 0;  ///< in all; 0: as many as the shares allow
  uint64_t seed = 0;
  bool keep_order = false;  ///< episodes stand as in the files, one file behind the other, instead of shuffled
  Json chosen = nullptr;    ///< what was asked for beyond this, for the provenance of the mix
};

/// Mixes datasets of the same dimensions. Whole trajectories of each part are drawn without repetition until
/// they have the part's share of the rows (the trajectory that comes nearest to it is the last one), then all
/// are shuffled. The same parts and seed give the same mix. It has about as many rows as are asked for, as
/// trajectories stay whole. Policies of the parts with the same name
/// become one; environment and physics are kept where all parts say the same, and states where all parts have
/// some of the same dimensions. Usage error when the dimensions differ, a share is not positive, or a part has
/// too few rows for its share (the message says how many there can be).
Result<DatasetColumns> mix_datasets(std::span<const MixPart> parts, const MixOptions& options);

}  // namespace vaco
