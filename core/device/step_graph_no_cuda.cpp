// SPDX-License-Identifier: GPL-3.0-or-later
// In place of step_graph_cuda.cpp where libtorch has no CUDA.
#include <stdexcept>

#include "core/device/step_graph.h"

namespace vaco {

void use_own_stream() {}

void run_beside_on_card(const std::function<void()>& /*first*/, const std::function<void()>& /*second*/) {
  throw std::logic_error("this build of libtorch has no CUDA");
}

std::unique_ptr<StepGraph> make_cuda_step_graph() {
  throw std::logic_error("this build has no CUDA");
}

}  // namespace vaco
