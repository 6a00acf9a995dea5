// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/step_noise.h"

#include <ATen/ATen.h>
#include <ATen/CPUGeneratorImpl.h>

namespace vaco {
namespace {

at::Generator generator_of(uint64_t seed, uint64_t stream) {
  return at::make_generator<at::CPUGeneratorImpl>(Rng(seed, stream).next());
}

}  // namespace

StepNoise::StepNoise(const Compute& compute, at::IntArrayRef sizes, uint64_t seed, uint64_t stream)
    : compute_(compute), seed_(seed), stream_(stream), values_(compute.zeros(sizes)) {
  if (!compute.keeps_to_device()) return;
  draws_.emplace(compute.step_salt(), values_.numel(), seed, stream);
  device_deviation_ = at::ones_like(compute.zeros({}));
}

void StepNoise::set_deviation(double deviation) {
  if (deviation == deviation_) return;
  deviation_ = deviation;
  if (draws_) device_deviation_.fill_(deviation);
}

const at::Tensor& StepNoise::draw() {
  if (draws_) {
    draws_->normal(device_deviation_, values_);
    return values_;
  }
  return values_.normal_(0.0, deviation_,
                         generator_of(seed_, stream_ + static_cast<uint64_t>(compute_.step())));
}

const at::Tensor& StepNoise::draw_uniform() {
  if (draws_) {
    draws_->uniform(values_);
    return values_;
  }
  return values_.uniform_(-1.0, 1.0, generator_of(seed_, stream_ + static_cast<uint64_t>(compute_.step())));
}

}  // namespace vaco
