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

}  // namespace vaco
