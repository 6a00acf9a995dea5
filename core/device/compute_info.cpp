// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/Context.h>
#include <dlfcn.h>
#include <torch/csrc/api/include/torch/version.h>

#include <cstdio>
#include <string>

#include "core/base/threads.h"
#include "core/device/blas_warning.h"
#include "core/device/compute_info.h"
#include "core/device/gpu_readout.h"
#include "core/nn/dnnl_gemm.h"

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

std::string blas_warning(const std::string& openblas, bool mkl) {
  if (!openblas.empty() || mkl) return {};
  return "The reference BLAS is loaded: parts of libtorch run up to 60 times slower. Install "
         "libopenblas0-pthread and start again (apt-get install libopenblas0-pthread)";
}

ComputeInfo compute_info() {
  ComputeInfo info;
  info.libraries = "libtorch " TORCH_VERSION ", " + dnnl_version_name();
  const std::string blas = openblas_version();
  // Intel's library may be part of libtorch itself, with no symbol to be seen.
  const bool mkl = at::hasMKL() || dlsym(RTLD_DEFAULT, "MKL_Get_Version_String") != nullptr;
  if (!blas.empty()) info.libraries += ", " + blas;
  info.blas_warning = blas_warning(blas, mkl);
  info.cuda = at::hasCUDA();
  info.instructions = instruction_set();
  info.device = "CPU, " + std::to_string(usable_processors()) + " cores (" + info.instructions + ")";
  if (const auto card = info.cuda ? read_gpu() : std::nullopt) {
    char text[128];
    std::snprintf(text, sizeof text, "; %.40s, %.0f GiB (driver %.20s)", card->name.c_str(), card->memory_gib,
                  card->driver.c_str());
    info.device += text;
    info.card = card->name;
  }
  return info;
}

}  // namespace vaco
