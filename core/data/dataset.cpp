// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dataset.h"

#include "core/data/normalizer.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace vaco {

std::string to_text(EndedBy ended_by) {
  switch (ended_by) {
    case EndedBy::terminal:
      return "terminal";
    case EndedBy::timeout:
      return "timeout";
    case EndedBy::cut:
      break;
  }
  return "cut";
}

bool is_constant(float lowest, float highest) {
  const double size = std::max(std::abs(static_cast<double>(lowest)), std::abs(static_cast<double>(highest)));
  return static_cast<double>(highest) - static_cast<double>(lowest) <= 1e-6 * std::max(1.0, size);
}

Normalizer fit_normalizer(const Dataset& dataset, ConstantColumns constant) {
  const auto dim = static_cast<size_t>(dataset.obs_dim);
  const auto rows = static_cast<size_t>(dataset.rows);
  std::vector<double> mean(dim, 0.0), squares(dim, 0.0);
  std::vector<float> lowest(dim, std::numeric_limits<float>::max());
  std::vector<float> highest(dim, std::numeric_limits<float>::lowest());
  // Two passes, so that a large mean costs no digits of the deviation.
  for (size_t i = 0; i < rows; ++i) {
    const float* row = dataset.observations.data() + i * dim;
    for (size_t d = 0; d < dim; ++d) mean[d] += static_cast<double>(row[d]);
  }
  for (auto& m : mean) m /= static_cast<double>(rows);
  for (size_t i = 0; i < rows; ++i) {
    const float* row = dataset.observations.data() + i * dim;
    for (size_t d = 0; d < dim; ++d) {
      const double deviation = static_cast<double>(row[d]) - mean[d];
      squares[d] += deviation * deviation;
      lowest[d] = std::min(lowest[d], row[d]);
      highest[d] = std::max(highest[d], row[d]);
    }
  }
  Normalizer normalizer;
  for (size_t d = 0; d < dim; ++d) {
    normalizer.mean.push_back(static_cast<float>(mean[d]));
    const bool as_is = constant == ConstantColumns::as_is && is_constant(lowest[d], highest[d]);
    normalizer.scale.push_back(
        as_is ? 1.0f : static_cast<float>(std::sqrt(squares[d] / static_cast<double>(rows)) + 1e-3));
  }
  return normalizer;
}

Normalizer fit_normalizer(const Dataset& dataset) {
  return fit_normalizer(dataset, ConstantColumns::as_is);
}

Normalizer identity_normalizer(int64_t obs_dim) {
  const auto dim = static_cast<size_t>(obs_dim);
  return {std::vector<float>(dim, 0.0f), std::vector<float>(dim, 1.0f)};
}

}  // namespace vaco
