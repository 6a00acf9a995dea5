// SPDX-License-Identifier: GPL-3.0-or-later
// What a kernel is without a card: the same in every build.
#include <utility>

#include "core/nn/cuda_kernel.h"

namespace vaco {

CudaKernel::CudaKernel(std::string source, std::string name)
    : source_(std::move(source)), name_(std::move(name)) {}

void CudaKernel::launch(const Launch& layout, std::initializer_list<const void*> arguments) const {
  launch(layout, arguments.begin());
}

Launch one_thread_each(int64_t count) {
  return {.blocks = static_cast<unsigned>((count + 255) / 256)};
}

}  // namespace vaco
