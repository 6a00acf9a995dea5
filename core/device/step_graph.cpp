// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/device/step_graph.h"

namespace vaco {
namespace {

StepObserver& observer() {
  thread_local StepObserver present;
  return present;
}

class PlainStep final : public StepGraph {
 public:
  void run(int64_t variant, const std::function<void()>& work) override {
    if (steps_are_observed())
      observed_step(variant, work);
    else
      work();
  }
};

}  // namespace

void observe_steps(StepObserver watching) {
  observer() = std::move(watching);
}

bool steps_are_observed() {
  return static_cast<bool>(observer());
}

void observed_step(int64_t variant, const std::function<void()>& work) {
  observer()(variant, work);
}

void run_beside(at::Device device, const std::function<void()>& first, const std::function<void()>& second) {
  if (device.is_cuda()) return run_beside_on_card(first, second);
  first();
  second();
}

std::unique_ptr<StepGraph> make_step_graph(at::Device device) {
  if (device.is_cuda()) return make_cuda_step_graph();
  return std::make_unique<PlainStep>();
}

}  // namespace vaco
