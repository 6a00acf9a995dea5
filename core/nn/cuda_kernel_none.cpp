// SPDX-License-Identifier: GPL-3.0-or-later
// Stands in for cuda_kernel.cpp where libtorch has no CUDA.
#include <stdexcept>

#include "core/nn/cuda_kernel.h"

namespace vaco {

int cuda_architecture() {
  return 0;
}

void* CudaKernel::compiled() const {
  return nullptr;
}

void CudaKernel::launch(const Launch& /*launch*/, const void* const* /*arguments*/) const {
  throw std::logic_error("this build has no CUDA: no kernel can be launched");
}

}  // namespace vaco
