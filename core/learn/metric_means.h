// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "core/learn/algorithm.h"
#include "core/learn/compute.h"
#include "core/learn/tensor_state.h"

namespace vaco {

/// Sums of the training scalars, kept on the device and read once per log interval.
class MetricMeans {
 public:
  MetricMeans(const Compute& compute, std::vector<std::string> keys);

  /// Adds a one-element tensor to the k-th scalar's sum.
  void add(size_t k, const at::Tensor& value);
  /// One more update has been summed up.
  void count();
  /// Means since the last call, then cleared; empty when nothing was counted.
  std::vector<MetricValue> take();

  void save(StateDict& state, const std::string& name) const;
  void load(StateLoader& loader, const std::string& name);

 private:
  std::vector<std::string> keys_;
  at::Tensor sums_;                ///< [keys]
  std::vector<at::Tensor> slots_;  ///< views of single elements of sums_
  at::Tensor count_;               ///< [] int64
};

}  // namespace vaco
