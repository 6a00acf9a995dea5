// SPDX-License-Identifier: GPL-3.0-or-later
// Compiled only where libtorch has CUDA.
#include <ATen/cuda/CUDAContext.h>
#include <ATen/cuda/CUDAEvent.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDACachingAllocator.h>
#include <c10/cuda/CUDAException.h>
#include <c10/cuda/CUDAGuard.h>
#include <c10/cuda/CUDAStream.h>
#include <cuda_runtime_api.h>

#include <map>
#include <mutex>
#include <vector>

#include "core/device/step_graph.h"

namespace vaco {
namespace {

/// Steps of a variant that run as plain calls: libraries set themselves up, and memory that is made at first
/// use is made outside of the graph.
constexpr int kPlainSteps = 3;

/// A step's work as a graph of its own. torch's class would ask its generators of random numbers at every
/// capture and replay, which several threads must not do at once, and which nothing here needs.
class CapturedGraph {
 public:
  explicit CapturedGraph(const std::function<void()>& work)
      : device_(c10::cuda::current_device()), pool_(at::cuda::graph_pool_handle()) {
    // One capture at a time: torch's memory is asked by every thread, and knows captures by their streams.
    static std::mutex capturing;
    const std::scoped_lock lock(capturing);
    const cudaStream_t stream = c10::cuda::getCurrentCUDAStream().stream();
    const auto id_of = [](cudaStream_t of) {
      cudaStreamCaptureStatus status = cudaStreamCaptureStatusNone;
      unsigned long long id = 0;
      C10_CUDA_CHECK(cudaStreamGetCaptureInfo(of, &status, &id));
      return status == cudaStreamCaptureStatusActive ? id : 0;
    };
    unsigned long long own = 0;
    c10::cuda::CUDACachingAllocator::beginAllocateToPool(device_, pool_, [&own, id_of](cudaStream_t of) {
      const auto id = id_of(of);
      return id != 0 && id == own;
    });
    cudaGraph_t graph = nullptr;
    // Other threads, which may train or look at policies on the same card, are not to disturb the capture.
    C10_CUDA_CHECK(cudaStreamBeginCapture(stream, cudaStreamCaptureModeThreadLocal));
    own = id_of(stream);
    try {
      work();
    } catch (...) {
      static_cast<void>(cudaStreamEndCapture(stream, &graph));
      c10::cuda::CUDACachingAllocator::endAllocateToPool(device_, pool_);
      throw;
    }
    C10_CUDA_CHECK(cudaStreamEndCapture(stream, &graph));
    c10::cuda::CUDACachingAllocator::endAllocateToPool(device_, pool_);
    C10_CUDA_CHECK(cudaGraphInstantiate(&ready_, graph, 0));
    C10_CUDA_CHECK(cudaGraphDestroy(graph));
  }
  ~CapturedGraph() {
    static_cast<void>(cudaGraphExecDestroy(ready_));
    c10::cuda::CUDACachingAllocator::releasePool(device_, pool_);
  }
  CapturedGraph(const CapturedGraph&) = delete;
  CapturedGraph& operator=(const CapturedGraph&) = delete;

  void replay() const { C10_CUDA_CHECK(cudaGraphLaunch(ready_, c10::cuda::getCurrentCUDAStream().stream())); }

 private:
  c10::DeviceIndex device_;
  c10::MempoolId_t pool_;
  cudaGraphExec_t ready_ = nullptr;
};

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
      entry.graph = std::make_unique<CapturedGraph>(work);
    }
    entry.graph->replay();
  }

 private:
  struct Variant {
    int plain_steps = 0;
    std::unique_ptr<CapturedGraph> graph;
  };
  std::map<int64_t, Variant> variants_;
};

/// Streams that only one thread uses at a time: torch's own are thirty-two, and come round again.
class OwnStreams {
 public:
  ~OwnStreams() {
    const std::scoped_lock lock(idle().mutex);
    for (const auto stream : taken_) idle().streams.push_back(stream);
  }
  c10::cuda::CUDAStream at(size_t index) {
    while (taken_.size() <= index) taken_.push_back(take());
    return c10::cuda::getStreamFromExternal(taken_[index], c10::cuda::current_device());
  }

 private:
  struct Idle {
    std::mutex mutex;
    std::vector<cudaStream_t> streams;  ///< of threads that have ended
  };
  static Idle& idle() {
    static Idle all;
    return all;
  }
  static cudaStream_t take() {
    {
      const std::scoped_lock lock(idle().mutex);
      if (!idle().streams.empty()) {
        const auto stream = idle().streams.back();
        idle().streams.pop_back();
        return stream;
      }
    }
    cudaStream_t stream = nullptr;
    C10_CUDA_CHECK(cudaStreamCreateWithFlags(&stream, cudaStreamNonBlocking));
    return stream;
  }
  std::vector<cudaStream_t> taken_;
};

thread_local OwnStreams own_streams;
thread_local size_t pairs_within = 0;  // run_beside_on_card() in another

}  // namespace

void use_own_stream() {
  if (c10::cuda::getCurrentCUDAStream() == c10::cuda::getDefaultCUDAStream())
    c10::cuda::setCurrentCUDAStream(own_streams.at(0));
}

void run_beside_on_card(const std::function<void()>& first, const std::function<void()>& second) {
  const auto own = c10::cuda::getCurrentCUDAStream(), side = own_streams.at(++pairs_within);
  struct Leave {
    ~Leave() { --pairs_within; }
  } const leave;
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
