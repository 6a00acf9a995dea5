// SPDX-License-Identifier: GPL-3.0-or-later
// The passes of a multi-layer perceptron on a card, one launch each, for networks without layer normalization.
// A cluster of kCluster blocks carries kRows rows of one copy through all layers; each of them makes a part of
// every layer's columns and gives it to the others, so that nothing between the layers leaves the chip's
// multiprocessors. Compiled by NVRTC at first use (cuda_kernel.h); the tests compile the same text for the
// host. Goes behind fragments.cu.

/// Zeros everywhere, so that what lies beside a layer's columns counts as nothing.
__device__ inline void clear(float* values, int count) {
  for (int i = threadIdx.x; i < count; i += kThreads) values[i] = 0.0f;
  __syncthreads();
}

/// x[r, k] = from[first_row + r, k] for k < width; zeros below the last row and up to the next multiple of 8.
template <int width>
__device__ inline void load_rows(const float* from, int first_row, int rows, float* x) {
  constexpr int padded = in_steps(width, 8) * 8;
  const int lane = threadIdx.x % 32;
#pragma unroll
  for (int r = threadIdx.x / 32; r < kRows; r += kWarps) {
    const float* const row = from + (first_row + r) * width;
    const bool inside = first_row + r < rows;
#pragma unroll
    for (int k = lane; k < padded; k += 32) x[r * kStride + k] = inside && k < width ? row[k] : 0.0f;
  }
}

/// How a block's warps share a product [16, inner] x [inner, columns]: in tiles of 8 columns, each made by
/// several warps that take a part of the inner dimension each, in steps of 8; where there are more tiles than
/// warps, in rounds.
template <int inner, int columns>
struct Plan {
  static constexpr int tiles = in_steps(in_steps(columns, 8), kCluster);  // of this block
  static __device__ constexpr int parts_of(int made) {
    return 2 * made * tiles <= kWarps && made < 8 ? parts_of(2 * made) : made;
  }
  static constexpr int parts = parts_of(1), groups = kWarps / parts, rounds = in_steps(tiles, groups);
  static constexpr int steps = in_steps(in_steps(inner, 8), parts);  // of a part,
  static constexpr int stage = steps < 16 ? steps : 16;              // and how many of them are loaded at once
  static constexpr bool even_inner = inner % (8 * parts) == 0 && steps % stage == 0;
  static constexpr bool even_columns = columns % (8 * kCluster) == 0 && tiles % groups == 0;
};

/// The other factor's numbers for some steps, as fragments.
template <int steps>
struct Stage {
  float b[steps][2];
};

/// One layer's product, and this warp's share of it. Element (k, n) of the other factor is at data[k * columns
/// + n], or transposed at data[n * inner + k].
template <int inner, int columns, bool transposed>
struct Product {
  using P = Plan<inner, columns>;
  const float* data;
  int slot, part, g, t;

  __device__ explicit Product(const float* factor)
      : data(factor),
        slot(threadIdx.x / 32 % P::groups),
        part(threadIdx.x / 32 / P::groups),
        g(threadIdx.x % 32 / 4),
        t(threadIdx.x % 4) {}

  __device__ int tile(int round) const { return round * P::groups + slot; }
  __device__ int first_column(int round) const { return (cluster_rank() * P::tiles + tile(round)) * 8; }
  __device__ bool has_tile(int round) const {
    return P::even_columns || (tile(round) < P::tiles && first_column(round) < columns);
  }
  __device__ int first_step(int chunk) const { return part * P::steps + chunk * P::stage; }
  __device__ bool has_step(int step, int i, int chunk) const {
    return P::even_inner || (chunk * P::stage + i < P::steps && step * 8 < inner);
  }

  __device__ Stage<P::stage> load(int round, int chunk) const {
    Stage<P::stage> stage;
    const int column = first_column(round) + g, k = first_step(chunk) * 8 + t;
    const bool there = has_tile(round) && (P::even_columns || column < columns);
    const float* const from = data + (transposed ? column * inner + k : k * columns + column);
#pragma unroll
    for (int i = 0; i < 2 * P::stage; ++i) {
      const bool inside = P::even_inner || (k + 4 * i < inner && chunk * P::stage + i / 2 < P::steps);
      stage.b[i / 2][i % 2] = there && inside ? from[4 * i * (transposed ? 1 : columns)] : 0.0f;
    }
    return stage;
  }

