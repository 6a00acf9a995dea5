// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/policy_snapshot.h"
#include "core/base/rng.h"
#include "core/sim/environment.h"

namespace vaco {

/// A small policy with random weights, the same for the same seed.
inline PolicySnapshot random_policy(const EnvironmentInfo& info, uint64_t seed = 1) {
  Rng rng(seed);
  const auto layer = [&](int inputs, int outputs) {
    DenseLayer dense{inputs, outputs, std::vector<float>(static_cast<size_t>(inputs * outputs)),
                     std::vector<float>(static_cast<size_t>(outputs))};
    for (auto& w : dense.weight) w = static_cast<float>(0.5 * rng.normal());
    return dense;
  };
  PolicySnapshot policy;
  policy.step = 123;
  policy.layers = {layer(info.obs_dim, 16),
                   layer(16, info.action_count > 0 ? info.action_count : info.action_dim)};
  policy.action_count = info.action_count;
  policy.observation_mean.assign(static_cast<size_t>(info.obs_dim), 0.0f);
  policy.observation_scale.assign(static_cast<size_t>(info.obs_dim), 1.0f);
  policy.action_low = info.action_low;
  policy.action_high = info.action_high;
  return policy;
}

}  // namespace vaco
