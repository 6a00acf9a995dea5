// SPDX-License-Identifier: GPL-3.0-or-later
#include <cmath>

#include "core/base/readable.h"
#include "core/stats/statistics.h"

namespace vaco {
bool Estimate::has_interval() const {
  return std::isfinite(low) && std::isfinite(high);
}

std::string to_text(const Estimate& estimate, int digits) {
  if (!std::isfinite(estimate.value)) return "–";
  const std::string value = fixed(estimate.value, digits);
  if (!estimate.has_interval()) return value;
  return value + " [" + fixed(estimate.low, digits) + ", " + fixed(estimate.high, digits) + "]";
}

}  // namespace vaco
