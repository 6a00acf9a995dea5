// SPDX-License-Identifier: GPL-3.0-or-later
// The passes of a multi-layer perceptron on a card, one launch each, for networks without layer normalization.
// A cluster of kCluster blocks carries kRows rows of one copy through all layers; each of them makes a part of
// every layer's columns and gives it to the others, so that nothing between the layers leaves the chip's
// multiprocessors. Products run on the tensor cores, in three passes of TF32 that together have float32's
// precision (kPasses = 1: plain TF32). Compiled by NVRTC at first use (cuda_kernel.h), with VACO_CLUSTER and
// VACO_PASSES defined; the tests compile the same text for the host.
// Goes behind fragments.cu.

/// Zeros everywhere, so that what lies beside a layer's columns counts as nothing.
__device__ inline void clear(float* values, int count) {
  for (int i = threadIdx.x; i < count; i += kThreads) values[i] = 0.0f;
  __syncthreads();
}

/// x[r, k] = from[first_row + r, k] for k < width; zeros below the last row and up to the next multiple of 8.
__device__ inline void load_rows(const float* from, int width, int first_row, int rows, int stride, float* x) {
  const int padded = (width + 7) / 8 * 8, lane = threadIdx.x % 32;
  for (int r = threadIdx.x / 32; r < kRows; r += kWarps) {
    const float* const row = from + (first_row + r) * width;
    const bool inside = first_row + r < rows;
#pragma unroll 8
    for (int k = lane; k < padded; k += 32) x[r * stride + k] = inside && k < width ? row[k] : 0.0f;
  }
}

/// Gives the other blocks of the cluster this one's share of columns, which lies complete in its own y.
__device__ inline void share_columns(float* y, int stride, int columns) {
  if (kCluster == 1) return;
  __syncthreads();
  const int tiles = (columns + 7) / 8, per_block = (tiles + kCluster - 1) / kCluster, own = cluster_rank();
  const int begin = own * per_block, end = begin + per_block < tiles ? begin + per_block : tiles;
  const int quads = 2 * (end - begin), all = kRows * quads;
  for (int i = threadIdx.x; i < all; i += kThreads) {
    const int r = i / quads;
    float* const place = y + r * stride + begin * 8 + (i - r * quads) * 4;
    const float4 value = *(const float4*)place;
#pragma unroll
    for (int rank = 0; rank < kCluster; ++rank)
      if (rank != own) store_at(rank, place, value);
  }
}

/// A matrix that rows are multiplied with: element (k, n) at data[k * step_k + n * step_n], k < inner, n <
/// columns.
struct Factor {
  const float* data;
  int step_k, step_n, inner, columns;
};
/// The part of a product that is this warp's: of a tile of 8 columns, some steps of 8 along the inner
/// dimension. Where a block has fewer tiles than warps, several warps share a tile.
struct Share {
  int parts, part, group, groups;  // group: which of the tiles that are made at once
  int first_column, begin, end;    // an end of 0: nothing to do
};
__device__ inline int tiles_per_block(const Factor& f) {
  return ((f.columns + 7) / 8 + kCluster - 1) / kCluster;
}
/// Warps for each of so many tiles: a power of two.
__device__ constexpr int parts_of(int tiles) {
  int parts = 1;
  while (2 * parts * tiles <= kWarps) parts *= 2;
  return parts;
}
__device__ inline Share share_of(const Factor& f, int round) {
  const int per_block = tiles_per_block(f), warp = threadIdx.x / 32;
  Share share{};
  share.parts = parts_of(per_block);
  share.groups = kWarps / share.parts;
  share.group = warp % share.groups;
  share.part = warp / share.groups;
  const int own = round * share.groups + share.group, tile = cluster_rank() * per_block + own;
  const int steps = (f.inner + 7) / 8, per_part = (steps + share.parts - 1) / share.parts;
  share.first_column = tile * 8;
  share.begin = share.part * per_part;
  share.end = share.begin + per_part < steps ? share.begin + per_part : steps;
  if (own >= per_block || share.first_column >= f.columns) share.end = 0;
  return share;
}
/// The factor's numbers for kStage steps from first on, as fragments.
struct Stage {
  float b[kStage][2];
};
__device__ inline void load(Stage& stage, const Factor& f, const Share& share, int first) {
  const int lane = threadIdx.x % 32, g = lane / 4, t = lane % 4, column = share.first_column + g;
  const float* const from = f.data + column * f.step_n;
#pragma unroll
  for (int i = 0; i < kStage; ++i) {
    const int k = (first + i) * 8 + t;
    const bool inside = first + i < share.end && column < f.columns;
    stage.b[i][0] = inside && k < f.inner ? from[k * f.step_k] : 0.0f;
    stage.b[i][1] = inside && k + 4 < f.inner ? from[(k + 4) * f.step_k] : 0.0f;
  }
}
/// What can be loaded of a product before the rows are there: a later layer's weights do not wait for the layer
/// before it.
__device__ inline Stage begin_product(const Factor& f) {
  Stage stage;
  const Share share = share_of(f, 0);
  load(stage, f, share, share.begin);
  return stage;
}

