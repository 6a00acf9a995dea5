// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/step_noise.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace vaco {
namespace {

at::Generator generator_of(uint64_t seed, uint64_t stream) {
  return at::make_generator<at::CPUGeneratorImpl>(Rng(seed, stream).next());
}

}  // namespace

StepNoise::StepNoise(const Compute& compute, at::IntArrayRef sizes, uint64_t seed, uint64_t stream)
    : seed_(seed), stream_(stream << 48U), device_(compute.zeros(sizes)) {
  host_ = compute.device().is_cpu() ? device_ : at::zeros_like(device_, at::TensorOptions(at::kCPU));
}

const at::Tensor& StepNoise::upload() {
  if (!device_.is_same(host_)) device_.copy_(host_);
  return device_;
}

const at::Tensor& StepNoise::draw(int64_t step) {
  host_.normal_(0.0, 1.0, generator_of(seed_, stream_ + static_cast<uint64_t>(step)));
  return upload();
}

const at::Tensor& StepNoise::draw_uniform(int64_t step) {
  host_.uniform_(-1.0, 1.0, generator_of(seed_, stream_ + static_cast<uint64_t>(step)));
  return upload();
}

}  // namespace vaco
