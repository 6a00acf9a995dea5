// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/layer_products.h"

#include "core/nn/vector_loops.h"

namespace vaco {
namespace {

/// Up to this many columns the loops are faster than a general product, which packs for wide ones.
constexpr int64_t kNarrow = 8;

const Bfloat16* rounded(const float* values, std::vector<Bfloat16>& copy) {
  bfloat16_loop(values, copy.data(), static_cast<int64_t>(copy.size()));
  return copy.data();
}

}  // namespace

LayerProducts::Wide::Wide(int64_t rows, int64_t in, int64_t out, LayerKind kind)
    : forward({.m = rows, .n = out, .k = in, .bias = true, .relu = kind.hidden, .bfloat16 = kind.bfloat16}),
      weight_gradient({.m = in, .n = out, .k = rows, .transpose_a = true, .bfloat16 = kind.bfloat16}),
      input_gradient({.m = rows, .n = in, .k = out, .transpose_b = true, .bfloat16 = kind.bfloat16}),
      tangent_direct({.m = rows, .n = out, .k = in, .bias = true, .bfloat16 = kind.bfloat16}),
      tangent_through({.m = rows, .n = out, .k = in, .accumulate = true, .bfloat16 = kind.bfloat16}) {}

LayerProducts::LayerProducts(int64_t rows, int64_t in, int64_t out, LayerKind kind)
    : rows_(rows), in_(in), out_(out) {
  if (!kind.hidden && out <= kNarrow) {
    transposed_.resize(static_cast<size_t>(in * out));
    through_.resize(static_cast<size_t>(rows * out));
    return;
  }
  wide_ = std::make_unique<Wide>(rows, in, out, kind);
  if (!kind.bfloat16) return;
  copies_ = std::make_unique<Copies>();
  for (auto* copy : {&copies_->x, &copies_->x_tangent}) copy->resize(static_cast<size_t>(rows * in));
  for (auto* copy : {&copies_->w, &copies_->w_tangent}) copy->resize(static_cast<size_t>(in * out));
  copies_->y_gradient.resize(static_cast<size_t>(rows * out));
}

void LayerProducts::forward(const float* x, const float* w, const float* bias, float* y) {
  if (!wide_)
    narrow_products(x, rows_, in_, transposed(w), bias, out_, y, out_);
  else if (copies_)
    wide_->forward.run(rounded(x, copies_->x), rounded(w, copies_->w), y, bias);
  else
    wide_->forward.run(x, w, y, bias);
}

void LayerProducts::backward(const float* x, const float* w, const float* y_gradient, float* w_gradient,
                             float* x_gradient, int64_t first_input) {
  if (!wide_) {
    if (w_gradient) narrow_weight_gradient(x, rows_, in_, y_gradient, out_, w_gradient);
    if (x_gradient) narrow_input_gradient(y_gradient, rows_, out_, transposed(w), in_, x_gradient);
    return;
  }
  if (copies_) {
    const auto* dy = rounded(y_gradient, copies_->y_gradient);
    if (w_gradient) wide_->weight_gradient.run(copies_->x.data(), dy, w_gradient);
    if (x_gradient) wide_->input_gradient.run(dy, copies_->w.data(), x_gradient);
    return;
  }
  if (w_gradient) wide_->weight_gradient.run(x, y_gradient, w_gradient);
  if (!x_gradient) return;
  if (in_ - first_input <= kNarrow)
    narrow_products(y_gradient, rows_, out_, w + first_input * out_, nullptr, in_ - first_input,
                    x_gradient + first_input, in_);
  else
    wide_->input_gradient.run(y_gradient, w, x_gradient);
}

void LayerProducts::tangent(const float* x, const float* x_tangent, const float* w, const float* w_tangent,
                            const float* bias_tangent, float* y_tangent) {
  if (!wide_) {
    narrow_products(x, rows_, in_, transposed(w_tangent), bias_tangent, out_, y_tangent, out_);
    if (!x_tangent) return;
    narrow_products(x_tangent, rows_, in_, transposed(w), nullptr, out_, through_.data(), out_);
    add_loop(through_.data(), y_tangent, rows_ * out_);
  } else if (copies_) {
    wide_->tangent_direct.run(copies_->x.data(), rounded(w_tangent, copies_->w_tangent), y_tangent,
                              bias_tangent);
    if (x_tangent)
      wide_->tangent_through.run(rounded(x_tangent, copies_->x_tangent), copies_->w.data(), y_tangent);
  } else {
    wide_->tangent_direct.run(x, w_tangent, y_tangent, bias_tangent);
    if (x_tangent) wide_->tangent_through.run(x_tangent, w, y_tangent);
  }
}

const float* LayerProducts::transposed(const float* w) {
  if (out_ == 1) return w;
  transpose_loop(w, in_, out_, transposed_.data());
  return transposed_.data();
}

}  // namespace vaco
