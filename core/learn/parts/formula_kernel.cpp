// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/formula_kernel.h"

#include <ATen/ATen.h>

#include <cassert>
#include <cstdio>
#include <utility>

#include "core/learn/parts/formula_sequence.h"

namespace vaco {
namespace {

/// What stands before every formula. An argument's steps are those of its tensor, 0 where it is repeated.
constexpr std::string_view kPrelude = R"cuda(
struct Argument {
  float* data;
  int step[3];
  float value;
};
__device__ inline float of(const Argument& a, int i, int j, int k) {
  return a.data ? a.data[i * a.step[0] + j * a.step[1] + k * a.step[2]] : a.value;
}
__device__ inline float& place_of(const Argument& a, int i, int j, int k) {
  return a.data[i * a.step[0] + j * a.step[1] + k * a.step[2]];
}
__device__ inline float smaller(float a, float b) { return a < b || a != a ? a : b; }
__device__ inline float at_least(float x, float low) { return x < low ? low : x; }
__device__ inline float at_most(float x, float high) { return x > high ? high : x; }
/// The sum of all threads' numbers, which thread 0 gets; part: a number for each warp.
__device__ inline double block_sum(double total, double* part) {
  for (int lane = 16; lane > 0; lane /= 2) total += __shfl_xor_sync(0xffffffffu, total, lane);
  if (threadIdx.x % 32 == 0) part[threadIdx.x / 32] = total;
  __syncthreads();
  if (threadIdx.x == 0)
    for (int warp = 1; warp < blockDim.x / 32; ++warp) total += part[warp];
  return total;
}
)cuda";

constexpr int kSumThreads = 512;

}  // namespace

std::string_view formula_prelude() {
  return kPrelude;
}

std::array<int, 3> kernel_box(const at::Tensor& tensor) {
  assert(tensor.dim() <= 3);
  std::array<int, 3> box{1, 1, 1};
  for (int64_t d = 1; d <= tensor.dim(); ++d)
    box[static_cast<size_t>(3 - d)] = static_cast<int>(tensor.size(-d));
  return box;
}

KernelArgument as_argument(const FormulaArgument& given) {
  KernelArgument argument{.value = given.value};
  const at::Tensor& tensor = given.tensor;
  if (!tensor.defined()) return argument;
  assert(tensor.is_cuda() && tensor.scalar_type() == at::kFloat && tensor.dim() <= 3);
  argument.data = tensor.data_ptr<float>();
  for (int64_t d = 1; d <= tensor.dim(); ++d)
    if (tensor.size(-d) > 1) argument.step[3 - d] = static_cast<int>(tensor.stride(-d));
  return argument;
}

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
  std::string source(kPrelude);
  source += head + "evaluate(int a, int b, int c, Argument to" + parameters + ") {\n";
  source +=
      "  const int at = blockIdx.x * blockDim.x + threadIdx.x;\n  begin_kernel();\n"
      "  if (at >= a * b * c) return;\n" +
      place + values;
  source += "  place_of(to, i, j, k) = " + formula + ";\n}\n";
  source += head + "sum(int a, int b, int c, float* to, int add, float share" + parameters + ") {\n";
  source += "  __shared__ double part[" + std::to_string(kSumThreads / 32) +
            "];\n  double total = 0.0;\n  begin_kernel();\n";
  source += "  for (int at = threadIdx.x; at < a * b * c; at += blockDim.x) {\n" + place + values;
  source += "  total += (double)" + formula + ";\n  }\n";
  source +=
      "  total = block_sum(total, part);\n"
      "  if (threadIdx.x == 0) *to = (add ? *to : 0.0f) + (float)total * share;\n}\n";
  return source;
}

FormulaKernels::FormulaKernels(std::string formula, size_t arguments)
    : formula_(std::move(formula)),
      evaluate_(formula_source(formula_, arguments), "evaluate"),
      sum_(formula_source(formula_, arguments), "sum") {}

namespace {

void submit(FormulaCall call) {
  if (auto* sequence = FormulaSequence::current())
    sequence->add(std::move(call));
  else
    call.kernels->launch(call);
}

}  // namespace

void FormulaKernels::evaluate(const at::Tensor& result, std::vector<FormulaArgument> arguments) const {
  submit({.kernels = this, .result = result, .arguments = std::move(arguments)});
}

void FormulaKernels::sum(const at::Tensor& result, const at::Tensor& like,
                         std::vector<FormulaArgument> arguments) const {
  submit({.kernels = this, .result = result, .arguments = std::move(arguments), .like = like});
}

void FormulaKernels::accumulate(const at::Tensor& result, double share, const at::Tensor& like,
                                std::vector<FormulaArgument> arguments) const {
  submit({.kernels = this,
          .result = result,
          .arguments = std::move(arguments),
          .like = like,
          .adds = true,
          .share = share});
}

void FormulaKernels::launch(const FormulaCall& call) const {
  const auto box = kernel_box(call.elements());
  const auto result = as_argument(call.result);
  const int adds = call.adds ? 1 : 0;
  const auto share = static_cast<float>(call.share);
  std::vector<const void*> pointers{&box[0], &box[1], &box[2]};
  if (call.sums())
    pointers.insert(pointers.end(), {&result.data, &adds, &share});
  else
    pointers.push_back(&result);
  std::vector<KernelArgument> arguments;
  for (const auto& argument : call.arguments) arguments.push_back(as_argument(argument));
  for (const auto& argument : arguments) pointers.push_back(&argument);
  if (call.sums())
    sum_.launch({.threads = kSumThreads}, pointers.data());
  else
    evaluate_.launch(one_thread_each(call.result.numel()), pointers.data());
}

}  // namespace vaco
