// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/formula.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "core/device/step_graph.h"

namespace vaco {

bool runs_as_loop(const at::Tensor& result) {
  return result.is_cpu() && result.scalar_type() == at::kFloat && !steps_are_observed();
}

at::Tensor smaller(const at::Tensor& a, const at::Tensor& b) {
  return at::minimum(a, b);
}
at::Tensor at_least(const at::Tensor& x, double low) {
  return x.clamp_min(low);
}
at::Tensor at_most(const at::Tensor& x, double high) {
  return x.clamp_max(high);
}

namespace formula_detail {

Box box_of(const at::Tensor& tensor) {
  assert(tensor.dim() <= 3);
  Box box{1, 1, 1};
  for (int64_t d = 1; d <= tensor.dim(); ++d) box[static_cast<size_t>(3 - d)] = tensor.size(-d);
  return box;
}

Numbers within(const Box& box, const at::Tensor& tensor) {
  assert(tensor.is_cpu() && tensor.scalar_type() == at::kFloat && tensor.dim() <= 3);
  Numbers numbers{.flat = tensor.is_contiguous() && tensor.numel() == box[0] * box[1] * box[2],
                  .data = tensor.data_ptr<float>(),
                  .steps = {0, 0, 0}};
  for (int64_t d = 1; d <= tensor.dim(); ++d) {
    const auto k = static_cast<size_t>(3 - d);
    assert(tensor.size(-d) == box[k] || tensor.size(-d) == 1);
    if (tensor.size(-d) > 1) numbers.steps[k] = tensor.stride(-d);
  }
  return numbers;
}

}  // namespace formula_detail

void gather_rows(const at::Tensor& table, const at::Tensor& rows, at::Tensor& out) {
  if (!runs_as_loop(out) || !table.is_contiguous() || !out.is_contiguous()) {
    at::index_select_out(out, table, 0, rows);
    return;
  }
  // Rows of a large dataset are anywhere in memory: each is asked for a few rows ahead.
  constexpr int64_t kAhead = 8;
  const int64_t width = table.size(1), count = rows.numel();
  const float* from = table.data_ptr<float>();
  const int64_t* row = rows.data_ptr<int64_t>();
  float* to = out.data_ptr<float>();
  for (int64_t i = 0; i < count; ++i) {
    assert(row[i] >= 0 && row[i] < table.size(0));
    if (i + kAhead < count) __builtin_prefetch(from + row[i + kAhead] * width);
    to = std::copy_n(from + row[i] * width, width, to);
  }
}

}  // namespace vaco
