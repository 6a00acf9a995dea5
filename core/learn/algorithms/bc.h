// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/device/compute.h"
#include "core/learn/algorithm.h"

namespace vaco {

/// Behavior cloning: J_BC(φ) = E ‖π_φ(s) − a‖². With a best_share parameter only the trajectories of highest
/// return are copied (10 % BC).
std::unique_ptr<Algorithm> make_bc(std::unique_ptr<Compute> compute, const ParamSet& params,
                                   const TrainingData& data, uint64_t seed);

}  // namespace vaco