constexpr int kPartial = kWarps * 128 + kRows * (kWarps + kCluster);

/// x [16, inner] times the factor, for this block's share of the tiles: take(row, column, value, aside(row,
/// column)) for every element, once, by the warp that has the sum; what aside loads does not wait for it.
/// begun: of begin_product(). partial: kPartial floats of shared memory.
template <class Aside, class Take>
__device__ inline void block_product(const float* x, int stride, const Factor& f, const Stage& begun,
                                     float* partial, const Aside& aside, const Take& take) {
  const int lane = threadIdx.x % 32, g = lane / 4, t = lane % 4, per_block = tiles_per_block(f);
  Stage stage = begun;
  const int groups = share_of(f, 0).groups;
#pragma unroll
  for (int round = 0; round * groups < per_block; ++round) {
    const Share share = share_of(f, round);
    if (round > 0) load(stage, f, share, share.begin);
    const bool takes = share.part == 0 && share.end > 0;
    float beside[4] = {0.0f, 0.0f, 0.0f, 0.0f};
    if (takes) {
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const int column = share.first_column + 2 * t + i % 2;
        if (column < f.columns) beside[i] = aside(g + i / 2 * 8, column);
      }
    }
    Sum sum = {};
    for (int first = share.begin; first < share.end; first += kStage) {
      Stage next{};
      if (first + kStage < share.end) load(next, f, share, first + kStage);
#pragma unroll
      for (int i = 0; i < kStage; ++i) {
        if (first + i >= share.end) break;
        const float* at = x + g * stride + (first + i) * 8 + t;
        const float a[4] = {at[0], at[8 * stride], at[4], at[8 * stride + 4]};
        multiply(sum, a, stage.b[i]);
      }
      stage = next;
    }
    if (share.part > 0)
      for (int i = 0; i < 4; ++i)
        partial[((share.part - 1) * share.groups + share.group) * 128 + lane * 4 + i] = sum.at(i);
    if (share.parts > 1) __syncthreads();
    if (takes) {
#pragma unroll
      for (int i = 0; i < 4; ++i) {
        const int column = share.first_column + 2 * t + i % 2;
        float value = sum.at(i);
        for (int p = 0; p < share.parts - 1; ++p)
          value += partial[(p * share.groups + share.group) * 128 + lane * 4 + i];
        if (column < f.columns) take(g + i / 2 * 8, column, value, beside[i]);
      }
    }
    if (share.parts > 1) __syncthreads();
  }
}

__device__ inline Factor weights_of(const Shape& s, const float* parameters, int layer) {
  return {parameters + weight_at(s, layer), fan_out(s, layer), 1, fan_in(s, layer), fan_out(s, layer)};
}
/// For the way back, from first_input on.
__device__ inline Factor transposed_weights_of(const Shape& s, const float* parameters, int layer,
                                               int first_input) {
  const int n_out = fan_out(s, layer);
  return {parameters + weight_at(s, layer) + first_input * n_out, 1, n_out, n_out,
          fan_in(s, layer) - first_input};
}

/// Grid (kCluster * row blocks, copies). Shared memory, as of all kernels here but mlp_weight_gradients: 2 *
/// kRows * stride + kPartial floats.
extern "C" __global__ void VACO_CLUSTERS mlp_forward(Shape s, const float* parameters, const float* input,
                                                     Layers hidden, float* output) {
  extern __shared__ float memory[];
  const int copy = blockIdx.y, first_row = blockIdx.x / kCluster * kRows, stride = stride_of(s);
  float *x = memory, *y = memory + kRows * stride, *partial = memory + 2 * kRows * stride;
  parameters += copy * s.parameters;
  begin_kernel();
  Stage begun = begin_product(weights_of(s, parameters, 0));
  if (s.width % 8 != 0) clear(memory, 2 * kRows * stride);
  load_rows(input + copy * s.input_step, s.inputs, first_row, s.rows, stride, x);
  cluster_sync();
#pragma unroll
  for (int l = 0; l < s.hidden_layers; ++l) {
    const Factor weights = weights_of(s, parameters, l);
    const float* const bias = weights.data + weights.inner * s.width;
    float* const to = hidden.at[l] + copy * s.rows * s.width;
    block_product(
        x, stride, weights, begun, partial, [&](int, int j) { return bias[j]; },
        [&](int r, int j, float value, float more) {
          value += more;
          value = value < 0.0f ? 0.0f : value;
          y[r * stride + j] = value;
          if (first_row + r < s.rows) to[(first_row + r) * s.width + j] = value;
        });
    share_columns(y, stride, s.width);
    begun = begin_product(weights_of(s, parameters, l + 1));
    cluster_sync();
    float* const swap = x;
    x = y;
    y = swap;
  }
  const Factor weights = weights_of(s, parameters, s.hidden_layers);
  const float* const bias = weights.data + weights.inner * s.outputs;
  output += copy * s.rows * s.outputs;
  block_product(
      x, stride, weights, begun, partial, [&](int, int j) { return bias[j]; },
      [&](int r, int j, float value, float more) {
        if (first_row + r < s.rows) output[(first_row + r) * s.outputs + j] = value + more;
      });
}

