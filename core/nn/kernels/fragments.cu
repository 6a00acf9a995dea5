// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernels of networks share: the shape, and products of small tiles on the tensor cores, in three
// passes of TF32 that together have float32's precision (VACO_PASSES = 1: plain TF32).

constexpr int kCluster = VACO_CLUSTER, kPasses = VACO_PASSES;
constexpr int kThreads = VACO_THREADS, kWarps = kThreads / 32, kRows = 16, kMaxLayers = 8;
constexpr int kStage = 4;  // steps of 8 along the inner dimension that are loaded before they are used

#ifdef VACO_WIDTH
/// On a card the kernels are compiled for one shape of network: what is known then costs nothing.
struct Shape {
  static constexpr int inputs = VACO_INPUTS, outputs = VACO_OUTPUTS, width = VACO_WIDTH,
                       hidden_layers = VACO_HIDDEN;
  static constexpr int parameters = VACO_PARAMETERS;
  int copies, rows, input_step;
};
#else
struct Shape {
  int inputs, outputs, width, hidden_layers, parameters, copies, rows;
  int input_step;  // between copies; 0 where all share the input
};
#endif
struct Layers {
  float* at[kMaxLayers];  // [copies, rows, fan_out] each
};

__device__ inline int fan_in(const Shape& s, int layer) {
  return layer == 0 ? s.inputs : s.width;
}
__device__ inline int fan_out(const Shape& s, int layer) {
  return layer == s.hidden_layers ? s.outputs : s.width;
}
__device__ inline int weight_at(const Shape& s, int layer) {
  return layer == 0 ? 0 : (s.inputs + 1) * s.width + (layer - 1) * (s.width + 1) * s.width;
}
/// Between the rows of a block's values in shared memory: room for the inner dimension in steps of 8, and no
/// two of the numbers that a warp reads at once in one bank.
__device__ inline int stride_of(const Shape& s) {
  int widest = s.inputs > s.width ? s.inputs : s.width;
  if (s.outputs > widest) widest = s.outputs;
  return (widest + 31) / 32 * 32 + 4;
}

#ifdef __CUDACC__
/// The digits of a number that TF32 has; of three passes the later ones take the rest, so that only one pass
/// rounds.
__device__ inline float as_tf32(float x) {
  if (kPasses > 1) return __uint_as_float(__float_as_uint(x) & 0xffffe000u);
  unsigned rounded;
  asm("cvt.rna.tf32.f32 %0, %1;" : "=r"(rounded) : "f"(x));
  return __uint_as_float(rounded);
}
__device__ inline void mma_tf32(float* d, const float* a, const float* b) {
  asm("mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, {%8, %9}, {%0, "
      "%1, %2, %3};"
      : "+f"(d[0]), "+f"(d[1]), "+f"(d[2]), "+f"(d[3])
      : "r"(__float_as_uint(a[0])), "r"(__float_as_uint(a[1])), "r"(__float_as_uint(a[2])),
        "r"(__float_as_uint(a[3])), "r"(__float_as_uint(b[0])), "r"(__float_as_uint(b[1])));
}
__device__ inline int cluster_rank() {
  unsigned rank = 0;
  if (kCluster > 1) asm("mov.u32 %0, %%cluster_ctarank;" : "=r"(rank));
  return (int)rank;
}
/// All blocks of the cluster have come here, and see what the others have stored.
__device__ inline void cluster_sync() {
  if (kCluster == 1) {
    __syncthreads();
    return;
  }
  asm volatile("barrier.cluster.arrive.release.aligned;\nbarrier.cluster.wait.acquire.aligned;" ::: "memory");
}
/// *place = value, 4 numbers, in the shared memory of another block of the cluster, at the same place.
__device__ inline void store_at(int rank, float* place, float4 value) {
  const unsigned own = (unsigned)__cvta_generic_to_shared(place);
  unsigned there;
  asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(there) : "r"(own), "r"(rank));
  asm volatile("st.shared::cluster.v4.f32 [%0], {%1, %2, %3, %4};" ::"r"(there), "f"(value.x), "f"(value.y),
               "f"(value.z), "f"(value.w)
               : "memory");
}
#endif

/// A product's sum as a warp holds it, in the tensor cores' fragments; what is smaller is summed apart, so that
/// no addition waits for another.
struct Sum {
  float high[4], low_a[4], low_b[4];
  __device__ float at(int i) const { return high[i] + (low_a[i] + low_b[i]); }
};

/// sum [16, 8] += a [16, 8] b [8, 8]: with g = lane / 4 and t = lane % 4, a holds (g, t), (g + 8, t), (g, t +
/// 4), (g + 8, t + 4), b (t, g), (t + 4, g), and the sum (g, 2t), (g, 2t + 1), (g + 8, 2t), (g + 8, 2t + 1).
__device__ inline void multiply(Sum& sum, const float* a, const float* b) {
  float high_a[4], high_b[2];
#pragma unroll
  for (int i = 0; i < 4; ++i) high_a[i] = as_tf32(a[i]);
#pragma unroll
  for (int i = 0; i < 2; ++i) high_b[i] = as_tf32(b[i]);
  mma_tf32(sum.high, high_a, high_b);
  if (kPasses == 1) return;
  float low_a[4], low_b[2];
#pragma unroll
  for (int i = 0; i < 4; ++i) low_a[i] = a[i] - high_a[i];
#pragma unroll
  for (int i = 0; i < 2; ++i) low_b[i] = b[i] - high_b[i];
  mma_tf32(sum.low_a, low_a, high_b);
  mma_tf32(sum.low_b, high_a, low_b);
}
