// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>

namespace vaco {

/// Runs the part of a training step that the device does by itself. On the CPU that is a plain call. On a card
/// it is a call for the first steps of each variant; the next one is captured as a CUDA graph, and from then on
/// the graph is replayed, so that a step costs one launch. One thread.
class StepGraph {
 public:
  virtual ~StepGraph() = default;
  /// Does work's device operations. All work under one variant must be the same operations with the same
  /// numbers on the same memory: what changes from step to step must lie in tensors that are written in place
  /// between the runs, and nothing inside may read from the device or copy to it. What work does on the host is
  /// not repeated by a replay. Throws as torch does.
  virtual void run(int64_t variant, const std::function<void()>& work) = 0;
};

/// Called in place of the work of every step of this thread, which then is a plain call on a card too, and must
/// call it: how tests hold steps to the rules of StepGraph::run(), and vaco selftest compares graphs with plain
/// calls. Empty: nobody looks on.
using StepObserver = std::function<void(int64_t variant, const std::function<void()>& work)>;
void observe_steps(StepObserver observer);
[[nodiscard]] bool steps_are_observed();                                 ///< of this thread
void observed_step(int64_t variant, const std::function<void()>& work);  ///< by way of the observer there is

/// Gives this thread a stream of its own on the card for all it does there from now on: runs beside each other
/// do not wait for each other, and the default stream cannot be captured.
void use_own_stream();

/// Does both, which must not touch what the other writes: on a card beside each other, else one after the
/// other. May be captured, and stand within another.
void run_beside(at::Device device, const std::function<void()>& first, const std::function<void()>& second);
void run_beside_on_card(const std::function<void()>& first, const std::function<void()>& second);

/// The one for algorithms on this device.
std::unique_ptr<StepGraph> make_step_graph(at::Device device);

/// With CUDA's graphs. Throws std::logic_error in a build without CUDA, where no device can ask for it.
std::unique_ptr<StepGraph> make_cuda_step_graph();

}  // namespace vaco
