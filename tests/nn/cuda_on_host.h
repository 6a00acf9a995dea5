// SPDX-License-Identifier: GPL-3.0-or-later
// The words of CUDA C++ that our kernels use, for the host: a block's threads are threads, blocks run one after
// another. Included before a kernel's text. Under the thread sanitizer a race in a kernel is reported as one.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <barrier>
#include <cmath>
#include <memory>
#include <thread>
#include <vector>

#include <boost/math/special_functions/erf.hpp>

namespace vaco::host_cuda {

struct Index {
  unsigned x = 0, y = 0;
};
inline thread_local Index threadIdx, blockIdx;
inline Index blockDim, gridDim;
inline float memory[1 << 15];                                          // what a block shares
inline std::unique_ptr<std::barrier<>> barrier;                        // of the block
inline std::array<std::unique_ptr<std::barrier<>>, 32> warp_barriers;  // of its warps
inline std::array<double, 1024> lanes;
inline std::array<std::array<float, 6>, 1024> fragments;

inline void __syncthreads() {
  barrier->arrive_and_wait();
}
inline void warp_sync() {
  warp_barriers[threadIdx.x / 32]->arrive_and_wait();
}
inline void __threadfence() {
  std::atomic_thread_fence(std::memory_order_seq_cst);
}
/// Every thread of the warp calls it equally often.
template <class Number>
Number __shfl_xor_sync(unsigned /*mask*/, Number value, int lane) {
  lanes[threadIdx.x] = value;
  warp_sync();
  const auto other = static_cast<Number>(lanes[threadIdx.x ^ static_cast<unsigned>(lane)]);
  warp_sync();
  return other;
}
inline void begin_kernel() {}
inline float as_tf32(float x) {
  return x;
}
/// The tensor cores' product of a warp's fragments, as kernels/mlp.cu describes them.
inline void mma_tf32(float* d, const float* a, const float* b) {
  const unsigned lane = threadIdx.x % 32, first = threadIdx.x - lane, g = lane / 4, t = lane % 4;
  fragments[threadIdx.x] = {a[0], a[1], a[2], a[3], b[0], b[1]};
  warp_sync();
  for (unsigned i = 0; i < 4; ++i) {
    const unsigned row = g + i / 2 * 8, column = 2 * t + i % 2;
    for (unsigned k = 0; k < 8; ++k)
      d[i] += fragments[first + row % 8 * 4 + k % 4][row / 8 + k / 4 * 2] *
              fragments[first + column * 4 + k % 4][4 + k / 4];
  }
  warp_sync();
}
inline int cluster_rank() {
  return 0;
}
inline void cluster_sync() {
  __syncthreads();
}
struct float4 {
  float x, y, z, w;
};
/// Of a cluster of one block, which has nobody to exchange with.
struct Exchange {
  static Exchange make(int /*bytes*/) { return {}; }
  void send(int /*rank*/, int /*index*/, float* /*place*/, float4 /*value*/) const {}
  void wait(int /*index*/, int /*bytes*/) const {}
};
inline void store_at(int /*rank*/, float* place, float4 value) {
  *reinterpret_cast<float4*>(place) = value;
}
inline unsigned atomicAdd(unsigned* number, unsigned more) {
  return std::atomic_ref<unsigned>(*number).fetch_add(more);
}
inline float erfinvf(float x) {
  return boost::math::erf_inv(x);
}

/// kernel<<<{blocks, blocks_y}, threads>>>.
template <class Kernel>
void run(unsigned blocks, unsigned blocks_y, unsigned threads, const Kernel& kernel) {
  gridDim = {blocks, blocks_y};
  blockDim = {threads, 1};
  for (unsigned y = 0; y < blocks_y; ++y)
    for (unsigned x = 0; x < blocks; ++x) {
      barrier = std::make_unique<std::barrier<>>(threads);
      for (unsigned w = 0; w < threads / 32; ++w) warp_barriers[w] = std::make_unique<std::barrier<>>(32);
      std::fill(std::begin(memory), std::end(memory), NAN);  // nothing is there that was not written
      std::vector<std::jthread> all;
      for (unsigned t = 0; t < threads; ++t)
        all.emplace_back([&, t] {
          threadIdx = {t, 0};
          blockIdx = {x, y};
          kernel();
        });
    }
}

}  // namespace vaco::host_cuda

#define __device__
#define __global__
#define __shared__
#define __launch_bounds__(...)
#define __grid_constant__
#define VACO_KERNEL inline
#define VACO_MEMORY static_assert(true)  // memory is there
// A cluster of one block, and products in float32 for the passes that stand for them on a card.
#define VACO_CLUSTER 1
#define VACO_CLUSTERS
#define VACO_PASSES 3
#define VACO_THREADS 128
