// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/action_unit.h"

#include <cassert>
#include <utility>

namespace vaco {

ActionUnit::ActionUnit(std::vector<float> low, std::vector<float> high)
    : low_(std::move(low)), high_(std::move(high)) {
  assert(low_.size() == high_.size());
}

void ActionUnit::to_unit(std::span<float> actions) const {
  // In double, so that actions far from 0 lose no more digits than they lack already.
  for (size_t i = 0; i < actions.size(); ++i) {
    const double low = low_[i % low_.size()], high = high_[i % high_.size()];
    actions[i] = static_cast<float>((actions[i] - 0.5 * (high + low)) / (0.5 * (high - low)));
  }
}

void ActionUnit::from_unit(std::span<float> actions) const {
  for (size_t i = 0; i < actions.size(); ++i) {
    const double low = low_[i % low_.size()], high = high_[i % high_.size()];
    actions[i] = static_cast<float>(0.5 * (high + low) + 0.5 * (high - low) * actions[i]);
  }
}

void ActionUnit::to_unit(PolicySnapshot& policy) const {
  to_unit(std::span(policy.action_low));
  to_unit(std::span(policy.action_high));
}

}  // namespace vaco
