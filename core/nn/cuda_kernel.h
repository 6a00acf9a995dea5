// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <atomic>
#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace vaco {

/// How a kernel is laid out: blocks along x and y, threads of each, and bytes of memory that a block shares.
struct Launch {
  unsigned blocks = 1, blocks_y = 1;
  unsigned threads = 256;
  unsigned shared_bytes = 0;
};
/// So many blocks of 256 threads that each of count elements has a thread.
Launch one_thread_each(int64_t count);

/// A kernel in CUDA C++, compiled by NVRTC for the card that there is when it is launched first: the build
/// needs no CUDA compiler, and a formula that is put together at run time becomes a kernel like any other. Any
/// thread.
class CudaKernel {
 public:
  /// name: of an extern "C" kernel in source.
  CudaKernel(std::string source, std::string name);
  /// On this thread's current stream; arguments point to the kernel's arguments, in order. The first launch
  /// compiles, and must not be captured. Throws std::runtime_error: what NVRTC or the driver says. A build
  /// without CUDA throws std::logic_error, as no device can ask for it.
  void launch(const Launch& launch, std::initializer_list<const void*> arguments) const;
  void launch(const Launch& launch, const void* const* arguments) const;

 private:
  void* compiled() const;
  std::string source_, name_;
  mutable std::atomic<void*> function_{nullptr};
};

/// The current card's architecture as NVRTC counts: 90 for Hopper; 0 in a build without CUDA.
int cuda_architecture();

/// The texts of core/nn/kernels.
std::string_view mlp_kernels();
std::string_view vector_kernels();

}  // namespace vaco
