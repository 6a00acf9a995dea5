// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "core/device/compute.h"
#include "core/learn/algorithm.h"

namespace vaco {

/// TD3 on logged data, or TD3+BC; with_cloning adds the latter's bc_alpha.
std::vector<ParamSpec> td3_schema(bool with_cloning);
std::unique_ptr<Algorithm> make_td3(std::unique_ptr<Compute> compute, const ParamSet& params,
                                    const TrainingData& data, uint64_t seed);

}  // namespace vaco
