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

/// Sixteen floats, in registers of whatever width the processor has.
using Lanes = float __attribute__((vector_size(64)));
constexpr int64_t kLanes = 16;

inline __attribute__((always_inline)) Lanes load(const float* from) {
  Lanes lanes;
  __builtin_memcpy(&lanes, from, sizeof lanes);
  return lanes;
}
inline __attribute__((always_inline)) void store(float* to, const Lanes& lanes) {
  __builtin_memcpy(to, &lanes, sizeof lanes);
}
inline __attribute__((always_inline)) float sum_of(const Lanes& lanes) {
  float half[8], quarter[4];
  for (int k = 0; k < 8; ++k) half[k] = lanes[k] + lanes[k + 8];
  for (int k = 0; k < 4; ++k) quarter[k] = half[k] + half[k + 4];
  return (quarter[0] + quarter[2]) + (quarter[1] + quarter[3]);
}

/// Σ term(i) over a row in a fixed order that fills vector registers: sixteen running sums, whatever the
/// alignment.
template <class Term>
inline float row_sum(int64_t width, Term&& term) {
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

VACO_EACH_CPU void scale_rows(const float* __restrict matrix, const float* __restrict weights, int64_t rows,
                              int64_t columns, float* __restrict out) {
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c) out[r * columns + c] = weights[r] * matrix[r * columns + c];
}

VACO_EACH_CPU void add_row_products(const float* __restrict a, const float* __restrict b, int64_t rows,
                                    int64_t columns, float* __restrict sums) {
  for (int64_t r = 0; r < rows; ++r, a += columns, b += columns)
    sums[r] += row_sum(columns, [&](int64_t c) { return a[c] * b[c]; });
}

VACO_EACH_CPU void column_sums(const float* __restrict matrix, int64_t rows, int64_t columns,
                               float* __restrict sums) {
  std::fill(sums, sums + columns, 0.0f);
  for (int64_t r = 0; r < rows; ++r)
    for (int64_t c = 0; c < columns; ++c) sums[c] += matrix[r * columns + c];
}

VACO_EACH_CPU void narrow_products(const float* __restrict x, int64_t rows, int64_t width,
                                   const float* __restrict w, const float* __restrict bias, int64_t outputs,
                                   float* __restrict y, int64_t stride) {
  const int64_t whole = width / kLanes * kLanes;
  for (int64_t o = 0; o < outputs; ++o, w += width) {
    const float shift = bias ? bias[o] : 0.0f;
    int64_t r = 0;
    // Four rows at once: one sum alone would wait for its own last addition.
    for (; r + 4 <= rows; r += 4) {
      const float *x0 = x + r * width, *x1 = x0 + width, *x2 = x1 + width, *x3 = x2 + width;
      Lanes s0{}, s1{}, s2{}, s3{};
      for (int64_t c = 0; c < whole; c += kLanes) {
        const Lanes factor = load(w + c);
        s0 += factor * load(x0 + c);
        s1 += factor * load(x1 + c);
        s2 += factor * load(x2 + c);
        s3 += factor * load(x3 + c);
      }
      float sums[4] = {sum_of(s0), sum_of(s1), sum_of(s2), sum_of(s3)};
      for (int64_t c = whole; c < width; ++c)
        for (int k = 0; k < 4; ++k) sums[k] += w[c] * x0[k * width + c];
      for (int k = 0; k < 4; ++k) y[(r + k) * stride + o] = sums[k] + shift;
    }
    for (; r < rows; ++r) {
      Lanes s{};
      for (int64_t c = 0; c < whole; c += kLanes) s += load(w + c) * load(x + r * width + c);
      float sum = sum_of(s);
      for (int64_t c = whole; c < width; ++c) sum += w[c] * x[r * width + c];
      y[r * stride + o] = sum + shift;
    }
  }
}

VACO_EACH_CPU void narrow_input_gradient(const float* __restrict y_gradient, int64_t rows, int64_t outputs,
                                         const float* __restrict w, int64_t width,
                                         float* __restrict x_gradient) {
  const int64_t whole = width / kLanes * kLanes;
  for (int64_t r = 0; r < rows; ++r, y_gradient += outputs, x_gradient += width) {
    for (int64_t c = 0; c < whole; c += kLanes) {
      Lanes sum = y_gradient[0] * load(w + c);
      for (int64_t o = 1; o < outputs; ++o) sum += y_gradient[o] * load(w + o * width + c);
      store(x_gradient + c, sum);
    }
    for (int64_t c = whole; c < width; ++c) {
      float sum = 0.0f;
      for (int64_t o = 0; o < outputs; ++o) sum += y_gradient[o] * w[o * width + c];
      x_gradient[c] = sum;
    }
  }
}

VACO_EACH_CPU void narrow_weight_gradient(const float* __restrict x, int64_t rows, int64_t width,
                                          const float* __restrict y_gradient, int64_t outputs,
                                          float* __restrict w_gradient) {
  // A strip of columns stays in the first-level cache for all outputs.
  constexpr int64_t kStrip = 4 * kLanes;
  const int64_t whole = width / kStrip * kStrip;
  for (int64_t c = 0; c < whole; c += kStrip) {
    for (int64_t o = 0; o < outputs; ++o) {
      Lanes s0{}, s1{}, s2{}, s3{};
      for (int64_t r = 0; r < rows; ++r) {
        const float* row = x + r * width + c;
        const float factor = y_gradient[r * outputs + o];
        s0 += factor * load(row);
        s1 += factor * load(row + kLanes);
        s2 += factor * load(row + 2 * kLanes);
        s3 += factor * load(row + 3 * kLanes);
      }
      float sums[kStrip];
      store(sums, s0);
      store(sums + kLanes, s1);
      store(sums + 2 * kLanes, s2);
      store(sums + 3 * kLanes, s3);
      for (int64_t k = 0; k < kStrip; ++k) w_gradient[(c + k) * outputs + o] = sums[k];
    }
  }
  for (int64_t c = whole; c < width; ++c) {
    for (int64_t o = 0; o < outputs; ++o) {
      float sum = 0.0f;
      for (int64_t r = 0; r < rows; ++r) sum += x[r * width + c] * y_gradient[r * outputs + o];
      w_gradient[c * outputs + o] = sum;
    }
  }
}

VACO_EACH_CPU void bfloat16_loop(const float* __restrict values, uint16_t* __restrict out, int64_t count) {
  for (int64_t i = 0; i < count; ++i) {
    uint32_t bits;
    __builtin_memcpy(&bits, values + i, sizeof bits);
    const uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    out[i] = static_cast<uint16_t>((bits & 0x7fffffffu) > 0x7f800000u ? 0x7fc0u : rounded);
  }
}

void transpose_loop(const float* __restrict matrix, int64_t rows, int64_t columns, float* __restrict out) {
  for (int64_t c = 0; c < columns; ++c)
    for (int64_t r = 0; r < rows; ++r) out[c * rows + r] = matrix[r * columns + c];
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

}  // namespace vaco
