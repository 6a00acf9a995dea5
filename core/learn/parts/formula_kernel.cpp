// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/formula_kernel.h"

#include <ATen/ATen.h>

#include <array>
#include <cassert>
#include <cstdio>
#include <vector>

namespace vaco {
namespace {

/// What stands before every formula. An argument's steps are those of its tensor, 0 where it is repeated.
constexpr const char* kPrelude = R"cuda(
struct Argument {
  float* data;
  int step[3];
  float value;
};
__device__ inline float of(const Argument& a, int i, int j, int k) {
  return a.data ? a.data[i * a.step[0] + j * a.step[1] + k * a.step[2]] : a.value;
}
__device__ inline float smaller(float a, float b) { return a < b || a != a ? a : b; }
__device__ inline float at_least(float x, float low) { return x < low ? low : x; }
__device__ inline float at_most(float x, float high) { return x > high ? high : x; }
)cuda";

constexpr int kSumThreads = 512;

/// As the kernels know it.
struct KernelArgument {
  float* data = nullptr;
  int step[3] = {0, 0, 0};
  float value = 0.0f;
};
using Box = std::array<int, 3>;

Box box_of(const at::Tensor& tensor) {
  assert(tensor.dim() <= 3);
  Box box{1, 1, 1};
  for (int64_t d = 1; d <= tensor.dim(); ++d)
    box[static_cast<size_t>(3 - d)] = static_cast<int>(tensor.size(-d));
  return box;
}

KernelArgument as_argument(const FormulaArgument& given) {
  KernelArgument argument;
  if (!given.tensor) {
    argument.value = static_cast<float>(given.value);
    return argument;
  }
  const at::Tensor& tensor = *given.tensor;
  assert(tensor.is_cuda() && tensor.scalar_type() == at::kFloat && tensor.dim() <= 3);
  argument.data = tensor.data_ptr<float>();
  for (int64_t d = 1; d <= tensor.dim(); ++d)
    if (tensor.size(-d) > 1) argument.step[3 - d] = static_cast<int>(tensor.stride(-d));
  return argument;
}

std::vector<const void*> pointers_to(const std::vector<KernelArgument>& arguments) {
  std::vector<const void*> pointers;
  for (const auto& argument : arguments) pointers.push_back(&argument);
  return pointers;
}

}  // namespace

Symbol::Symbol(double constant) {
  char text[48];
  std::snprintf(text, sizeof text, "%af", static_cast<double>(static_cast<float>(constant)));
  text_ = text;
}

Symbol Symbol::argument(size_t index) {
  Symbol symbol;
  symbol.text_ = "x" + std::to_string(index);
  return symbol;
}

Symbol Symbol::joined(const Symbol& a, const char* op, const Symbol& b) {
  Symbol symbol;
  symbol.text_ = "((float)(" + a.text_ + " " + op + " " + b.text_ + "))";
  return symbol;
}

Symbol Symbol::called(const char* function, const Symbol& a, const Symbol& b) {
  Symbol symbol;
  symbol.text_ = std::string(function) + "(" + a.text_ + ", " + b.text_ + ")";
  return symbol;
}

std::string formula_source(const std::string& formula, size_t arguments) {
  std::string parameters, values;
  for (size_t i = 0; i < arguments; ++i) {
    const auto number = std::to_string(i);
    parameters += ", Argument a" + number;
    values += "  const float x" + number + " = of(a" + number + ", i, j, k);\n";
  }
  const std::string head = "extern \"C\" __global__ void ",
                    place = "  const int k = at % c, j = at / c % b, i = at / c / b;\n";
  std::string source = kPrelude;
  source += head + "evaluate(int a, int b, int c, Argument to" + parameters + ") {\n";
  source += "  const int at = blockIdx.x * blockDim.x + threadIdx.x;\n  if (at >= a * b * c) return;\n" +
            place + values;
  source += "  to.data[i * to.step[0] + j * to.step[1] + k * to.step[2]] = " + formula + ";\n}\n";
  source += head + "sum(int a, int b, int c, float* to, int add, float share" + parameters + ") {\n";
  source += "  __shared__ double part[" + std::to_string(kSumThreads / 32) + "];\n  double total = 0.0;\n";
  source += "  for (int at = threadIdx.x; at < a * b * c; at += blockDim.x) {\n" + place + values;
  source += "  total += (double)" + formula + ";\n  }\n";
  source +=
      R"cuda(  for (int lane = 16; lane > 0; lane /= 2) total += __shfl_xor_sync(0xffffffffu, total, lane);
  if (threadIdx.x % 32 == 0) part[threadIdx.x / 32] = total;
  __syncthreads();
  if (threadIdx.x != 0) return;
  for (int warp = 1; warp < blockDim.x / 32; ++warp) total += part[warp];
  *to = (add ? *to : 0.0f) + (float)total * share;
}
)cuda";
  return source;
}

FormulaKernels::FormulaKernels(const std::string& formula, size_t arguments)
    : evaluate_(formula_source(formula, arguments), "evaluate"),
      sum_(formula_source(formula, arguments), "sum") {}

void FormulaKernels::evaluate(const at::Tensor& result,
                              std::initializer_list<FormulaArgument> arguments) const {
  std::vector<KernelArgument> all{as_argument(result)};
  for (const auto& argument : arguments) all.push_back(as_argument(argument));
  const Box box = box_of(result);
  std::vector<const void*> pointers{&box[0], &box[1], &box[2]};
  for (const void* pointer : pointers_to(all)) pointers.push_back(pointer);
  evaluate_.launch(one_thread_each(result.numel()), pointers.data());
}

void FormulaKernels::sum(const at::Tensor& result, const at::Tensor& like,
                         std::initializer_list<FormulaArgument> arguments) const {
  sum_into(result, false, 1.0, like, arguments);
}

void FormulaKernels::accumulate(const at::Tensor& result, double share, const at::Tensor& like,
                                std::initializer_list<FormulaArgument> arguments) const {
  sum_into(result, true, share, like, arguments);
}

void FormulaKernels::sum_into(const at::Tensor& result, bool add, double share, const at::Tensor& like,
                              std::initializer_list<FormulaArgument> arguments) const {
  std::vector<KernelArgument> all;
  for (const auto& argument : arguments) all.push_back(as_argument(argument));
  const Box box = box_of(like);
  float* const to = result.data_ptr<float>();
  const int adds = add ? 1 : 0;
  const auto factor = static_cast<float>(share);
  std::vector<const void*> pointers{&box[0], &box[1], &box[2], &to, &adds, &factor};
  for (const void* pointer : pointers_to(all)) pointers.push_back(pointer);
  sum_.launch({.threads = kSumThreads}, pointers.data());
}

}  // namespace vaco
