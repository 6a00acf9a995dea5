// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/nn/vector_loops.h"

#include <algorithm>
#include <cmath>

// Sanitizers start before the loader could choose a version.
#if defined(__x86_64__) && defined(__GNUC__) && !defined(__clang__) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define VACO_EACH_CPU __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define VACO_EACH_CPU
#endif

namespace vaco {
namespace {

/// Σ term(i) over a row in a fixed order that fills vector registers: sixteen running sums, whatever the
/// alignment.
template <class Term>
inline float row_sum(int64_t width, Term&& term) {
  constexpr int64_t kLanes = 16;
  float lanes[kLanes] = {};
  const int64_t whole = width / kLanes * kLanes;
  for (int64_t i = 0; i < whole; i += kLanes)
    for (int64_t k = 0; k < kLanes; ++k) lanes[k] += term(i + k);
  float sum = 0.0f;
  for (const float lane : lanes) sum += lane;
  for (int64_t i = whole; i < width; ++i) sum += term(i);
  return sum;
}

}  // namespace

VACO_EACH_CPU void adam_loop(const AdamFactors& f, const float* __restrict g, float* __restrict m,
                             float* __restrict v, float* __restrict p, int64_t count) {
  const auto [beta1, rest1, beta2, rest2, scale, epsilon, step] = f;
  for (int64_t i = 0; i < count; ++i) {
    m[i] = beta1 * m[i] + rest1 * g[i];
    v[i] = beta2 * v[i] + rest2 * g[i] * g[i];
    p[i] -= step * m[i] / (std::sqrt(v[i]) * scale + epsilon);
  }
}

VACO_EACH_CPU void polyak_loop(float rate, const float* __restrict x, float* __restrict a, int64_t count) {
  for (int64_t i = 0; i < count; ++i) a[i] += rate * (x[i] - a[i]);
}

VACO_EACH_CPU void mask_loop(const float* __restrict activation, float* __restrict values, int64_t count) {
  for (int64_t i = 0; i < count; ++i) values[i] = activation[i] > 0.0f ? values[i] : 0.0f;
}

VACO_EACH_CPU void add_loop(const float* __restrict part, float* __restrict sum, int64_t count) {
  for (int64_t i = 0; i < count; ++i) sum[i] += part[i];
}

VACO_EACH_CPU void column_sums(const float* __restrict matrix, int64_t rows, int64_t columns,
                               float* __restrict sums) {
  std::fill(sums, sums + columns, 0.0f);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c) sums[c] += matrix[r * columns + c];
}

VACO_EACH_CPU void layer_norm(const NormalizedRows& layer, float epsilon, const float* __restrict scale,
                              const float* __restrict shift, const float* __restrict h, float* __restrict out) {
  const int64_t n = layer.width;
  const float share = 1.0f / static_cast<float>(n);
  float* __restrict unit = layer.unit;
  for (int64_t r = 0; r < layer.rows; ++r, h += n, unit += n, out += n) {
    const float mean = share * row_sum(n, [&](int64_t i) { return h[i]; });
    const float variance = share * row_sum(n, [&](int64_t i) { return (h[i] - mean) * (h[i] - mean); });
    const float inverse = 1.0f / std::sqrt(variance + epsilon);
    layer.inverse_deviation[r] = inverse;
    for (int64_t i = 0; i < n; ++i) {
      unit[i] = (h[i] - mean) * inverse;
      out[i] = scale[i] * unit[i] + shift[i];
    }
  }
}

VACO_EACH_CPU void layer_norm_gradients(const NormalizedRows& layer, const float* __restrict out_gradient,
                                        float* __restrict scale_gradient, float* __restrict shift_gradient) {
  const int64_t n = layer.width;
  const float* __restrict unit = layer.unit;
  std::fill(scale_gradient, scale_gradient + n, 0.0f);
  std::fill(shift_gradient, shift_gradient + n, 0.0f);
  for (int64_t r = 0; r < layer.rows; ++r, out_gradient += n, unit += n) {
    for (int64_t i = 0; i < n; ++i) {
      scale_gradient[i] += out_gradient[i] * unit[i];
      shift_gradient[i] += out_gradient[i];
    }
  }
}

VACO_EACH_CPU void layer_norm_backward(const NormalizedRows& layer, const float* __restrict scale,
                                       float* __restrict values) {
  const int64_t n = layer.width;
  const float share = 1.0f / static_cast<float>(n);
  const float* __restrict unit = layer.unit;
  for (int64_t r = 0; r < layer.rows; ++r, values += n, unit += n) {
    const float mean = share * row_sum(n, [&](int64_t i) { return scale[i] * values[i]; });
    const float along = share * row_sum(n, [&](int64_t i) { return scale[i] * values[i] * unit[i]; });
    const float inverse = layer.inverse_deviation[r];
    for (int64_t i = 0; i < n; ++i) values[i] = inverse * (scale[i] * values[i] - mean - along * unit[i]);
  }
}

VACO_EACH_CPU void layer_norm_tangent(const NormalizedRows& layer, const float* __restrict scale,
                                      const float* __restrict scale_tangent,
                                      const float* __restrict shift_tangent, float* __restrict values) {
  const int64_t n = layer.width;
  const float share = 1.0f / static_cast<float>(n);
  const float* __restrict unit = layer.unit;
  for (int64_t r = 0; r < layer.rows; ++r, values += n, unit += n) {
    const float mean = share * row_sum(n, [&](int64_t i) { return values[i]; });
    const float along = share * row_sum(n, [&](int64_t i) { return values[i] * unit[i]; });
    const float inverse = layer.inverse_deviation[r];
    for (int64_t i = 0; i < n; ++i)
      values[i] = scale[i] * inverse * (values[i] - mean - along * unit[i]) + scale_tangent[i] * unit[i] +
                  shift_tangent[i];
  }
}

}  // namespace vaco
