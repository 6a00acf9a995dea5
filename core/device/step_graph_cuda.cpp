// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled only where libtorch has CUDA.
#include <ATen/cuda/CUDAEvent.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <map>
#include <vector>

#include "core/device/step_graph.h"

namespace vaco {
namespace {

/// Steps of a variant that run as plain calls: libraries set themselves up, and memory that is made at first
/// use is made outside of the graph.
constexpr int kPlainSteps = 3;

class CudaStepGraph final : public StepGraph {
 public:
  void run(int64_t variant, const std::function<void()>& work) override {
    if (steps_are_observed()) {
      observed_step(variant, work);
      return;
    }
    auto& entry = variants_[variant];
    if (!entry.graph) {
      if (entry.plain_steps < kPlainSteps) {
        ++entry.plain_steps;
        work();
        return;
      }
      auto graph = std::make_unique<at::cuda::CUDAGraph>();
      // Other threads, which may train or look at policies on the same card, are not to disturb the capture.
      graph->capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
      work();
      graph->capture_end();
      entry.graph = std::move(graph);
    }
    entry.graph->replay();
  }

 private:
  struct Variant {
    int plain_steps = 0;
    std::unique_ptr<at::cuda::CUDAGraph> graph;
  };
  std::map<int64_t, Variant> variants_;
};

}  // namespace

void use_own_stream() {
  if (c10::cuda::getCurrentCUDAStream() == c10::cuda::getDefaultCUDAStream())
    c10::cuda::setCurrentCUDAStream(c10::cuda::getStreamFromPool());
}

void run_beside_on_card(const std::function<void()>& first, const std::function<void()>& second) {
  // A pair within a pair has a stream of its own.
  thread_local std::vector<c10::cuda::CUDAStream> sides;
  thread_local size_t depth = 0;
  if (depth == sides.size()) sides.push_back(c10::cuda::getStreamFromPool());
  const auto side = sides[depth], own = c10::cuda::getCurrentCUDAStream();
  struct Within {
    Within() { ++depth; }
    ~Within() { --depth; }
  } within;
  at::cuda::CUDAEvent fork, join;
  fork.record(own);
  fork.block(side);
  {
    const c10::cuda::CUDAStreamGuard guard(side);
    second();
  }
  first();
  join.record(side);
  join.block(own);
}

std::unique_ptr<StepGraph> make_cuda_step_graph() {
  return std::make_unique<CudaStepGraph>();
}

}  // namespace vaco
