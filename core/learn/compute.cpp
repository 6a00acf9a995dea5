// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/compute.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <dlfcn.h>

#include <algorithm>

namespace vaco {
namespace {

/// torch's and OpenBLAS's own pools would spin against ours: one thread each (their pools know nothing of each
/// other).
void silence_other_thread_pools() {
  at::set_num_threads(1);
  if (auto* set = reinterpret_cast<void (*)(int)>(dlsym(RTLD_DEFAULT, "openblas_set_num_threads"))) set(1);
}

}  // namespace

Compute::Compute(at::Device device, int threads) : device_(device) {
  if (device.is_cpu()) workers_ = std::make_unique<Workers>(std::max(1, threads));
}

Result<std::unique_ptr<Compute>> Compute::make(const ComputeOptions& options) {
  silence_other_thread_pools();
  at::Device device = at::kCPU;
  if (options.device == "cuda" || (options.device == "auto" && at::hasCUDA())) {
    if (!at::hasCUDA())
      return Error{ErrorCode::unavailable,
                   "device = cuda, but this build or machine has no CUDA: use --device cpu or --device auto"};
    device = at::Device(at::kCUDA, 0);
  } else if (options.device != "cpu" && options.device != "auto") {
    return Error{ErrorCode::usage, "device takes auto, cpu or cuda, not '" + options.device + "'"};
  }
  if (options.precision == "bfloat16")
    return Error{ErrorCode::unavailable,
                 "precision = bfloat16 is not offered by this version: use --precision float32 or auto"};
  if (options.precision != "float32" && options.precision != "auto")
    return Error{ErrorCode::usage, "precision takes auto or float32, not '" + options.precision + "'"};
  return std::unique_ptr<Compute>(new Compute(device, options.threads));
}

std::unique_ptr<Mlp> Compute::mlp(const MlpShape& shape) {
  return workers_ ? make_dnnl_mlp(shape, *workers_) : make_torch_mlp(shape, device_);
}

at::Tensor Compute::parameters(const MlpShape& shape, Rng& rng) const {
  auto parameters = zeros({shape.copies, shape.parameters()});
  initialize(shape, parameters, [&] { return rng.uniform(); });
  return parameters;
}

at::Tensor Compute::zeros(at::IntArrayRef sizes) const {
  return at::zeros(sizes, at::TensorOptions(device_).dtype(at::kFloat));
}

at::Tensor Compute::upload(const std::vector<float>& values, at::IntArrayRef sizes) const {
  return at::tensor(values).view(sizes).to(device_);
}

}  // namespace vaco
