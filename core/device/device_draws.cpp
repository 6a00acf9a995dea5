// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/device_draws.h"

#include <ATen/ATen.h>

#include <array>
#include <numbers>

#include "core/base/rng.h"
#include "core/nn/cuda_kernel.h"

namespace vaco {
namespace {

constexpr uint64_t kIncrement = 0x9e3779b97f4a7c15ull;
constexpr uint64_t kFirst = 0xbf58476d1ce4e5b9ull, kSecond = 0x94d049bb133111ebull;

/// torch has no unsigned 64-bit integers, but its products and sums wrap all the same.
int64_t as_signed(uint64_t bits) {
  return static_cast<int64_t>(bits);
}

/// values ^= values >> bits, as if they were unsigned.
void fold(at::Tensor& values, at::Tensor& scratch, int64_t bits) {
  at::bitwise_right_shift_out(scratch, values, bits).bitwise_and_(as_signed(~uint64_t{0} >> bits));
  values.bitwise_xor_(scratch);
}

}  // namespace

uint64_t step_salt(int64_t step) {
  uint64_t z = (static_cast<uint64_t>(step) + 1) * kIncrement;
  z = (z ^ (z >> 30)) * kFirst;
  z = (z ^ (z >> 27)) * kSecond;
  return z ^ (z >> 31);
}

DeviceDraws::DeviceDraws(const at::Tensor& salt, int64_t count, uint64_t seed, uint64_t stream)
    : salt_(salt),
      counters_(at::arange(1, count + 1, salt.options())
                    .mul_(as_signed(kIncrement))
                    .add_(as_signed(Rng(seed, stream).next()))),
      bits_(at::zeros_like(counters_)),
      shifted_(at::zeros_like(counters_)) {}

const at::Tensor& DeviceDraws::bits() {
  at::add_out(bits_, counters_, salt_);
  fold(bits_, shifted_, 30);
  bits_.mul_(as_signed(kFirst));
  fold(bits_, shifted_, 27);
  bits_.mul_(as_signed(kSecond));
  fold(bits_, shifted_, 31);
  return bits_;
}

void DeviceDraws::indices(const Source& from, at::Tensor& out) {
  const bool of_groups = from.element.defined();
  if (out.is_cuda()) {
    static const CudaKernel kernel{std::string(vector_kernels()), "draw_indices"};
    const auto pointer = [](const at::Tensor& numbers) {
      return numbers.defined() ? numbers.data_ptr<int64_t>() : nullptr;
    };
    // As in core/nn/kernels/vectors.cu.
    const std::array<const int64_t*, 5> source{pointer(from.below), pointer(from.rows), pointer(from.element),
                                               pointer(from.group_first), pointer(from.group_length)};
    const auto *counters = counters_.data_ptr<int64_t>(), *salt = salt_.data_ptr<int64_t>();
    const int count = static_cast<int>(counters_.numel());
    int64_t* to = out.data_ptr<int64_t>();
    kernel.launch(one_thread_each(count), {&counters, &salt, &source, &count, &to});
    return;
  }
  at::remainder_out(out, bits(), of_groups ? from.group_length.index_select(0, from.element) : from.below);
  if (of_groups) out.add_(from.group_first.index_select(0, from.element));
  if (from.rows.defined()) out.copy_(from.rows.index_select(0, out));
}

void DeviceDraws::numbers_on_card(const float* deviation, at::Tensor& out) {
  static const CudaKernel kernel{std::string(vector_kernels()), "draw_numbers"};
  const auto *counters = counters_.data_ptr<int64_t>(), *salt = salt_.data_ptr<int64_t>();
  const int count = static_cast<int>(counters_.numel());
  float* to = out.data_ptr<float>();
  kernel.launch(one_thread_each(count), {&counters, &salt, &count, &deviation, &to});
}

void DeviceDraws::uniform(at::Tensor& out) {
  if (out.is_cuda() && out.scalar_type() == at::kFloat) return numbers_on_card(nullptr, out);
  bits();
  out.view(-1).copy_(bits_.bitwise_right_shift_(40));
  out.add_(0.5).mul_(0x1p-23);
}

void DeviceDraws::normal(const at::Tensor& deviation, at::Tensor& out) {
  if (out.is_cuda() && out.scalar_type() == at::kFloat)
    return numbers_on_card(deviation.data_ptr<float>(), out);
  uniform(out);
  out.erfinv_().mul_(std::numbers::sqrt2).mul_(deviation);
}

}  // namespace vaco
