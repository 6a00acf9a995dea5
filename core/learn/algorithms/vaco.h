// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/device/compute.h"
#include "core/learn/algorithm.h"

namespace vaco {

/// Value-aligned behavior cloning via bi-level optimization (Jiang, Gao, Zhang, Dou, Deng; ICLR 2025).
/// Phases: value learning; optional warm-up by plain cloning; the bi-level loop; optional final weighted
/// cloning.
std::unique_ptr<Algorithm> make_vaco(std::unique_ptr<Compute> compute, const ParamSet& params,
                                     const TrainingData& data, uint64_t seed);

}  // namespace vaco
