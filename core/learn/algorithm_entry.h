// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <utility>

#include "core/base/param_fields.h"
#include "core/device/compute.h"
#include "core/learn/algorithm.h"

namespace vaco {

/// A line of the registry: what there is to say of an algorithm, and how it is made at step 0.
struct AlgorithmEntry {
  AlgorithmInfo info;
  std::unique_ptr<Algorithm> (*make)(std::unique_ptr<Compute> compute, const ParamSet& params,
                                     const TrainingData& data, uint64_t seed);
};

/// The entry of a class whose constructor takes (compute, Params, data, seed).
template <class Algorithm_, class Params>
AlgorithmEntry entry_of(AlgorithmInfo info) {
  info.schema = schema_of<Params>();
  return {std::move(info),
          [](std::unique_ptr<Compute> compute, const ParamSet& params, const TrainingData& data,
             uint64_t seed) -> std::unique_ptr<Algorithm> {
            return std::make_unique<Algorithm_>(std::move(compute), read_params<Params>(params), data, seed);
          }};
}

}  // namespace vaco
