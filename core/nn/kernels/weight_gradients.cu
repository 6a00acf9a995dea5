// SPDX-License-Identifier: GPL-3.0-or-later
// The gradients of a network's parameters on a card. Goes behind fragments.cu.

constexpr int kGradientThreads = 128, kGradientWarps = 4, kGradientIn = 16, kGradientOut = 32;

/// The gradients of all weights and biases: sum over the rows of input times gradient (times the row's weight,
/// where row_weights is given). A block makes kGradientIn x kGradientOut of them, each of its warps from a part
/// of the rows. Grid (tiles of all layers, copies); shared memory: kGradientWarps * kGradientOut * (kGradientIn
/// + 1) floats.
extern "C" __global__ void mlp_weight_gradients(Shape s, const float* input, Layers hidden, Layers gradient,
                                                const float* row_weights, float* gradients) {
  extern __shared__ float memory[];
  const int copy = blockIdx.y;
  int layer = 0, tile = blockIdx.x, across = 0;
  for (;; ++layer) {
    across = (fan_out(s, layer) + kGradientOut - 1) / kGradientOut;
    const int tiles = (fan_in(s, layer) + kGradientIn - 1) / kGradientIn * across;
    if (tile < tiles) break;
    tile -= tiles;
  }
  const int n_in = fan_in(s, layer), n_out = fan_out(s, layer);
  const int first_in = tile / across * kGradientIn, first_out = tile % across * kGradientOut;
  // By comparison: tables among a kernel's arguments that are looked up by a variable are copied to memory
  // first.
  const float *from = input + copy * s.input_step, *to = gradient.at[0] + copy * s.rows * n_out;
#pragma unroll
  for (int l = 1; l < kMaxLayers; ++l)
    if (l == layer) {
      from = hidden.at[l - 1] + copy * s.rows * s.width;
      to = gradient.at[l] + copy * s.rows * n_out;
    }
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32, g = lane / 4, t = lane % 4;
  const int steps = (s.rows + 7) / 8, per_warp = (steps + kGradientWarps - 1) / kGradientWarps;
  const int end = (warp + 1) * per_warp < steps ? (warp + 1) * per_warp : steps;
  Sum sum[4] = {};
  float bias[4] = {};
  begin_kernel();
#pragma unroll 4
  for (int step = warp * per_warp; step < end; ++step) {
    float a[4], b[4][2];
    for (int i = 0; i < 4; ++i) {
      const int row = step * 8 + t + i / 2 * 4, column = first_in + g + i % 2 * 8;
      a[i] = row < s.rows && column < n_in ? from[row * n_in + column] : 0.0f;
    }
    for (int half = 0; half < 2; ++half) {
      const int row = step * 8 + t + half * 4;
      const float w = row_weights && row < s.rows ? row_weights[row] : 1.0f;
      for (int n = 0; n < 4; ++n) {
        const int column = first_out + n * 8 + g;
        b[n][half] = row < s.rows && column < n_out ? to[row * n_out + column] * w : 0.0f;
        bias[n] += b[n][half];
      }
    }
    for (int n = 0; n < 4; ++n) multiply(sum[n], a, b[n]);
  }
  float* const own = memory + warp * kGradientOut * (kGradientIn + 1);
  for (int n = 0; n < 4; ++n) {
    for (int i = 0; i < 4; ++i) own[(g + i / 2 * 8) * kGradientOut + n * 8 + 2 * t + i % 2] = sum[n].at(i);
    bias[n] += __shfl_xor_sync(0xffffffffu, bias[n], 1);
    bias[n] += __shfl_xor_sync(0xffffffffu, bias[n], 2);
    if (t == 0) own[kGradientIn * kGradientOut + n * 8 + g] = bias[n];
  }
  __syncthreads();
  float* const weight = gradients + copy * s.parameters + weight_at(s, layer);
  for (int i = threadIdx.x; i < (kGradientIn + 1) * kGradientOut; i += kGradientThreads) {
    const int in = i / kGradientOut, out = first_out + i % kGradientOut;
    if (out >= n_out) continue;
    float total = 0.0f;
    for (int w = 0; w < kGradientWarps; ++w) total += memory[w * kGradientOut * (kGradientIn + 1) + i];
    if (in == kGradientIn) {
      if (first_in == 0) weight[n_in * n_out + out] = total;
    } else if (first_in + in < n_in) {
      weight[(first_in + in) * n_out + out] = total;
    }
  }
}
