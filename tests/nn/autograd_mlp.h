// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/ATen.h>

#include "core/nn/mlp.h"

namespace vaco::testing {

/// The reference: the same network in differentiable torch operations on flat parameters [copies, P]; input [B,
/// in].
inline at::Tensor autograd_forward(const MlpShape& s, const at::Tensor& parameters, const at::Tensor& input) {
  std::vector<at::Tensor> copies;
  for (int64_t copy = 0; copy < s.copies; ++copy) {
    const auto flat = parameters.select(0, copy);
    auto h = input;
    for (int64_t l = 0; l < s.layers(); ++l) {
      const auto weight =
          flat.narrow(0, s.weight_at(l), s.fan_in(l) * s.fan_out(l)).view({s.fan_in(l), s.fan_out(l)});
      h = at::matmul(h, weight) + flat.narrow(0, s.bias_at(l), s.fan_out(l));
      if (l < s.hidden_layers) h = at::relu(h);
      if (l < s.hidden_layers && s.layer_norm)
        h = at::layer_norm(h, {s.width}, flat.narrow(0, s.scale_at(l), s.width),
                           flat.narrow(0, s.shift_at(l), s.width), kLayerNormEpsilon);
    }
    copies.push_back(h);
  }
  return at::stack(copies);  // [copies, B, out]
}

inline double relative_error(const at::Tensor& a, const at::Tensor& b) {
  return ((a - b).abs().max() / b.abs().max().clamp_min(1e-12)).item<double>();
}

}  // namespace vaco::testing
