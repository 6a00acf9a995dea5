// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/mlp.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace vaco {

int64_t MlpShape::weight_at(int64_t layer) const {
  int64_t at = 0;
  for (int64_t l = 0; l < layer; ++l)
    at += (fan_in(l) + 1) * fan_out(l) + (layer_norm && l < hidden_layers ? 2 * width : 0);
  return at;
}

void allocate(Tape& tape, const MlpShape& shape, int64_t rows, at::TensorOptions options) {
  const auto memory = [&](int64_t width) { return at::zeros({shape.copies, rows, width}, options); };
  tape.rows = rows;
  tape.input = at::zeros({rows, shape.inputs}, options);
  for (int64_t l = 0; l < shape.hidden_layers; ++l) {
    tape.hidden.push_back(memory(shape.width));
    tape.hidden_gradient.push_back(memory(shape.width));
    if (!shape.layer_norm) continue;
    tape.activation.push_back(memory(shape.width));
    tape.unit.push_back(memory(shape.width));
    tape.inverse_deviation.push_back(memory(1));
  }
  tape.output = memory(shape.outputs);
  tape.output_gradient = memory(shape.outputs);
  tape.input_gradient = memory(shape.inputs);
}

void initialize(const MlpShape& shape, at::Tensor& parameters, const std::function<double()>& next_uniform) {
  auto values = at::empty({shape.copies, shape.parameters()}, at::kDouble);
  double* value = values.data_ptr<double>();
  for (int64_t copy = 0; copy < shape.copies; ++copy) {
    for (int64_t layer = 0; layer < shape.layers(); ++layer) {
      const double bound = 1.0 / std::sqrt(static_cast<double>(shape.fan_in(layer)));
      const int64_t count = (shape.fan_in(layer) + 1) * shape.fan_out(layer);
      for (int64_t i = 0; i < count; ++i) *value++ = bound * (2.0 * next_uniform() - 1.0);
      if (!shape.layer_norm || layer == shape.hidden_layers) continue;
      value = std::fill_n(value, shape.width, 1.0);
      value = std::fill_n(value, shape.width, 0.0);
    }
  }
  parameters.copy_(values);
}

}  // namespace vaco
