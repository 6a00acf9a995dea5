// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>
#include <vector>

#include "core/base/policy_snapshot.h"

namespace vaco {

/// Actions in units of their bounds: −1 is the lowest, 1 the highest. Networks see actions so, whatever unit
/// data, policies and simulators have; for bounds of ±1 every number stays what it is, bit for bit.
class ActionUnit {
 public:
  /// low < high [action_dim] each.
  ActionUnit(std::vector<float> low, std::vector<float> high);

  [[nodiscard]] const std::vector<float>& low() const { return low_; }
  [[nodiscard]] const std::vector<float>& high() const { return high_; }
  /// Rows of action_dim numbers, in place.
  void to_unit(std::span<float> actions) const;
  void from_unit(std::span<float> actions) const;
  /// The same policy with actions in the other unit: only its bounds change.
  void to_unit(PolicySnapshot& policy) const;
  /// Bounds for what learns in units, [action_dim].
  [[nodiscard]] std::vector<float> unit_low() const { return std::vector<float>(low_.size(), -1.0f); }
  [[nodiscard]] std::vector<float> unit_high() const { return std::vector<float>(low_.size(), 1.0f); }

 private:
  std::vector<float> low_, high_;
};

}  // namespace vaco
