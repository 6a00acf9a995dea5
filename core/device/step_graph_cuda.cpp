// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled only where libtorch has CUDA.
#include <ATen/cuda/CUDAEvent.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>

#include <map>

#include "core/device/step_graph.h"

namespace vaco {
namespace {

/// Steps of a variant that run as plain calls: libraries set themselves up, and memory that is made at first
/// use is made outside of the graph.
constexpr int kPlainSteps = 3;

class CudaStepGraph final : public StepGraph {
 public:
  void run(int64_t variant, const std::function<void()>& work) override {
    auto& entry = variants_[variant];
    if (!entry.graph) {
      if (entry.plain_steps < kPlainSteps) {
        ++entry.plain_steps;
        aside(work);
        return;
      }
      auto graph = std::make_unique<at::cuda::CUDAGraph>();
      aside([&] {
        // Other threads, which may train or look at policies on the same card, are not to disturb the capture.
        graph->capture_begin({0, 0}, cudaStreamCaptureModeThreadLocal);
        work();
        graph->capture_end();
      });
      entry.graph = std::move(graph);
    }
    entry.graph->replay();
  }

 private:
  /// Calls work with side_ as the current stream, in order with the work before and after: the default stream
  /// cannot be captured, and what is captured must have run once on the same stream.
  void aside(const std::function<void()>& work) {
    const auto outer = c10::cuda::getCurrentCUDAStream();
    at::cuda::CUDAEvent before, after;
    before.record(outer);
    before.block(side_);
    {
      const c10::cuda::CUDAStreamGuard guard(side_);
      work();
    }
    after.record(side_);
    after.block(outer);
  }

  struct Variant {
    int plain_steps = 0;
    std::unique_ptr<at::cuda::CUDAGraph> graph;
  };
  c10::cuda::CUDAStream side_ = c10::cuda::getStreamFromPool();
  std::map<int64_t, Variant> variants_;
};

}  // namespace

std::unique_ptr<StepGraph> make_cuda_step_graph() {
  return std::make_unique<CudaStepGraph>();
}

}  // namespace vaco