  /// x [16, inner] times the factor for this block's share of the tiles: take(row, column, value, aside(row,
  /// column)) for every element, once, by the warp that has the sum; what aside loads does not wait for it.
  /// begun: load(0, 0), which does not need x. partial: kPartial floats of shared memory.
  template <class Aside, class Take>
  __device__ inline void run(const float* x, Stage<P::stage> begun, float* partial, const Aside& aside,
                             const Take& take) const {
    const int lane = threadIdx.x % 32;
#pragma unroll 1
    for (int round = 0; round < P::rounds; ++round) {
      const bool has = has_tile(round), takes = has && part == 0;
      decltype(aside(0, 0)) beside[4] = {};
      if (takes) {
#pragma unroll
        for (int i = 0; i < 4; ++i) {
          const int column = first_column(round) + 2 * t + i % 2;
          if (P::even_columns || column < columns) beside[i] = aside(g + i / 2 * 8, column);
        }
      }
      Sum sum = {};
#pragma unroll 1
      for (int chunk = 0; chunk * P::stage < P::steps; ++chunk) {
        if (round > 0 || chunk > 0) begun = load(round, chunk);
        const float* const from = x + g * kStride + first_step(chunk) * 8 + t;
        if (has) {
#pragma unroll
          for (int i = 0; i < P::stage; ++i) {
            if (!has_step(first_step(chunk) + i, i, chunk)) break;
            const float a[4] = {from[8 * i], from[8 * i + 8 * kStride], from[8 * i + 4],
                                from[8 * i + 8 * kStride + 4]};
            multiply(sum, a, begun.b[i]);
          }
        }
      }
      if (P::parts > 1) {
        float4* const at = (float4*)partial + ((part - 1) * P::groups + slot) * 32 + lane;
        if (part > 0 && part < P::parts) *at = {sum.at(0), sum.at(1), sum.at(2), sum.at(3)};
        __syncthreads();
      }
      if (takes) {
        float4 total = {sum.at(0), sum.at(1), sum.at(2), sum.at(3)};
#pragma unroll
        for (int p = 0; p < P::parts - 1; ++p) {
          const float4 more = ((const float4*)partial)[(p * P::groups + slot) * 32 + lane];
          total.x += more.x;
          total.y += more.y;
          total.z += more.z;
          total.w += more.w;
        }
        const float values[4] = {total.x, total.y, total.z, total.w};
#pragma unroll
        for (int i = 0; i < 4; ++i) {
          const int column = first_column(round) + 2 * t + i % 2;
          if (P::even_columns || column < columns) take(g + i / 2 * 8, column, values[i], beside[i]);
        }
      }
    }
  }
};

/// Quads of columns that are block `rank`'s of a hidden layer.
__device__ inline int quads_of(int rank) {
  constexpr int all = 2 * in_steps(kWidth, 8), each = 2 * in_steps(in_steps(kWidth, 8), kCluster);
  const int rest = all - rank * each;
  return rest < 0 ? 0 : rest < each ? rest : each;
}
/// Bytes that come from the others.
__device__ inline int bytes_to_come() {
  return (2 * in_steps(kWidth, 8) - quads_of(cluster_rank())) * kRows * 16;
}

/// Gives the other blocks of the cluster this one's share of a hidden layer's columns, which lies complete in
/// its own y.
__device__ inline void share_columns(const Exchange& exchange, int index, float* y) {
  __syncthreads();
  if (kCluster == 1) return;
  constexpr int per_block = in_steps(in_steps(kWidth, 8), kCluster), quads = 2 * per_block;
  const int own = cluster_rank(), first = own * per_block * 8, has = quads_of(own);
#pragma unroll
  for (int i = threadIdx.x; i < kRows * quads; i += kThreads) {
    if (i % quads >= has) continue;
    float* const place = y + i / quads * kStride + first + i % quads * 4;
    const float4 value = *(const float4*)place;
#pragma unroll
    for (int other = 1; other < kCluster; ++other) exchange.send((own + other) % kCluster, index, place, value);
  }
}
__device__ inline void await_columns(const Exchange& exchange, int index) {
  if (kCluster > 1) exchange.wait(index, bytes_to_come());
}

constexpr int kPartial = kWarps * 128 + kRows * (kWarps + kCluster);

