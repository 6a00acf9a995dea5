// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace vaco {

/// The elementwise loops of a training step, compiled for several instruction sets and chosen when the program
/// starts. All arrays are float32, contiguous and do not overlap unless they are the same.

/// One range of an Adam step: m, v, p are updated in place from g. scale = 1/√(1 − β2^t), step = lr/(1 − β1^t).
struct AdamFactors {
  float beta1, rest1, beta2, rest2, scale, epsilon, step;
};
void adam_loop(const AdamFactors& f, const float* g, float* m, float* v, float* p, int64_t count);
/// a += rate (x − a).
void polyak_loop(float rate, const float* x, float* a, int64_t count);
/// values = activation > 0 ? values : 0: ReLU's backward pass.
void mask_loop(const float* activation, float* values, int64_t count);
/// sum += part.
void add_loop(const float* part, float* sum, int64_t count);
/// out[r, c] = weights[r] matrix[r, c].
void scale_rows(const float* matrix, const float* weights, int64_t rows, int64_t columns, float* out);
/// sums[r] += Σ_c a[r, c] b[r, c].
void add_row_products(const float* a, const float* b, int64_t rows, int64_t columns, float* sums);
/// sums[c] = Σ_r matrix[r, c].
void column_sums(const float* matrix, int64_t rows, int64_t columns, float* sums);

/// Products with a narrow matrix (a handful of columns), where a general product spends its time on packing.
/// The narrow matrix is given transposed, w [outputs, width], so that every loop runs along rows. y[r · stride
/// + o] = Σ_c x[r, c] w[o, c] + bias[o]; bias may be null.
void narrow_products(const float* x, int64_t rows, int64_t width, const float* w, const float* bias,
                     int64_t outputs, float* y, int64_t stride);
/// x_gradient[r, c] = Σ_o y_gradient[r, o] w[o, c].
void narrow_input_gradient(const float* y_gradient, int64_t rows, int64_t outputs, const float* w,
                           int64_t width, float* x_gradient);
/// w_gradient[c, o] (not transposed) = Σ_r x[r, c] y_gradient[r, o].
void narrow_weight_gradient(const float* x, int64_t rows, int64_t width, const float* y_gradient,
                            int64_t outputs, float* w_gradient);
/// Rounds to the nearest bfloat16 (ties to even); NaN stays NaN.
void bfloat16_loop(const float* values, uint16_t* out, int64_t count);
/// out [columns, rows] = matrix [rows, columns].
void transpose_loop(const float* matrix, int64_t rows, int64_t columns, float* out);

/// What a layer normalization keeps of its rows for the passes after it.
struct NormalizedRows {
  int64_t rows, width;
  float* unit;               ///< [rows, width] x̂ = (h − mean h) / √(var h + ε)
  float* inverse_deviation;  ///< [rows] 1 / √(var h + ε)
};
/// h -> layer (written), out = scale · x̂ + shift.
void layer_norm(const NormalizedRows& layer, float epsilon, const float* scale, const float* shift,
                const float* h, float* out);
/// out_gradient -> the gradients of scale and shift [width].
void layer_norm_gradients(const NormalizedRows& layer, const float* out_gradient, float* scale_gradient,
                          float* shift_gradient);
/// values: ∂L/∂out -> ∂L/∂h, in place.
void layer_norm_backward(const NormalizedRows& layer, const float* scale, float* values);

}  // namespace vaco
