// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/library_threads.h"

#include <ATen/Parallel.h>
#include <dlfcn.h>

namespace vaco {

void use_library_threads(int count) {
  at::set_num_threads(count);
  // No header of OpenBLAS is needed, and another BLAS does not have it.
  if (auto* set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(count);
}

}  // namespace vaco
