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
  /// w_gradient = xᵀ y_gradient. x is that of the last forward().
  void weight_gradient(const float* x, const float* y_gradient, float* w_gradient);
  /// x_gradient = y_gradient wᵀ for the first `count` rows of both. Of x_gradient only the columns from
  /// first_input on are needed; whether the others are written is open, and both have room for count rounded
  /// up to a multiple of kRowBlock. w is that of the last forward().
  void input_gradient(const float* w, const float* y_gradient, int64_t count, float* x_gradient,
                      int64_t first_input = 0);
  /// y = x w_direction + bias_direction: how y moves with the layer's parameters. x is that of the last
  /// forward().
  void directional(const float* x, const float* w_direction, const float* bias_direction, float* y);

  static constexpr int64_t kRowBlock = 16;

 private:
  struct Wide {
    Wide(int64_t rows, int64_t in, int64_t out, LayerKind kind);
    DnnlGemm forward, weight_gradient, directional;
    std::vector<std::unique_ptr<DnnlGemm>> input_gradient;  ///< by blocks of rows, each made when first needed
  };
  /// bfloat16 copies of the factors.
  struct Copies {
    std::vector<Bfloat16> x, w, y_gradient, w_direction;
  };
  const float* transposed(const float* w);
  DnnlGemm& input_gradient_of(int64_t count);

  int64_t rows_, in_, out_;
  LayerKind kind_;
  std::unique_ptr<Wide> wide_;      ///< null in a narrow layer
  std::unique_ptr<Copies> copies_;  ///< null in float32
  std::vector<float> transposed_;   ///< [out, in] of a narrow layer
};

}  // namespace vaco
