// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/compute.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "core/device/check_compute.h"
#include "core/device/device_draws.h"
#include "core/device/library_threads.h"
#include "core/device/step_graph.h"
#include "core/nn/cuda_kernel.h"
#include "core/nn/dnnl_gemm.h"

namespace vaco {

Compute::Compute(at::Device device, at::ScalarType type, std::unique_ptr<Workers> workers, bool rounds_products,
                 bool keeps_to_device)
    : device_(device),
      type_(type),
      rounds_products_(rounds_products),
      keeps_to_device_(keeps_to_device),
      workers_(std::move(workers)),
      step_salt_(at::zeros({}, at::TensorOptions(device).dtype(at::kLong))),
      device_step_(at::zeros_like(step_salt_)) {
  begin_step(0);
}

namespace {

/// The devices of tests: plain torch operations on the CPU.
bool is_for_tests(const std::string& device) {
  return device == "reference" || device == "rehearsal";
}

bool uses_cuda(const ComputeOptions& options) {
  return options.device == "cuda" || (options.device == "auto" && at::hasCUDA());
}

}  // namespace

Result<void> check_compute(const ComputeOptions& options) {
  const auto& wanted = options.device;
  if (wanted != "auto" && wanted != "cpu" && wanted != "cuda" && !is_for_tests(wanted))
    return Error{ErrorCode::usage, "device takes auto, cpu or cuda, not '" + wanted + "'"};
  if (wanted == "cuda" && !at::hasCUDA())
    return Error{ErrorCode::unavailable,
                 "device = cuda, but this build or machine has no CUDA: use --device cpu or --device auto, "
                 "or build with installer/run --cuda on a machine with an NVIDIA card"};
  const auto& precision = options.precision;
  // What is saved is float32, so that a run in double precision could not go on bit for bit.
  if (precision == "float64" && !is_for_tests(wanted))
    return Error{ErrorCode::usage,
                 "precision = float64 is for tests alone: checkpoints hold float32, so that a run in double "
                 "precision could not be resumed exactly. Use float32"};
  if (precision != "float32" && precision != "auto" && precision != "float64" && precision != "bfloat16" &&
      precision != "tf32")
    return Error{ErrorCode::usage, "precision takes auto, float32, bfloat16 or tf32, not '" + precision + "'"};
  if (precision == "tf32" && !uses_cuda(options))
    return Error{
        ErrorCode::unavailable,
        "precision = tf32 is for NVIDIA cards: add --device cuda, or use --precision float32 or bfloat16"};
  if (precision != "bfloat16") return {};
  if (uses_cuda(options) || is_for_tests(wanted))
    return Error{ErrorCode::unavailable,
                 "precision = bfloat16 is for the CPU: add --device cpu, or use --precision float32 or tf32"};
  if (!has_fast_bfloat16())
    return Error{
        ErrorCode::unavailable,
        "precision = bfloat16, but this processor has no bfloat16 products (AVX-512 BF16 or AMX) and would "
        "be slower with it: use --precision float32 or auto"};
  return {};
}

Result<std::unique_ptr<Compute>> Compute::make(const ComputeOptions& options) {
  use_library_threads(1);
  if (auto checked = check_compute(options); !checked) return checked.error();
  const bool cuda = uses_cuda(options),
             rounds_products = options.precision == "bfloat16" || options.precision == "tf32";
  const auto type = options.precision == "float64" ? at::kDouble : at::kFloat;
  std::unique_ptr<Workers> workers;
  if (!cuda && !is_for_tests(options.device) && type == at::kFloat)
    workers = std::make_unique<Workers>(std::max(1, options.threads));
  if (cuda) use_own_stream();
  const auto device = cuda ? at::Device(at::kCUDA, 0) : at::Device(at::kCPU);
  const bool keeps_to_device = cuda || options.device == "rehearsal";
  return std::unique_ptr<Compute>(
      new Compute(device, type, std::move(workers), rounds_products, keeps_to_device));
}

std::unique_ptr<Mlp> Compute::mlp(const MlpShape& shape) {
  if (workers_) return make_dnnl_mlp(shape, *workers_, rounds_products_);
  return device_.is_cuda() ? make_cuda_mlp(shape, device_, rounds_products_)
                           : make_torch_mlp(shape, device_, type_);
}

at::Tensor Compute::parameters(const MlpShape& shape, Rng& rng) const {
  auto parameters = zeros({shape.copies, shape.parameters()});
  initialize(shape, parameters, [&] { return rng.uniform(); });
  return parameters;
}

Adam Compute::adam(const at::Tensor& like, double learning_rate) {
  return {like, {.learning_rate = learning_rate, .fused = !keeps_to_device_}, workers_.get()};
}

at::Tensor Compute::zeros(at::IntArrayRef sizes) const {
  return at::zeros(sizes, at::TensorOptions(device_).dtype(type_));
}

at::Tensor Compute::upload(const std::vector<float>& values, at::IntArrayRef sizes) const {
  return at::tensor(values).view(sizes).to(device_, type_);
}

at::Tensor Compute::upload(const std::vector<int64_t>& values) const {
  return at::tensor(values).to(device_);
}

void Compute::begin_step(int64_t step) {
  step_ = step;
  if (!device_.is_cuda()) {
    if (keeps_to_device_) step_salt_.fill_(static_cast<int64_t>(vaco::step_salt(step)));
    return;
  }
  // A card counts by itself, so that a step is one launch.
  if (device_counts_to_ != step) device_step_.fill_(step);
  device_counts_to_ = step + 1;
}

void Compute::begin_step_on_device() {
  if (!device_.is_cuda()) return;
  static const CudaKernel kernel{std::string(vector_kernels()), "begin_step"};
  int64_t *step = device_step_.data_ptr<int64_t>(), *salt = step_salt_.data_ptr<int64_t>();
  kernel.launch({.threads = 1}, {&step, &salt});
}

}  // namespace vaco
