// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/return_advantages.h"

#include <ATen/ATen.h>

namespace vaco {

std::vector<float> return_advantages(const TrainingData& data) {
  const auto count = static_cast<int64_t>(data.trajectory_return.size());
  const auto inputs = at::ones({count, data.obs_dim + 1}, at::kDouble);
  const auto returns = at::empty({count, 1}, at::kDouble);
  auto *x = inputs.data_ptr<double>(), *y = returns.data_ptr<double>();
  for (int64_t t = 0; t < count; ++t) {
    const float* first =
        &data.observations[static_cast<size_t>(data.trajectory_first[static_cast<size_t>(t)] * data.obs_dim)];
    for (int64_t k = 0; k < data.obs_dim; ++k) *x++ = first[k];
    ++x;  // the constant's 1
    *y++ = data.trajectory_return[static_cast<size_t>(t)];
  }
  // By singular values: first observations may lie in fewer dimensions than they have.
  const at::Tensor fit = std::get<0>(at::linalg_lstsq(inputs, returns, {}, "gelsd"));
  const at::Tensor left = (returns - at::matmul(inputs, fit)).to(at::kFloat);
  return {left.data_ptr<float>(), left.data_ptr<float>() + left.numel()};
}

}  // namespace vaco
