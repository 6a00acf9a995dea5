// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/formula.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cassert>
#include <span>
#include <string>

#include "core/device/step_graph.h"
#include "core/nn/cuda_kernel.h"

namespace vaco {

bool runs_as_loop(const at::Tensor& result) {
  return result.is_cpu() && result.scalar_type() == at::kFloat && !steps_are_observed();
}

bool runs_as_kernel(const at::Tensor& result) {
  return result.is_cuda() && result.scalar_type() == at::kFloat;
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
at::Tensor at_least(const at::Tensor& x, const at::Tensor& low) {
  return at::maximum(x, low);
}
at::Tensor at_most(const at::Tensor& x, const at::Tensor& high) {
  return at::minimum(x, high);
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

namespace {

double share_of(const at::Tensor& x) {
  return 1.0 / static_cast<double>(x.numel());
}

/// operations(result), by torch: now on the host's fast path, else where its sequence ends.
template <class Operations>
void in_torch(at::Tensor result, const Operations& operations) {
  if (runs_as_loop(result)) return operations(result);
  in_sequence([result, operations]() mutable { operations(result); });
}

}  // namespace

void assign_tanh(const at::Tensor& result, const at::Tensor& x) {
  static const FormulaKernels kernels("tanhf(x0)", 1);
  if (runs_as_kernel(result)) return kernels.evaluate(result, {x});
  in_torch(result, [x](at::Tensor& out) { at::tanh_out(out, x); });
}

void assign_sigmoid(const at::Tensor& result, const at::Tensor& x) {
  static const FormulaKernels kernels("(1.0f / (1.0f + expf(-x0)))", 1);
  if (runs_as_kernel(result)) return kernels.evaluate(result, {x});
  in_torch(result, [x](at::Tensor& out) { at::sigmoid_out(out, x); });
}

void assign_clipped_exp(const at::Tensor& result, const at::Tensor& x, double scale, double highest) {
  static const FormulaKernels kernels("at_most(expf(x0 * x1), x2)", 3);
  if (runs_as_kernel(result)) return kernels.evaluate(result, {x, scale, highest});
  in_torch(result, [=](at::Tensor& out) { out.copy_(x).mul_(scale).exp_().clamp_max_(highest); });
}

void assign_mean(const at::Tensor& result, const at::Tensor& x) {
  static const FormulaKernels kernels("(x0 * x1)", 2);
  if (runs_as_kernel(result)) return kernels.sum(result, x, {x, share_of(x)});
  in_torch(result, [x](at::Tensor& out) { at::mean_out(out, x, at::IntArrayRef{}); });
}

void assign_absolute_sum(const at::Tensor& result, at::Tensor& x) {
  static const FormulaKernels kernels("fabsf(x0)", 1);
  if (runs_as_kernel(result)) return kernels.sum(result, x, {x});
  in_torch(result, [x](at::Tensor& out) { at::sum_out(out, x.abs_(), at::IntArrayRef{}); });
}

at::Tensor mean_of(const at::Tensor& x) {
  auto mean = at::empty({}, x.options());
  assign_mean(mean, x);
  return mean;
}

at::Tensor mean_absolute_of(const at::Tensor& x) {
  static const FormulaKernels kernels("(fabsf(x0) * x1)", 2);
  auto mean = at::empty({}, x.options());
  if (runs_as_kernel(x)) {
    kernels.sum(mean, x, {x, share_of(x)});
  } else {
    in_torch(mean, [x](at::Tensor& out) { at::mean_out(out, x.abs(), at::IntArrayRef{}); });
  }
  return mean;
}

namespace {

constexpr size_t kMaxTables = 6;  // as in core/nn/kernels/vectors.cu

struct KernelTables {
  const float* from[kMaxTables] = {};
  float* to[kMaxTables] = {};
  long long from_step[kMaxTables] = {}, to_step[kMaxTables] = {};
  int width[kMaxTables] = {};
};

bool runs_on_card(const Gathering& g) {
  return runs_as_kernel(g.out) && g.table.stride(1) == 1 && g.out.stride(1) == 1;
}

void gather_on_card(const at::Tensor& rows, std::span<const Gathering> gatherings) {
  static const CudaKernel kernel{std::string(vector_kernels()), "gather_rows"};
  assert(gatherings.size() <= kMaxTables);
  KernelTables tables;
  int width = 0;
  for (size_t i = 0; i < gatherings.size(); ++i) {
    const auto& [table, out] = gatherings[i];
    tables.from[i] = table.data_ptr<float>();
    tables.to[i] = out.data_ptr<float>();
    tables.from_step[i] = table.stride(0);
    tables.to_step[i] = out.stride(0);
    width += tables.width[i] = static_cast<int>(table.size(1));
  }
  const int64_t* row = rows.data_ptr<int64_t>();
  const int count = static_cast<int>(rows.numel());
  kernel.launch(one_thread_each(int64_t{count} * width), {&tables, &row, &count, &width});
}

}  // namespace

void gather_rows(const at::Tensor& rows, std::initializer_list<Gathering> tables) {
  if (std::ranges::all_of(tables, runs_on_card)) return gather_on_card(rows, tables);
  for (const auto& [table, out] : tables) gather_rows(table, rows, out);
}

void gather_rows(const at::Tensor& table, const at::Tensor& rows, at::Tensor& out) {
  const Gathering gathering{table, out};
  if (runs_on_card(gathering)) return gather_on_card(rows, {&gathering, 1});
  if (!runs_as_loop(out) || !table.is_contiguous() || out.stride(1) != 1) {
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
    std::copy_n(from + row[i] * width, width, to + i * out.stride(0));
  }
}

}  // namespace vaco
