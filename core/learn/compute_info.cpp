// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/Context.h>
#include <dlfcn.h>
#include <oneapi/dnnl/dnnl.h>
#include <torch/csrc/api/include/torch/version.h>

#include <cstdio>
#include <string>
#include <thread>

#include "core/learn/algorithm.h"

namespace vaco {
namespace {

/// OpenBLAS's own description ("OpenBLAS 0.3.21 ..."), or empty when another BLAS is loaded.
std::string openblas_version() {
  const auto config = reinterpret_cast<const char* (*)()>(dlsym(RTLD_DEFAULT, "openblas_get_config"));
  if (!config) return {};
  const std::string text = config();
  return text.substr(0, text.find(' ', text.find(' ') + 1));
}

std::string instruction_set() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx512f")) return "AVX-512";
  if (__builtin_cpu_supports("avx2")) return "AVX2";
#endif
  return "baseline";
}

}  // namespace

ComputeInfo compute_info() {
  ComputeInfo info;
  const dnnl_version_t& dnnl = *dnnl_version();
  char text[128];
  std::snprintf(text, sizeof text, "libtorch %s, oneDNN %d.%d.%d", TORCH_VERSION, dnnl.major, dnnl.minor,
                dnnl.patch);
  info.libraries = text;
  const std::string blas = openblas_version();
  const bool mkl = dlsym(RTLD_DEFAULT, "MKL_Get_Version_String") != nullptr;
  if (!blas.empty()) info.libraries += ", " + blas;
  if (blas.empty() && !mkl)
    info.blas_warning =
        "The reference BLAS is loaded: parts of libtorch run up to 60 times slower. Install "
        "libopenblas0-pthread and "
        "start again (apt-get install libopenblas0-pthread)";
  info.cuda = at::hasCUDA();
  info.device = "CPU, " + std::to_string(std::max(1u, std::thread::hardware_concurrency())) + " cores (" +
                instruction_set() + ")";
  return info;
}

}  // namespace vaco