/// What a pass works on: one block's rows of one copy.
struct Pass {
  const float* parameters;
  int rows, first_row, before;  // before: rows in the copies before this one
  float* partial;
  __device__ bool has(int r) const { return first_row + r < rows; }
  __device__ int at(int r, int width, int column) const { return (before + first_row + r) * width + column; }
};
__device__ inline Pass make_pass(const float* parameters, int rows, float* memory) {
  return {parameters + blockIdx.y * kParameters, rows, (int)blockIdx.x / kCluster * kRows,
          (int)blockIdx.y * rows, memory + 2 * kRows * kStride};
}

template <int layer>
using Forward = Product<fan_in(layer), fan_out(layer), false>;
template <int layer>
__device__ inline Forward<layer> forward_product(const float* parameters) {
  return Forward<layer>(parameters + weight_at(layer));
}
/// Layer `layer` on x, whose weights begin in `begun`, and those after it.
template <int layer, class Begun>
__device__ inline void forward_from(const Pass& pass, const Exchange& exchange, float* x, float* y,
                                    const Begun& begun, const Layers& hidden, float* output) {
  constexpr bool last = layer == kHidden;
  const float* const bias = pass.parameters + bias_at(layer);
  float* const to = last ? output : hidden.at[layer];
  forward_product<layer>(pass.parameters)
      .run(
          x, begun, pass.partial, [&](int, int j) { return bias[j]; },
          [&](int r, int j, float value, float more) {
            value += more;
            if (!last) y[r * kStride + j] = value = value < 0.0f ? 0.0f : value;
            if (pass.has(r)) to[pass.at(r, fan_out(layer), j)] = value;
          });
  if constexpr (!last) {
    share_columns(exchange, layer, y);
    const auto next = forward_product<layer + 1>(pass.parameters).load(0, 0);
    await_columns(exchange, layer);
    forward_from<layer + 1>(pass, exchange, y, x, next, hidden, output);
  }
}

/// Grid (kCluster * row blocks, copies). Shared memory, as of all kernels here but those of the gradients: 2 *
/// kRows * kStride + kPartial floats. input_step: floats from copy to copy, 0 where all share the input.
VACO_KERNEL void VACO_CLUSTERS mlp_forward(int rows, int input_step, const float* parameters,
                                           const float* input, const __grid_constant__ Layers hidden,
                                           float* output) {
  VACO_MEMORY;
  const Pass pass = make_pass(parameters, rows, memory);
  const auto exchange = Exchange::make(bytes_to_come());
  begin_kernel();
  const auto begun = forward_product<0>(pass.parameters).load(0, 0);
  if (kWidth % 8 != 0) clear(memory, 2 * kRows * kStride);
  load_rows<kInputs>(input + blockIdx.y * input_step, pass.first_row, rows, memory);
  cluster_sync();
  forward_from<0>(pass, exchange, memory, memory + kRows * kStride, begun, hidden, output);
}

/// From the gradient of layer `layer`'s output to that of its input.
template <int layer>
using Back = Product<fan_out(layer), fan_in(layer), true>;
template <int layer>
__device__ inline Back<layer> back_product(const float* parameters) {
  return Back<layer>(parameters + weight_at(layer));
}
template <int layer, class Begun>
__device__ inline void back_from(const Pass& pass, const Exchange& exchange, float* d, float* below,
                                 const Begun& begun, const Layers& hidden, const Layers& hidden_gradient,
                                 float* input_gradient) {
  if constexpr (layer > 0) {
    const float* const active = hidden.at[layer - 1];
    float* const to = hidden_gradient.at[layer - 1];
    back_product<layer>(pass.parameters)
        .run(
            d, begun, pass.partial,
            [&](int r, int j) { return pass.has(r) ? active[pass.at(r, kWidth, j)] : 0.0f; },
            [&](int r, int j, float value, float unit) {
              below[r * kStride + j] = value = unit > 0.0f ? value : 0.0f;
              if (pass.has(r)) to[pass.at(r, kWidth, j)] = value;
            });
    if (layer == 1 && !input_gradient) return;
    share_columns(exchange, kHidden - layer, below);
    const auto next = back_product<layer - 1>(pass.parameters).load(0, 0);
    await_columns(exchange, kHidden - layer);
    back_from<layer - 1>(pass, exchange, below, d, next, hidden, hidden_gradient, input_gradient);
  } else {
    back_product<0>(pass.parameters)
        .run(
            d, begun, pass.partial, [](int, int) { return 0.0f; },
            [&](int r, int i, float value, float) {
              if (pass.has(r)) input_gradient[pass.at(r, kInputs, i)] = value;
            });
  }
}

