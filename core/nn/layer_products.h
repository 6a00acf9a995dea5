// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "core/nn/dnnl_gemm.h"

namespace vaco {

/// How a layer computes.
struct LayerKind {
  bool hidden = false;    ///< ends in ReLU
  bool bfloat16 = false;  ///< products of bfloat16 copies of their factors; sums and results stay float32
};

/// The products of one fully connected layer for one shard of rows, prepared once: general products where both
/// sides are wide, loops along the rows for the handful of outputs of a last layer. All matrices are row-major
/// float32: x [rows, in], y [rows, out], w [in, out]. To be used by one thread at a time.
class LayerProducts {
 public:
  LayerProducts(int64_t rows, int64_t in, int64_t out, LayerKind kind);

  /// y = x w + bias, and max(·, 0) in a hidden layer.
  void forward(const float* x, const float* w, const float* bias, float* y);
  /// w_gradient = xᵀ y_gradient and x_gradient = y_gradient wᵀ, both overwritten; either may be null. Of
  /// x_gradient only the columns from first_input on are needed; whether the others are written is open. x and
  /// w are those of the last forward().
  void backward(const float* x, const float* w, const float* y_gradient, float* w_gradient, float* x_gradient,
                int64_t first_input = 0);
  /// y_tangent = x w_tangent + bias_tangent + x_tangent w; without the last term where x_tangent is null. x and
  /// w are those of the last forward().
  void tangent(const float* x, const float* x_tangent, const float* w, const float* w_tangent,
               const float* bias_tangent, float* y_tangent);

 private:
  struct Wide {
    Wide(int64_t rows, int64_t in, int64_t out, LayerKind kind);
    DnnlGemm forward, weight_gradient, input_gradient, tangent_direct, tangent_through;
  };
  /// bfloat16 copies of the factors.
  struct Copies {
    std::vector<Bfloat16> x, w, y_gradient, x_tangent, w_tangent;
  };
  const float* transposed(const float* w);

  int64_t rows_, in_, out_;
  std::unique_ptr<Wide> wide_;      ///< null in a narrow layer
  std::unique_ptr<Copies> copies_;  ///< null in float32
  std::vector<float> transposed_;   ///< [out, in] of a narrow layer
  std::vector<float> through_;      ///< [rows, out] of a narrow layer
};

}  // namespace vaco
