// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/mlp.h"

#include <ATen/ATen.h>

#include <cmath>

namespace vaco {

int64_t MlpShape::weight_at(int64_t layer) const {
  int64_t at = 0;
  for (int64_t l = 0; l < layer; ++l) at += (fan_in(l) + 1) * fan_out(l);
  return at;
}

void initialize(const MlpShape& shape, at::Tensor& parameters, const std::function<double()>& next_uniform) {
  auto values = at::empty({shape.copies, shape.parameters()}, at::kDouble);
  double* value = values.data_ptr<double>();
  for (int64_t copy = 0; copy < shape.copies; ++copy) {
    for (int64_t layer = 0; layer < shape.layers(); ++layer) {
      const double bound = 1.0 / std::sqrt(static_cast<double>(shape.fan_in(layer)));
      const int64_t count = (shape.fan_in(layer) + 1) * shape.fan_out(layer);
      for (int64_t i = 0; i < count; ++i) *value++ = bound * (2.0 * next_uniform() - 1.0);
    }
  }
  parameters.copy_(values);
}

}  // namespace vaco
