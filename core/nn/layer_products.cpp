// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/layer_products.h"

#include <algorithm>

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
      directional({.m = rows, .n = out, .k = in, .bias = true, .bfloat16 = kind.bfloat16}),
      input_gradient(static_cast<size_t>((rows + kRowBlock - 1) / kRowBlock)) {}

LayerProducts::LayerProducts(int64_t rows, int64_t in, int64_t out, LayerKind kind)
    : rows_(rows), in_(in), out_(out), kind_(kind) {
  if (!kind.hidden && out <= kNarrow) {
    transposed_.resize(static_cast<size_t>(in * out));
    return;
  }
  wide_ = std::make_unique<Wide>(rows, in, out, kind);
  if (!kind.bfloat16) return;
  copies_ = std::make_unique<Copies>();
  copies_->x.resize(static_cast<size_t>(rows * in));
  for (auto* copy : {&copies_->w, &copies_->w_direction}) copy->resize(static_cast<size_t>(in * out));
  copies_->y_gradient.resize(static_cast<size_t>((rows + kRowBlock) * out));
}

void LayerProducts::forward(const float* x, const float* w, const float* bias, float* y) {
  if (!wide_)
    narrow_products(x, rows_, in_, transposed(w), bias, out_, y, out_);
  else if (copies_)
    wide_->forward.run(rounded(x, copies_->x), rounded(w, copies_->w), y, bias);
  else
    wide_->forward.run(x, w, y, bias);
}

void LayerProducts::weight_gradient(const float* x, const float* y_gradient, float* w_gradient) {
  if (!wide_) {
    narrow_weight_gradient(x, rows_, in_, y_gradient, out_, w_gradient);
  } else if (copies_) {
    bfloat16_loop(y_gradient, copies_->y_gradient.data(), rows_ * out_);
    wide_->weight_gradient.run(copies_->x.data(), copies_->y_gradient.data(), w_gradient);
  } else {
    wide_->weight_gradient.run(x, y_gradient, w_gradient);
  }
}

void LayerProducts::input_gradient(const float* w, const float* y_gradient, int64_t count, float* x_gradient,
                                   int64_t first_input) {
  if (!wide_) {
    narrow_input_gradient(y_gradient, count, out_, transposed(w), in_, x_gradient);
  } else if (copies_) {
    bfloat16_loop(y_gradient, copies_->y_gradient.data(), count * out_);
    input_gradient_of(count).run(copies_->y_gradient.data(), copies_->w.data(), x_gradient);
  } else if (in_ - first_input <= kNarrow) {
    narrow_products(y_gradient, count, out_, w + first_input * out_, nullptr, in_ - first_input,
                    x_gradient + first_input, in_);
  } else {
    input_gradient_of(count).run(y_gradient, w, x_gradient);
  }
}

DnnlGemm& LayerProducts::input_gradient_of(int64_t count) {
  const int64_t blocks = (count + kRowBlock - 1) / kRowBlock;
  auto& gemm = wide_->input_gradient[static_cast<size_t>(blocks - 1)];
  if (!gemm)
    gemm = std::make_unique<DnnlGemm>(GemmShape{.m = std::min(blocks * kRowBlock, rows_),
                                                .n = in_,
                                                .k = out_,
                                                .transpose_b = true,
                                                .bfloat16 = kind_.bfloat16});
  return *gemm;
}

void LayerProducts::directional(const float* x, const float* w_direction, const float* bias_direction,
                                float* y) {
  if (!wide_)
    narrow_products(x, rows_, in_, transposed(w_direction), bias_direction, out_, y, out_);
  else if (copies_)
    wide_->directional.run(copies_->x.data(), rounded(w_direction, copies_->w_direction), y, bias_direction);
  else
    wide_->directional.run(x, w_direction, y, bias_direction);
}

const float* LayerProducts::transposed(const float* w) {
  if (out_ == 1) return w;
  transpose_loop(w, in_, out_, transposed_.data());
  return transposed_.data();
}

}  // namespace vaco
