// SPDX-License-Identifier: GPL-3.0-or-later
// The gradients of a network's parameters on a card, and Adam's step along them. Goes behind fragments.cu.

constexpr int kGradientThreads = 256, kGradientWarps = kGradientThreads / 32, kGradientIn = 16,
              kGradientOut = 32;
constexpr int kGradientNumbers =
    (kGradientIn + 1) * kGradientOut;  // of a block: weights, and biases behind them
constexpr int kGradientEach = in_steps(kGradientNumbers, kGradientThreads);

/// What Adam's step needs; parameters is null where there is none to be taken. steps and rate lie on the card,
/// so that a replayed step goes on counting; the last block that is through adds the step, and *finished is 0
/// again after it. log_beta1, log_beta2: logarithms, by which 1 - beta^t = -expm1(t log beta). target, where
/// there is one, follows the parameters by target_rate.
struct AdamStep {
  float *parameters, *first, *second, *target;
  double* steps;
  const double* rate;
  unsigned* finished;
  float log_beta1, log_beta2, epsilon, target_rate;
};

/// The gradients of all weights and biases: sum over the rows of input times gradient (times the row's weight,
/// where row_weights is given). A block makes kGradientIn x kGradientOut of them, each of its warps from a part
/// of the rows. Grid (tiles of all layers, copies); shared memory: kGradientWarps * kGradientNumbers floats.
VACO_KERNEL void __launch_bounds__(kGradientThreads, 3)
    mlp_weight_gradients(int rows, int input_step, const float* input, const __grid_constant__ Layers hidden,
                         const __grid_constant__ Layers gradient, const float* row_weights, float* gradients,
                         const __grid_constant__ AdamStep adam) {
  VACO_MEMORY;
  const int copy = blockIdx.y;
  int layer = 0, tile = blockIdx.x, across = 0;
  for (;; ++layer) {
    across = in_steps(fan_out(layer), kGradientOut);
    const int tiles = in_steps(fan_in(layer), kGradientIn) * across;
    if (tile < tiles) break;
    tile -= tiles;
  }
  const int n_in = fan_in(layer), n_out = fan_out(layer);
  const int first_in = tile / across * kGradientIn, first_out = tile % across * kGradientOut;
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, g = lane / 4, t = lane % 4;

  begin_kernel();
  const float* const from =
      layer == 0 ? input + copy * input_step : hidden.at[layer - 1] + copy * rows * kWidth;
  const float* const to = gradient.at[layer] + copy * rows * n_out;
  const int steps = in_steps(rows, 8), per_warp = in_steps(steps, kGradientWarps);
  const int end = (warp + 1) * per_warp < steps ? (warp + 1) * per_warp : steps;
  Sum sum[4] = {};
  float bias[4] = {};
#pragma unroll 1
  for (int k = warp * per_warp; k < end; ++k) {
    float a[4], b[4][2];
#pragma unroll
    for (int i = 0; i < 4; ++i) {
      const int row = k * 8 + t + i / 2 * 4, column = first_in + g + i % 2 * 8;
      a[i] = row < rows && column < n_in ? from[row * n_in + column] : 0.0f;
    }
#pragma unroll
    for (int half = 0; half < 2; ++half) {
      const int row = k * 8 + t + half * 4;
      const float w = row_weights && row < rows ? row_weights[row] : 1.0f;
#pragma unroll
      for (int n = 0; n < 4; ++n) {
        const int column = first_out + n * 8 + g;
        b[n][half] = row < rows && column < n_out ? to[row * n_out + column] * w : 0.0f;
        bias[n] += b[n][half];
      }
    }
#pragma unroll
    for (int n = 0; n < 4; ++n) multiply(sum[n], a, b[n]);
  }
  float* const own = memory + warp * kGradientNumbers;
#pragma unroll
  for (int n = 0; n < 4; ++n) {
#pragma unroll
    for (int i = 0; i < 4; ++i) own[(g + i / 2 * 8) * kGradientOut + n * 8 + 2 * t + i % 2] = sum[n].at(i);
    bias[n] += __shfl_xor_sync(0xffffffffu, bias[n], 1);
    bias[n] += __shfl_xor_sync(0xffffffffu, bias[n], 2);
    if (t == 0) own[kGradientIn * kGradientOut + n * 8 + g] = bias[n];
  }
  // Where this thread's numbers lie; a negative place is none.
  int at[kGradientEach];
#pragma unroll
  for (int e = 0; e < kGradientEach; ++e) {
    const int i = threadIdx.x + e * kGradientThreads, in = i / kGradientOut, out = first_out + i % kGradientOut;
    const bool is_bias = in == kGradientIn;
    const bool inside = i < kGradientNumbers && out < n_out && (is_bias ? first_in == 0 : first_in + in < n_in);
    at[e] =
        inside ? copy * kParameters + weight_at(layer) + (is_bias ? n_in : first_in + in) * n_out + out : -1;
  }
  // Comes while the block's parts are added up.
  float p[kGradientEach] = {}, m[kGradientEach] = {}, v[kGradientEach] = {}, q[kGradientEach] = {};
  double step = 0.0;
  float rate = 0.0f;
  if (adam.parameters) {
    step = *adam.steps + 1.0;
    rate = (float)*adam.rate;
#pragma unroll
    for (int e = 0; e < kGradientEach; ++e) {
      if (at[e] < 0) continue;
      p[e] = adam.parameters[at[e]];
      m[e] = adam.first[at[e]];
      v[e] = adam.second[at[e]];
      if (adam.target) q[e] = adam.target[at[e]];
    }
  }
  const float correction = sqrtf(-expm1f((float)step * adam.log_beta2)),
              scale = rate / -expm1f((float)step * adam.log_beta1);
  const float rest1 = -expm1f(adam.log_beta1), rest2 = -expm1f(adam.log_beta2);
  __syncthreads();
#pragma unroll
  for (int e = 0; e < kGradientEach; ++e) {
    if (at[e] < 0) continue;
    float total = 0.0f;
#pragma unroll
    for (int w = 0; w < kGradientWarps; ++w)
      total += memory[w * kGradientNumbers + threadIdx.x + e * kGradientThreads];
    gradients[at[e]] = total;
    if (!adam.parameters) continue;
    m[e] += rest1 * (total - m[e]);
    v[e] += rest2 * (total * total - v[e]);
    p[e] -= m[e] * scale / (sqrtf(v[e]) / correction + adam.epsilon);
    adam.first[at[e]] = m[e];
    adam.second[at[e]] = v[e];
    adam.parameters[at[e]] = p[e];
    if (adam.target) adam.target[at[e]] = q[e] + adam.target_rate * (p[e] - q[e]);
  }
  if (!adam.parameters || threadIdx.x != 0) return;
  __threadfence();
  if (atomicAdd(adam.finished, 1u) == gridDim.x * gridDim.y - 1) {
    *adam.steps = step;
    *adam.finished = 0;
  }
}
