// SPDX-License-Identifier: GPL-3.0-or-later
// Sees torch's operations through a dispatch key that torch keeps for tests.
#include "tests/learn/step_log.h"

#include <ATen/ATen.h>
#include <ATen/core/dispatch/Dispatcher.h>
#include <c10/core/impl/LocalDispatchKeySet.h>
#include <torch/library.h>

#include <sstream>

#include "core/device/step_graph.h"

namespace vaco::testing {
namespace {

constexpr auto kKey = c10::DispatchKey::TESTING_ONLY_GenericMode;

struct Present {
  StepLog* log = nullptr;
  std::vector<at::Tensor> made;  ///< held, so that no later tensor of the step gets their memory
};
thread_local Present present;

const void* memory_of(const at::Tensor& tensor) {
  return tensor.storage().data();
}

bool is_made(const at::Tensor& tensor) {
  for (const auto& made : present.made)
    if (memory_of(made) == memory_of(tensor)) return true;
  return false;
}

template <class Take>
void for_tensors(const c10::IValue& value, Take&& take) {
  if (value.isTensor() && value.toTensor().defined()) take(value.toTensor());
  if (value.isTensorList())
    for (const at::Tensor& tensor : value.toTensorVector()) take(tensor);
}

void log_call(const std::string& name, c10::ArrayRef<c10::IValue> inputs) {
  auto& log = *present.log;
  std::ostringstream text;
  text << name;
  for (const auto& input : inputs) {
    if (input.isDouble() || input.isInt() || input.isBool() || input.isIntList() || input.isDevice())
      text << ' ' << input;
    for_tensors(input, [&](const at::Tensor& tensor) {
      if (!is_made(tensor)) log.memory.insert(memory_of(tensor));
    });
    if (name == "aten::to" && input.isDevice()) log.forbidden.push_back(name);
  }
  for (const char* reading : {"aten::_local_scalar_dense", "aten::item", "aten::is_nonzero", "aten::nonzero",
                              "aten::equal", "aten::masked_select"})
    if (name == reading) log.forbidden.push_back(name);
  log.calls.push_back(text.str());
}

/// What an operation calls in its turn is its own affair: on the CPU it may well read numbers.
void observe(const c10::OperatorHandle& op, c10::Stack* stack) {
  const size_t count = op.schema().arguments().size();
  log_call(op.schema().name(), c10::ArrayRef<c10::IValue>(*stack).slice(stack->size() - count, count));
  {
    const c10::impl::ExcludeDispatchKeyGuard once(kKey);
    op.callBoxed(stack);
  }
  const size_t results = op.schema().returns().size();
  for (const auto& output : c10::ArrayRef<c10::IValue>(*stack).slice(stack->size() - results, results))
    for_tensors(output, [](const at::Tensor& tensor) {
      if (!present.log->memory.contains(memory_of(tensor))) present.made.push_back(tensor);
    });
}

TORCH_LIBRARY_IMPL(_, TESTING_ONLY_GenericMode, m) {
  m.fallback(torch::CppFunction::makeFromBoxedFunction<&observe>());
}

}  // namespace

StepRecorder::StepRecorder() {
  observe_steps([this](int64_t variant, const std::function<void()>& work) {
    logs_.push_back({.variant = variant, .calls = {}, .memory = {}, .forbidden = {}});
    present.log = &logs_.back();
    {
      const c10::impl::IncludeDispatchKeyGuard watching(kKey);
      work();
    }
    present = {};
  });
}

StepRecorder::~StepRecorder() {
  observe_steps({});
}

}  // namespace vaco::testing
