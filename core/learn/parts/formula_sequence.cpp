// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/learn/parts/formula_sequence.h"

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace vaco {
namespace {

/// A sequence is done by one block, which passes over larger results more slowly than a launch of many blocks
/// costs.
constexpr int64_t kMostElements = 8192;
constexpr int kMostThreads = 1024;

thread_local FormulaSequence* gathering = nullptr;

const CudaKernel& kernel_of(std::string source) {
  static std::mutex mutex;
  static std::map<std::string, std::unique_ptr<CudaKernel>> all;
  const std::scoped_lock lock(mutex);
  auto& kernel = all[source];
  if (!kernel) kernel = std::make_unique<CudaKernel>(std::move(source), "sequence");
  return *kernel;
}

void launch_together(const std::vector<FormulaCall>& calls) {
  if (calls.empty()) return;
  std::vector<KernelArgument> arguments;
  int64_t most = 1;
  for (const auto& call : calls) {
    arguments.push_back(as_argument(call.result));
    for (const auto& argument : call.arguments) arguments.push_back(as_argument(argument));
    most = std::max(most, call.elements().numel());
  }
  std::vector<const void*> pointers;
  for (const auto& argument : arguments) pointers.push_back(&argument);
  const auto threads = static_cast<unsigned>(std::min<int64_t>((most + 31) / 32 * 32, kMostThreads));
  kernel_of(sequence_source(calls)).launch({.threads = threads}, pointers.data());
}

}  // namespace

FormulaSequence::FormulaSequence() : outermost_(gathering == nullptr) {
  if (outermost_) gathering = this;
}

FormulaSequence::~FormulaSequence() {
  if (outermost_) gathering = nullptr;
}

FormulaSequence* FormulaSequence::current() {
  return gathering;
}

void FormulaSequence::launch() {
  for (const auto& operations : std::exchange(operations_, {})) operations();
  std::vector<FormulaCall> run;
  for (auto& call : std::exchange(calls_, {})) {
    if (call.elements().numel() <= kMostElements) {
      run.push_back(std::move(call));
      continue;
    }
    launch_together(std::exchange(run, {}));
    call.kernels->launch(call);
  }
  launch_together(run);
}

void finish_formulas() {
  if (gathering) gathering->launch();
}

void in_sequence(std::function<void()> operations) {
  if (gathering) return gathering->add(std::move(operations));
  operations();
}

std::string sequence_source(const std::vector<FormulaCall>& calls) {
  std::string parameters, body;
  bool sums = false;
  size_t count = 0;
  const auto next_argument = [&] {
    auto name = "a" + std::to_string(count);
    parameters += (count++ > 0 ? ", Argument " : "Argument ") + name;
    return name;
  };
  for (const auto& call : calls) {
    const auto result = next_argument();
    const auto box = kernel_box(call.elements());
    const auto all = std::to_string(box[0] * box[1] * box[2]), plane = std::to_string(box[1] * box[2]),
               rows = std::to_string(box[1]), columns = std::to_string(box[2]);
    body += "  {\n  double total = 0.0;\n  for (int at = threadIdx.x; at < " + all + "; at += blockDim.x) {\n";
    body += "    const int i = at / " + plane + ", j = at / " + columns + " % " + rows + ", k = at % " +
            columns + ";\n";
    for (size_t i = 0; i < call.arguments.size(); ++i)
      body += "    const float x" + std::to_string(i) + " = of(" + next_argument() + ", i, j, k);\n";
    const auto& formula = call.kernels->formula();
    if (call.sums()) {
      sums = true;
      body += "    total += (double)" + formula + ";\n  }\n  total = block_sum(total, part);\n";
      body += "  if (threadIdx.x == 0) *" + result + ".data = " + (call.adds ? "*" + result + ".data + " : "") +
              "(float)total * " + Symbol(call.share).text() + ";\n";
    } else {
      body += "    place_of(" + result + ", i, j, k) = " + formula + ";\n  }\n";
    }
    body += "  }\n  __syncthreads();\n";
  }
  return std::string(formula_prelude()) + "extern \"C\" __global__ void __launch_bounds__(" +
         std::to_string(kMostThreads) + ") sequence(" + parameters + ") {\n" +
         (sums ? "  __shared__ double part[32];\n" : "") + "  begin_kernel();\n" + body + "}\n";
}

}  // namespace vaco
