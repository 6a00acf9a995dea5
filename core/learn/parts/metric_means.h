// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <string>
#include <vector>

#include "core/device/compute.h"
#include "core/learn/algorithm.h"
#include "core/learn/parts/formula.h"
#include "core/learn/parts/tensor_state.h"

namespace vaco {

/// Sums of the training scalars, kept on the device and read once per log interval.
class MetricMeans {
 public:
  MetricMeans(const Compute& compute, std::vector<std::string> keys);

  /// Adds a one-element tensor to the k-th scalar's sum.
  void add(size_t k, const at::Tensor& value) {
    evaluate(
        slots_[k], [](auto sum, auto more) { return sum + more; }, slots_[k], value);
  }
  /// Adds the mean of a tensor's elements.
  void add_mean(size_t k, const at::Tensor& values) {
    add_mean(
        k, [](auto value) { return value; }, values);
  }
  /// Adds the mean of a formula over the elements of first (evaluate_sum).
  template <class Formula, class... Arguments>
  void add_mean(size_t k, const Formula& formula, const at::Tensor& first, const Arguments&... arguments) {
    evaluate_sum(term_, formula, first, arguments...);
    evaluate(
        slots_[k], [](auto sum, auto term, auto share) { return sum + term * share; }, slots_[k], term_,
        1.0 / static_cast<double>(first.numel()));
  }
  /// Adds the effective sample size (Σw)² / (B Σw²) of a batch's weights [B, 1], as a share.
  void add_effective_share(size_t k, const at::Tensor& weights);
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
  at::Tensor term_, square_;       ///< []
  at::Tensor count_;               ///< [] int64
};

}  // namespace vaco
