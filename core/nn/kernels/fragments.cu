// SPDX-License-Identifier: GPL-3.0-or-later
// What the kernels of networks share: the shape, and products of small tiles on the tensor cores, in three
// passes of TF32 that together have float32's precision (VACO_PASSES = 1: plain TF32).
//
// Kernels are compiled for one shape of network: a pass takes a few microseconds, of which most would go to
// working out where numbers lie and to fetching the code that does.

constexpr int kCluster = VACO_CLUSTER, kPasses = VACO_PASSES;
constexpr int kThreads = VACO_THREADS, kWarps = kThreads / 32, kRows = 16, kMaxLayers = 8;
constexpr int kInputs = VACO_INPUTS, kOutputs = VACO_OUTPUTS, kWidth = VACO_WIDTH, kHidden = VACO_HIDDEN;

__device__ constexpr int fan_in(int layer) {
  return layer == 0 ? kInputs : kWidth;
}
__device__ constexpr int fan_out(int layer) {
  return layer == kHidden ? kOutputs : kWidth;
}
__device__ constexpr int weight_at(int layer) {
  return layer == 0 ? 0 : (kInputs + 1) * kWidth + (layer - 1) * (kWidth + 1) * kWidth;
}
__device__ constexpr int bias_at(int layer) {
  return weight_at(layer) + fan_in(layer) * fan_out(layer);
}
constexpr int kParameters = bias_at(kHidden) + kOutputs;
__device__ constexpr int in_steps(int size, int step) {
  return (size + step - 1) / step;
}
__device__ constexpr int larger(int a, int b) {
  return a > b ? a : b;
}
/// Between the rows of a block's values in shared memory: room for the inner dimension in steps of 8, and no
/// two of the numbers that a warp reads at once in one bank.
constexpr int kStride = in_steps(larger(kInputs, larger(kWidth, kOutputs)), 32) * 32 + 4;

struct Layers {
  float* at[kMaxLayers];  // [copies, rows, fan_out] each
};

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
/// How the blocks of a cluster give each other what they made: writes to another's memory that count themselves
/// off at a barrier there, so that nobody waits for all that was ever written, as a barrier of the whole
/// cluster would. There are two barriers, for exchanges in turn: who is ahead may be sending for the next one
/// already.
struct Exchange {
  unsigned barrier;  // the first one's address; the second follows
  static __device__ unsigned there(int rank, unsigned address) {
    unsigned found;
    asm("mapa.shared::cluster.u32 %0, %1, %2;" : "=r"(found) : "r"(address), "r"(rank));
    return found;
  }
  __device__ void expect(int index, int bytes) const {
    asm volatile("mbarrier.arrive.expect_tx.shared::cta.b64 _, [%0], %1;" ::"r"(barrier + 8 * (index % 2)),
                 "r"(bytes)
                 : "memory");
  }
  /// Called by all threads, before a cluster_sync(). bytes: that come at each exchange.
  static __device__ Exchange make(int bytes) {
    __shared__ unsigned long long barriers[2];
    const Exchange exchange{(unsigned)__cvta_generic_to_shared(barriers)};
    if (kCluster > 1 && threadIdx.x == 0) {
      for (int i = 0; i < 2; ++i)
        asm volatile("mbarrier.init.shared::cta.b64 [%0], 1;" ::"r"(exchange.barrier + 8 * i) : "memory");
      asm volatile("fence.mbarrier_init.release.cluster;" ::: "memory");
      for (int i = 0; i < 2; ++i) exchange.expect(i, bytes);
    }
    return exchange;
  }
  /// Writes 4 numbers to the same place of another block, for its exchange `index`.
  __device__ void send(int rank, int index, float* place, float4 value) const {
    asm volatile(
        "st.async.weak.shared::cluster.mbarrier::complete_tx::bytes.v4.f32 [%0], {%2, %3, %4, %5}, [%1];" ::"r"(
            there(rank, (unsigned)__cvta_generic_to_shared(place))),
        "r"(there(rank, barrier + 8 * (index % 2))), "f"(value.x), "f"(value.y), "f"(value.z), "f"(value.w)
        : "memory");
  }
  /// Until all of exchange `index` has come; then the barrier is there for the next but one.
  __device__ void wait(int index, int bytes) const {
    unsigned done = 0;
    while (!done)
      asm volatile(
          "{\n.reg .pred p;\nmbarrier.try_wait.parity.acquire.cluster.shared::cta.b64 p, [%1], %2;\nselp.u32 "
          "%0, 1, 0, "
          "p;\n}"
          : "=r"(done)
          : "r"(barrier + 8 * (index % 2)), "r"(index / 2 % 2)
          : "memory");
    if (threadIdx.x == 0) expect(index, bytes);
  }
};
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
  __device__ float at(int i) const { return kPasses == 1 ? high[i] : high[i] + (low_a[i] + low_b[i]); }
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
