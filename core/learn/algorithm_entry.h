// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <utility>

#include "core/base/param_fields.h"
#include "core/device/compute.h"
#include "core/learn/algorithm.h"

namespace vaco {

/// What every algorithm is made of besides its parameters. The data must outlive it.
struct AlgorithmSetup {
  std::unique_ptr<Compute> compute;
  const TrainingData& data;
  uint64_t seed;
};

/// A line of the registry: what there is to say of an algorithm, and how it is made at step 0.
struct AlgorithmEntry {
  AlgorithmInfo info;
  std::unique_ptr<Algorithm> (*make)(AlgorithmSetup setup, const ParamSet& params);
};

/// The entry of a class whose constructor takes (AlgorithmSetup, Params).
template <class Made, class Params>
AlgorithmEntry entry_of(AlgorithmInfo info) {
  info.schema = schema_of<Params>();
  return {std::move(info), [](AlgorithmSetup setup, const ParamSet& params) -> std::unique_ptr<Algorithm> {
            return std::make_unique<Made>(std::move(setup), read_params<Params>(params));
          }};
}

}  // namespace vaco