/// The gradients of all hidden layers, and with input_gradient those of the inputs from first_input on. Grid
/// (kCluster * row blocks, copies).
extern "C" __global__ void VACO_CLUSTERS mlp_backward(Shape s, const float* parameters, Layers hidden,
                                                      const float* output_gradient, Layers hidden_gradient,
                                                      float* input_gradient, int first_input) {
  extern __shared__ float memory[];
  const int copy = blockIdx.y, first_row = blockIdx.x / kCluster * kRows, stride = stride_of(s);
  float *d = memory, *below = memory + kRows * stride, *partial = memory + 2 * kRows * stride;
  parameters += copy * s.parameters;
  begin_kernel();
  Stage begun = begin_product(transposed_weights_of(s, parameters, s.hidden_layers, 0));
  if (s.width % 8 != 0) clear(memory, 2 * kRows * stride);
  load_rows(output_gradient + copy * s.rows * s.outputs, s.outputs, first_row, s.rows, stride, d);
  cluster_sync();
#pragma unroll
  for (int l = s.hidden_layers; l > 0; --l) {
    const float* const active = hidden.at[l - 1] + copy * s.rows * s.width;
    float* const to = hidden_gradient.at[l - 1] + copy * s.rows * s.width;
    block_product(
        d, stride, transposed_weights_of(s, parameters, l, 0), begun, partial,
        [&](int r, int j) { return first_row + r < s.rows ? active[(first_row + r) * s.width + j] : 0.0f; },
        [&](int r, int j, float value, float unit) {
          value = unit > 0.0f ? value : 0.0f;
          below[r * stride + j] = value;
          if (first_row + r < s.rows) to[(first_row + r) * s.width + j] = value;
        });
    share_columns(below, stride, s.width);
    if (l > 1 || input_gradient)
      begun = begin_product(transposed_weights_of(s, parameters, l - 1, l > 1 ? 0 : first_input));
    cluster_sync();
    float* const swap = d;
    d = below;
    below = swap;
  }
  if (!input_gradient) return;
  float* const to = input_gradient + copy * s.rows * s.inputs + first_input;
  block_product(
      d, stride, transposed_weights_of(s, parameters, 0, first_input), begun, partial,
      [](int, int) { return 0.0f; },
      [&](int r, int i, float value, float) {
        if (first_row + r < s.rows) to[(first_row + r) * s.inputs + i] = value;
      });
}

/// products[copy, row] = sum over the layers of (x V + bias of V) . gradient, V being the direction. Grid
/// (kCluster * row blocks, copies).
extern "C" __global__ void VACO_CLUSTERS mlp_row_products(Shape s, const float* direction, const float* input,
                                                          Layers hidden, Layers gradient, float* products) {
  extern __shared__ float memory[];
  const int copy = blockIdx.y, first_row = blockIdx.x / kCluster * kRows, stride = stride_of(s);
  float *x = memory, *other = memory + kRows * stride, *partial = memory + 2 * kRows * stride;
  float* const sums = partial + kRows * kWarps;  // [kCluster, kRows], gathered in the first block's
  direction += copy * s.parameters;
  const int warp = threadIdx.x / 32, lane = threadIdx.x % 32;
  float sum[2] = {0.0f, 0.0f};  // of rows lane / 4 and lane / 4 + 8
  begin_kernel();
#pragma unroll
  for (int l = 0; l <= s.hidden_layers; ++l) {
    const Factor weights = weights_of(s, direction, l);
    const float* const bias = weights.data + weights.inner * weights.columns;
    const float* const to = gradient.at[l] + copy * s.rows * weights.columns;
    const Stage begun = begin_product(weights);
    // Two halves of memory in turn: a warp may still read the layer before.
    load_rows(l == 0 ? input + copy * s.input_step : hidden.at[l - 1] + copy * s.rows * s.width, weights.inner,
              first_row, s.rows, stride, x);
    __syncthreads();
    block_product(
        x, stride, weights, begun, partial,
        [&](int r, int j) { return first_row + r < s.rows ? to[(first_row + r) * weights.columns + j] : 0.0f; },
        [&](int r, int j, float value, float gradient_there) {
          sum[r / 8] += (value + bias[j]) * gradient_there;
        });
    float* const swap = x;
    x = other;
    other = swap;
  }
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
  if (cluster_rank() != 0 || threadIdx.x >= kRows || first_row + (int)threadIdx.x >= s.rows) return;
  float total = 0.0f;
  for (int i = 0; i < kCluster; ++i) total += sums[i * kRows + threadIdx.x];
  products[copy * s.rows + first_row + threadIdx.x] = total;
}
