// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <string>

#include "core/base/param_spec.h"
#include "core/learn/algorithm.h"

namespace vaco {

/// The kinds of update that are measured: VACO's phases "value", "bilevel" and "bc", and the algorithms "iql"
/// (with a deterministic policy) and "td3_bc". Their settings, with no end to the phase.
ParamSet params_for(const std::string& phase);
/// An algorithm that is ready to take steps of one phase, and then goes on with it for as long as anybody
/// measures; null where the machine cannot compute like that.
std::unique_ptr<Algorithm> at_phase(const std::string& phase, const TrainingData& data,
                                    const ComputeOptions& compute, uint64_t seed = 0);

}  // namespace vaco
