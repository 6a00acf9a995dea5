// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/layer_products.h"

#include "core/nn/vector_loops.h"

namespace vaco {
namespace {

/// Up to this many columns the loops are faster than a general product, which packs for wide ones.
constexpr int64_t kNarrow = 8;

}  // namespace

LayerProducts::Wide::Wide(int64_t rows, int64_t in, int64_t out, bool hidden)
    : forward({.m = rows, .n = out, .k = in, .bias = true, .relu = hidden}),
      weight_gradient({.m = in, .n = out, .k = rows, .transpose_a = true}),
      input_gradient({.m = rows, .n = in, .k = out, .transpose_b = true}),
      tangent_direct({.m = rows, .n = out, .k = in, .bias = true}),
      tangent_through({.m = rows, .n = out, .k = in, .accumulate = true}) {}

LayerProducts::LayerProducts(int64_t rows, int64_t in, int64_t out, bool hidden)
    : rows_(rows), in_(in), out_(out) {
  if (hidden || out > kNarrow) {
    wide_ = std::make_unique<Wide>(rows, in, out, hidden);
    return;
  }
  transposed_.resize(static_cast<size_t>(in * out));
  through_.resize(static_cast<size_t>(rows * out));
}

void LayerProducts::forward(const float* x, const float* w, const float* bias, float* y) {
  if (wide_)
    wide_->forward.run(x, w, y, bias);
  else
    narrow_products(x, rows_, in_, transposed(w), bias, out_, y, out_);
}

void LayerProducts::weight_gradient(const float* x, const float* y_gradient, float* w_gradient) {
  if (wide_)
    wide_->weight_gradient.run(x, y_gradient, w_gradient);
  else
    narrow_weight_gradient(x, rows_, in_, y_gradient, out_, w_gradient);
}

void LayerProducts::input_gradient(const float* y_gradient, const float* w, float* x_gradient,
                                   int64_t first_input) {
  if (!wide_)
    narrow_input_gradient(y_gradient, rows_, out_, transposed(w), in_, x_gradient);
  else if (in_ - first_input <= kNarrow)
    narrow_products(y_gradient, rows_, out_, w + first_input * out_, nullptr, in_ - first_input,
                    x_gradient + first_input, in_);
  else
    wide_->input_gradient.run(y_gradient, w, x_gradient);
}

void LayerProducts::tangent(const float* x, const float* x_tangent, const float* w, const float* w_tangent,
                            const float* bias_tangent, float* y_tangent) {
  if (wide_) {
    wide_->tangent_direct.run(x, w_tangent, y_tangent, bias_tangent);
    if (x_tangent) wide_->tangent_through.run(x_tangent, w, y_tangent);
    return;
  }
  narrow_products(x, rows_, in_, transposed(w_tangent), bias_tangent, out_, y_tangent, out_);
  if (!x_tangent) return;
  narrow_products(x_tangent, rows_, in_, transposed(w), nullptr, out_, through_.data(), out_);
  add_loop(through_.data(), y_tangent, rows_ * out_);
}

const float* LayerProducts::transposed(const float* w) {
  if (out_ == 1) return w;
  transpose_loop(w, in_, out_, transposed_.data());
  return transposed_.data();
}

}  // namespace vaco