/// The gradients of all hidden layers, and with input_gradient those of the inputs. Grid (kCluster * row
/// blocks, copies).
VACO_KERNEL void VACO_CLUSTERS mlp_backward(int rows, const float* parameters,
                                            const __grid_constant__ Layers hidden, const float* output_gradient,
                                            const __grid_constant__ Layers hidden_gradient,
                                            float* input_gradient) {
  VACO_MEMORY;
  const Pass pass = make_pass(parameters, rows, memory);
  const auto exchange = Exchange::make(bytes_to_come());
  begin_kernel();
  const auto begun = back_product<kHidden>(pass.parameters).load(0, 0);
  if (kWidth % 8 != 0) clear(memory, 2 * kRows * kStride);
  load_rows<kOutputs>(output_gradient + pass.before * kOutputs, pass.first_row, rows, memory);
  cluster_sync();
  back_from<kHidden>(pass, exchange, memory, memory + kRows * kStride, begun, hidden, hidden_gradient,
                     input_gradient);
}

template <int layer, class Begun>
__device__ inline void products_from(const Pass& pass, float* x, float* other, const Begun& begun,
                                     const Layers& hidden, const Layers& gradient, float* sum) {
  constexpr bool last = layer == kHidden;
  if constexpr (!last)
    load_rows<kWidth>(hidden.at[layer] + pass.before * kWidth, pass.first_row, pass.rows, other);
  struct Beside {
    float gradient, bias;
  };
  const float *const to = gradient.at[layer], *const bias = pass.parameters + bias_at(layer);
  forward_product<layer>(pass.parameters)
      .run(
          x, begun, pass.partial,
          [&](int r, int j) {
            return Beside{pass.has(r) ? to[pass.at(r, fan_out(layer), j)] : 0.0f, bias[j]};
          },
          [&](int r, int, float value, Beside beside) {
            (r < 8 ? sum[0] : sum[1]) += (value + beside.bias) * beside.gradient;
          });
  if constexpr (!last) {
    const auto next = forward_product<layer + 1>(pass.parameters).load(0, 0);
    __syncthreads();
    products_from<layer + 1>(pass, other, x, next, hidden, gradient, sum);
  }
}

/// products[copy, row] = sum over the layers of (x V + bias of V) . gradient, V being the direction. Grid
/// (kCluster * row blocks, copies).
VACO_KERNEL void VACO_CLUSTERS mlp_row_products(int rows, int input_step, const float* direction,
                                                const float* input, const __grid_constant__ Layers hidden,
                                                const __grid_constant__ Layers gradient, float* products) {
  VACO_MEMORY;
  const Pass pass = make_pass(direction, rows, memory);
  float* const partial = pass.partial;
  float* const sums = partial + kRows * kWarps;  // [kCluster, kRows], gathered in the first block's
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  begin_kernel();
  const auto begun = forward_product<0>(direction + blockIdx.y * kParameters).load(0, 0);
  load_rows<kInputs>(input + blockIdx.y * input_step, pass.first_row, rows, memory);
  __syncthreads();
  float sum[2] = {0.0f, 0.0f};  // of rows lane / 4 and lane / 4 + 8
  products_from<0>(pass, memory, memory + kRows * kStride, begun, hidden, gradient, sum);
  __syncthreads();
  for (int half = 0; half < 2; ++half) {
    float value = sum[half];
    value += __shfl_xor_sync(0xffffffffu, value, 1);
    value += __shfl_xor_sync(0xffffffffu, value, 2);
    if (lane % 4 == 0) partial[(lane / 4 + half * 8) * kWarps + warp] = value;
  }
  __syncthreads();
  if (threadIdx.x < kRows) {
    float total = 0.0f;
    for (int w = 0; w < kWarps; ++w) total += partial[threadIdx.x * kWarps + w];
    sums[threadIdx.x] = total;
  }
  cluster_sync();
  if (cluster_rank() != 0 && threadIdx.x < kRows / 4)
    store_at(0, sums + cluster_rank() * kRows + threadIdx.x * 4, ((const float4*)sums)[threadIdx.x]);
  cluster_sync();
  if (cluster_rank() != 0 || threadIdx.x >= kRows || !pass.has((int)threadIdx.x)) return;
  float total = 0.0f;
  for (int i = 0; i < kCluster; ++i) total += sums[i * kRows + threadIdx.x];
  products[pass.at((int)threadIdx.x, 1, 0)] = total;
}
