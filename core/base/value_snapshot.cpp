// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/value_snapshot.h"

#include <algorithm>
#include <limits>

namespace vaco {

ValueReader::ValueReader(const ValueSnapshot& values) : values_(&values) {
  for (const auto& critic : values.critics) critics_.emplace_back(critic);
  const int64_t width = values.action_count > 0 ? values.action_count : values.action_dim;
  input_.resize(static_cast<size_t>(values.obs_dim + width));
}

double ValueReader::value(std::span<const float> observation, std::span<const float> action) {
  const auto behind = std::copy(observation.begin(), observation.end(), input_.begin());
  if (values_->action_count > 0) {
    std::fill(behind, input_.end(), 0.0f);
    behind[static_cast<std::ptrdiff_t>(action[0])] = 1.0f;
  } else {
    std::copy(action.begin(), action.end(), behind);
  }
  double sum = 0.0, least = std::numeric_limits<double>::infinity();
  for (auto& critic : critics_) {
    const double q = critic.output(input_)[0];
    sum += q;
    least = std::min(least, q);
  }
  return values_->minimum ? least : sum / static_cast<double>(critics_.size());
}

}  // namespace vaco
