// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/data/dataset.h"

#include <cmath>

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

Normalizer fit_normalizer(const Dataset& dataset) {
  const auto dim = static_cast<size_t>(dataset.obs_dim);
  const auto rows = static_cast<size_t>(dataset.rows);
  std::vector<double> mean(dim, 0.0), squares(dim, 0.0);
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
    }
  }
  Normalizer normalizer;
  for (size_t d = 0; d < dim; ++d) {
    normalizer.mean.push_back(static_cast<float>(mean[d]));
    normalizer.scale.push_back(static_cast<float>(std::sqrt(squares[d] / static_cast<double>(rows)) + 1e-3));
  }
  return normalizer;
}

Normalizer identity_normalizer(int64_t obs_dim) {
  const auto dim = static_cast<size_t>(obs_dim);
  return {std::vector<float>(dim, 0.0f), std::vector<float>(dim, 1.0f)};
}

}  // namespace vaco
